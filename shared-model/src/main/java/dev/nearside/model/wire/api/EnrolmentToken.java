package dev.nearside.model.wire.api;

import java.time.Instant;

/// A token that enrols one edge, once.
public record EnrolmentToken(String token, Instant expiresAt) {
    /// Never shows the token, wherever it is printed.
    @Override
    public String toString() {
        return "EnrolmentToken[expires " + expiresAt + "]";
    }
}

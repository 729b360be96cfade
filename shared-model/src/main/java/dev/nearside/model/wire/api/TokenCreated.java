package dev.nearside.model.wire.api;

import java.time.Instant;

/// A new API token, shown this once.
public record TokenCreated(String id, String name, String role, Instant createTime, String token) {
    /// Never shows the token, wherever it is printed.
    @Override
    public String toString() {
        return "TokenCreated[" + id + ", " + name + ", " + role + "]";
    }
}

package dev.nearside.model.wire.api;

import java.time.Instant;

/// Who is logged in.
///
/// @param token bearer token of the session
/// @param role `viewer`, `operator` or `admin`
public record Session(String token, Instant expiresAt, String username, String role) {
    /// Never shows the token, wherever it is printed.
    @Override
    public String toString() {
        return "Session[" + username + ", " + role + "]";
    }
}

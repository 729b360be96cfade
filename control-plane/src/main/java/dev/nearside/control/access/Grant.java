package dev.nearside.control.access;

import dev.nearside.control.http.Role;
import java.time.Instant;
import java.util.Optional;

/// What a bearer secret stands for: the session of an operator, or the token of a script.
///
/// @param username whose session it is; empty for a token
/// @param name the user name, or what the token was called when it was made
/// @param expiresAt empty if it lasts until it is deleted
public record Grant(
        String id, Optional<String> username, String name, Role role, Instant createdAt, Optional<Instant> expiresAt) {

    boolean isLive(Instant now) {
        return expiresAt.map(now::isBefore).orElse(true);
    }
}

package dev.nearside.model.wire.api;

import org.jspecify.annotations.Nullable;

/// POST /login.
public record Login(@Nullable String username, @Nullable String password) {
    /// Never shows the password, wherever it is printed.
    @Override
    public String toString() {
        return "Login[" + username + "]";
    }
}

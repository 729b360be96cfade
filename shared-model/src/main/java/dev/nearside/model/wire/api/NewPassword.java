package dev.nearside.model.wire.api;

import org.jspecify.annotations.Nullable;

/// POST /password.
///
/// @param password the present one
/// @param newPassword the one that takes its place
public record NewPassword(
        @Nullable String password, @Nullable String newPassword) {
    /// Shows neither, wherever it is printed.
    @Override
    public String toString() {
        return "NewPassword[]";
    }
}

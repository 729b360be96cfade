package dev.nearside.control.http;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// How much an operator or a token may do; each role may do all that the ones before it may.
public enum Role {
    VIEWER,
    OPERATOR,
    ADMIN;

    public boolean covers(Role needed) {
        return compareTo(needed) >= 0;
    }

    /// The word of the API and of the database.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Role> of(String word) {
        return Arrays.stream(values()).filter(role -> role.word().equals(word)).findFirst();
    }
}

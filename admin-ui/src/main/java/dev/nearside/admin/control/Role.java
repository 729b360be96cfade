package dev.nearside.admin.control;

import java.util.Locale;

/// What somebody may do. The control plane decides each time; the console only spares people the attempt.
public enum Role {
    VIEWER,
    OPERATOR,
    ADMIN;

    /// The role by its name in the API; an unknown one may look and no more.
    public static Role named(String name) {
        for (var role : values()) {
            if (role.word().equals(name.toLowerCase(Locale.ROOT))) return role;
        }
        return VIEWER;
    }

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public boolean includes(Role other) {
        return compareTo(other) >= 0;
    }
}

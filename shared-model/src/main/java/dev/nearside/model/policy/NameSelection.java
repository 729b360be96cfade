package dev.nearside.model.policy;

import java.util.Set;

/// Which query parameters or cookies a policy selects; names compare with their case (CF§2.3).
public sealed interface NameSelection {

    record None() implements NameSelection {}

    record All() implements NameSelection {}

    record Only(Set<String> names) implements NameSelection {
        public Only {
            names = Set.copyOf(names);
        }
    }

    record AllExcept(Set<String> names) implements NameSelection {
        public AllExcept {
            names = Set.copyOf(names);
        }
    }

    default boolean selects(String name) {
        return switch (this) {
            case None() -> false;
            case All() -> true;
            case Only(var names) -> names.contains(name);
            case AllExcept(var names) -> !names.contains(name);
        };
    }
}

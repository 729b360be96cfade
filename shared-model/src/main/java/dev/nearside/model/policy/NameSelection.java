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

    /// Names that match one of these patterns, in which `*` stands for any characters and `?` for one: the cookies
    /// of a behavior without policies (CF§2.7).
    record Matching(Set<String> patterns) implements NameSelection {
        public Matching {
            patterns = Set.copyOf(patterns);
        }

        private boolean matches(String name) {
            for (var pattern : patterns) if (Wildcard.matches(pattern, name)) return true;
            return false;
        }
    }

    default boolean selects(String name) {
        return switch (this) {
            case None() -> false;
            case All() -> true;
            case Only(var names) -> names.contains(name);
            case AllExcept(var names) -> !names.contains(name);
            case Matching matching -> matching.matches(name);
        };
    }
}

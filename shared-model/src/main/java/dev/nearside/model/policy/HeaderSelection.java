package dev.nearside.model.policy;

import java.util.Set;

/// Which viewer headers an origin gets to see (CF§5.1); names are lower case.
public sealed interface HeaderSelection {

    record None() implements HeaderSelection {}

    record Only(Set<String> names) implements HeaderSelection {
        public Only {
            names = Set.copyOf(names);
        }
    }

    record AllViewer() implements HeaderSelection {}

    /// All that the viewer sent, and these `CloudFront-*` headers.
    record AllViewerAndCloudFront(Set<String> names) implements HeaderSelection {
        public AllViewerAndCloudFront {
            names = Set.copyOf(names);
        }
    }

    record AllExcept(Set<String> names) implements HeaderSelection {
        public AllExcept {
            names = Set.copyOf(names);
        }
    }

    /// Whether a header that the viewer sent goes to the origin.
    default boolean selects(String lowerCaseName) {
        return switch (this) {
            case None() -> false;
            case Only(var names) -> names.contains(lowerCaseName);
            case AllViewer _, AllViewerAndCloudFront _ -> true;
            case AllExcept(var names) -> !names.contains(lowerCaseName);
        };
    }
}

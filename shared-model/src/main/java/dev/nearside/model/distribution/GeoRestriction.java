package dev.nearside.model.distribution;

import java.util.Set;

/// Viewers of which countries a distribution answers (CF§1.9); countries are ISO 3166-1 alpha-2, upper case.
public sealed interface GeoRestriction {

    record None() implements GeoRestriction {}

    /// CloudFront's `whitelist`.
    record Only(Set<String> countries) implements GeoRestriction {
        public Only {
            countries = Set.copyOf(countries);
        }
    }

    /// CloudFront's `blacklist`.
    record AllExcept(Set<String> countries) implements GeoRestriction {
        public AllExcept {
            countries = Set.copyOf(countries);
        }
    }

    /// Whether viewers of that country, which is known, are answered.
    default boolean allows(String country) {
        return switch (this) {
            case None() -> true;
            case Only(var countries) -> countries.contains(country);
            case AllExcept(var countries) -> !countries.contains(country);
        };
    }
}

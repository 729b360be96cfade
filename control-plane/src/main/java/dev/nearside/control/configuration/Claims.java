package dev.nearside.control.configuration;

import java.util.Set;

/// What a document takes for itself and leans on; only distributions do.
///
/// @param policies the ids of all policies that its behaviors select
public record Claims(Set<String> aliases, Set<String> policies) {
    public static final Claims NONE = new Claims(Set.of(), Set.of());

    public Claims {
        aliases = Set.copyOf(aliases);
        policies = Set.copyOf(policies);
    }
}

package dev.nearside.model.policy;

import java.util.List;
import java.util.Set;

/// What a behavior without policies forwards to its origin, and by that mostly keys on (CF§2.7).
///
/// @param queryString whether the query goes to the origin at all
/// @param queryStringKeys the parameters in the key where only some of those forwarded are; empty for all of them
/// @param headers names forwarded and in the key, lower case; `*` alone forwards all and switches caching off
/// @param cookies forwarded and in the key
public record ForwardedValues(
        boolean queryString, Set<String> queryStringKeys, List<String> headers, NameSelection cookies) {
    public ForwardedValues {
        queryStringKeys = Set.copyOf(queryStringKeys);
        headers = List.copyOf(headers);
    }

    /// Every header goes to the origin and nothing is cached.
    public boolean forwardsAllHeaders() {
        return headers.contains("*");
    }
}

package dev.nearside.model.policy;

import java.util.List;

/// What tells one cached object from another, and how long objects live (CF§2).
///
/// @param managed one of CloudFront's own, which cannot be changed
/// @param headers names in the key, lower case, sorted
/// @param gzip whether the key distinguishes viewers who accept gzip
/// @param brotli whether the key distinguishes viewers who accept Brotli
public record CachePolicy(
        PolicyId id,
        String name,
        boolean managed,
        TtlBounds ttl,
        List<String> headers,
        NameSelection cookies,
        NameSelection queryStrings,
        boolean gzip,
        boolean brotli,
        Reuse reuse) {
    public CachePolicy {
        headers = headers.stream().sorted().toList();
    }
}

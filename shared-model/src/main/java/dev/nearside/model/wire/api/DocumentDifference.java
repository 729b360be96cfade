package dev.nearside.model.wire.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// How one document of a configuration differs from what it was.
///
/// @param kind `distribution`, `cache-policy`, `origin-request-policy` or `response-headers-policy`
/// @param change `added`, `removed` or `changed`
/// @param before its version before; absent if added
/// @param after its version after; absent if removed
public record DocumentDifference(
        String kind,
        String id,
        String name,
        String change,
        @Nullable Long before,
        @Nullable Long after,
        List<Difference> differences) {}

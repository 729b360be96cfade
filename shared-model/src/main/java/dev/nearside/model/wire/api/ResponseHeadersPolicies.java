package dev.nearside.model.wire.api;

import dev.nearside.model.wire.ResponseHeadersPolicyDocument;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// GET /response-headers-policies.
public record ResponseHeadersPolicies(List<Item> items) {

    /// A policy in its latest version.
    ///
    /// @param type `managed` or `custom`; managed ones have version 1 and no time
    /// @param usedBy names of the distributions that refer to it
    public record Item(
            String id,
            String type,
            long version,
            String etag,
            @Nullable Instant lastModifiedTime,
            @Nullable String author,
            @Nullable String comment,
            List<String> usedBy,
            ResponseHeadersPolicyDocument config) {}
}

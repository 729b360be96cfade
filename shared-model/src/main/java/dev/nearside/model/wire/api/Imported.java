package dev.nearside.model.wire.api;

import java.util.List;

/// What POST /config did.
public record Imported(List<Item> items) {

    /// One document of the import.
    ///
    /// @param kind `distribution`, `cache-policy`, `origin-request-policy` or `response-headers-policy`
    /// @param change `created`, `updated` or `unchanged`
    public record Item(String kind, String id, String name, long version, String change) {}
}

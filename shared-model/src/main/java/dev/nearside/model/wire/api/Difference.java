package dev.nearside.model.wire.api;

import jakarta.json.JsonValue;
import org.jspecify.annotations.Nullable;

/// One place in which two versions of a document differ.
///
/// @param path as `origins[site].httpPort`; empty for the whole document
/// @param change `added`, `removed`, `changed` or `moved`
/// @param before what was there; absent if added; the index of what moved
/// @param after what is there; absent if removed; the index of what moved
public record Difference(
        String path,
        String change,
        @Nullable JsonValue before,
        @Nullable JsonValue after) {}

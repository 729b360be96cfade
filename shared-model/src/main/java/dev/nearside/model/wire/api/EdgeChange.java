package dev.nearside.model.wire.api;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// PUT /edges/{id}: what an operator may say about an edge.
///
/// @param labels all of its labels from now on, to choose it by; required, and may be empty
public record EdgeChange(@Nullable Map<String, String> labels) {}

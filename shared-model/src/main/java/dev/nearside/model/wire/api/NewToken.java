package dev.nearside.model.wire.api;

import org.jspecify.annotations.Nullable;

/// POST /tokens.
public record NewToken(@Nullable String name, @Nullable String role) {}

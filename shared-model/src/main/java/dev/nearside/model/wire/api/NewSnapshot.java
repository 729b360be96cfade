package dev.nearside.model.wire.api;

import org.jspecify.annotations.Nullable;

/// POST /snapshots: publishes the latest versions.
public record NewSnapshot(@Nullable String comment) {}

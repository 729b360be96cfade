package dev.nearside.model.wire.api;

import org.jspecify.annotations.Nullable;

/// POST /snapshots: publishes the latest versions.
///
/// @param rollout how it is tried first; absent to give it to all edges at once
public record NewSnapshot(
        @Nullable String comment, @Nullable NewRollout rollout) {}

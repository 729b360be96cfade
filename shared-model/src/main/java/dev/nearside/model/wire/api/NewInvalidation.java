package dev.nearside.model.wire.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// POST /distributions/{id}/invalidations.
///
/// @param callerReference a repeated one with the same paths answers with the earlier invalidation
public record NewInvalidation(
        @Nullable List<String> paths, @Nullable String callerReference) {}

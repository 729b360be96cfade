package dev.nearside.model.wire.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// POST /distributions/{id}/invalidations.
///
/// @param paths each begins with `/`, or is a tag that begins with `#`
/// @param callerReference a repeated one with the same order answers with the earlier invalidation
/// @param soft whether what is reached becomes stale, and may be confirmed by its origin, instead of being removed
public record NewInvalidation(
        @Nullable List<String> paths,
        @Nullable String callerReference,
        @Nullable Boolean soft) {}

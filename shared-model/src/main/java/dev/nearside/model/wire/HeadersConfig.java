package dev.nearside.model.wire;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which headers a policy selects.
///
/// @param headerBehavior `none` or `whitelist`; in an origin request policy also `allViewer`,
///     `allViewerAndWhitelistCloudFront` and `allExcept`
public record HeadersConfig(
        @Nullable String headerBehavior, @Nullable List<String> headers) {}

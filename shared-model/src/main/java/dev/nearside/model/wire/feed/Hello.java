package dev.nearside.model.wire.feed;

import org.jspecify.annotations.Nullable;

/// First event of a feed: how far the log goes.
///
/// @param oldestPosition the lowest position from which the log can be followed without a gap
/// @param snapshotVersion the current snapshot; 0 before the first is published
/// @param drained whether the edge should get no new viewers; absent: it should
public record Hello(
        String epoch,
        long oldestPosition,
        long headPosition,
        long snapshotVersion,
        @Nullable Boolean drained) {}

package dev.nearside.model.wire.api;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How a snapshot is tried on some edges before the others get it.
///
/// @param duration how long it is watched, like `10m`
/// @param guards what is watched; those that Nearside proposes if absent
public record NewRollout(
        @Nullable Canaries canaries,
        @Nullable String duration,
        @Nullable Guards guards) {

    /// Which edges try it; one of the two.
    ///
    /// @param labels edges that carry all of these
    /// @param percentage of the fleet, 1 to 99
    public record Canaries(
            @Nullable Map<String, String> labels, @Nullable Integer percentage) {}

    /// How much worse the canaries may be than the edges that still run the snapshot before. An absent guard is not
    /// watched.
    ///
    /// @param maxServerErrorIncrease of answers with a status of 500 or above, in percentage points of all answers
    /// @param maxHitRatioDrop of the request hit ratio, in percentage points
    /// @param maxLatencyRatio how many times as long the 95th percentile of the time to the first byte may be
    /// @param minRequests how many requests each side must have answered before anything is concluded
    public record Guards(
            @Nullable Double maxServerErrorIncrease,
            @Nullable Double maxHitRatioDrop,
            @Nullable Double maxLatencyRatio,
            @Nullable Integer minRequests) {}
}

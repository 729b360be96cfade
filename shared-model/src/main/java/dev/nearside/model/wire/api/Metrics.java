package dev.nearside.model.wire.api;

import java.time.Instant;
import java.util.List;

/// GET /metrics: what all edges, or one of them, answered over time.
///
/// @param step seconds that each point covers
public record Metrics(int step, List<Point> points) {

    /// Requests and bytes to viewers by result class, disjoint: they add up to all requests and all bytes.
    ///
    /// @param at the start of the interval
    /// @param originBytes body bytes received from origins
    public record Point(
            Instant at,
            long hits,
            long refreshHits,
            long stales,
            long collapsed,
            long misses,
            long passes,
            long errors,
            long hitBytes,
            long refreshHitBytes,
            long staleBytes,
            long collapsedBytes,
            long missBytes,
            long passBytes,
            long errorBytes,
            long originBytes) {}
}

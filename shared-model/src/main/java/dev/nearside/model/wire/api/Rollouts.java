package dev.nearside.model.wire.api;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// GET /rollouts, newest first.
public record Rollouts(List<Item> items) {

    /// One rollout; known by the snapshot that it tries.
    ///
    /// @param etag of the state, for `If-Match`; figures do not change it
    /// @param snapshotVersion the snapshot that is tried
    /// @param previousVersion the snapshot that the other edges run
    /// @param finalVersion what every edge runs afterwards; absent before the end
    /// @param state `starting`, `watching`, `promoted` or `rolled-back`
    /// @param plan as it was asked for, with what Nearside proposed where nothing was said
    /// @param watchedUntil when it is promoted if no guard is broken; later if there is too little traffic by then
    /// @param lostSince since when too few canaries can be reached; absent while enough can
    /// @param endedBy `rollout` if nobody ended it by hand
    /// @param reason why it ended as it did, with the figures
    /// @param figures what was last seen; absent before the watch begins
    /// @param canaries the edges that are to try it; only before the end
    public record Item(
            String etag,
            long snapshotVersion,
            long previousVersion,
            @Nullable Long finalVersion,
            String state,
            NewRollout plan,
            String author,
            String comment,
            Instant startTime,
            @Nullable Instant watchedSince,
            @Nullable Instant watchedUntil,
            @Nullable Instant lostSince,
            @Nullable Instant endTime,
            @Nullable String endedBy,
            @Nullable String reason,
            @Nullable Figures figures,
            List<Snapshots.EdgeState> canaries) {}

    /// What both sides answered in the same time.
    ///
    /// @param at when it was looked at
    public record Figures(Instant at, long canaryRequests, long otherRequests, List<Guard> guards) {}

    /// What one guard says.
    ///
    /// @param name `serverErrors` and `hitRatio` in per cent, `latency` as the 95th percentile in milliseconds
    /// @param canaries absent while they answered nothing
    /// @param others absent while they answered nothing
    /// @param allowed percentage points; for `latency` how many times as long
    /// @param state `fine`, `broken` or `too-little-traffic`
    public record Guard(
            String name,
            @Nullable Double canaries,
            @Nullable Double others,
            double allowed,
            String state) {}
}

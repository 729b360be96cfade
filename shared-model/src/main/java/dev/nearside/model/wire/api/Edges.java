package dev.nearside.model.wire.api;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// GET /edges.
public record Edges(List<Item> items) {

    /// One enrolled edge as its last report told.
    ///
    /// @param state `connected`, `unreachable`, or `enrolled` before its first report
    /// @param snapshotVersion which snapshot it runs
    /// @param certificateProblems which certificates it cannot show, and why
    /// @param refusedSnapshot which snapshot it refused, and why in `refusal`
    public record Item(
            String id,
            String name,
            String state,
            Instant enrolTime,
            @Nullable Instant lastSeen,
            @Nullable Instant startTime,
            @Nullable String version,
            @Nullable Long snapshotVersion,
            @Nullable Long refusedSnapshot,
            @Nullable String refusal,
            long logPosition,
            long memoryUsed,
            long memoryLimit,
            long diskUsed,
            long diskLimit,
            long objects,
            boolean recovered,
            List<String> certificateProblems) {}
}

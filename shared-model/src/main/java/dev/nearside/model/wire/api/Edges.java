package dev.nearside.model.wire.api;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// GET /edges.
public record Edges(List<Item> items) {

    /// One enrolled edge as its last report told.
    ///
    /// @param state `connected`, `unreachable`, or `enrolled` before its first report
    /// @param etag changes with the labels and with whatever else an operator decides about the edge
    /// @param labels to choose it by
    /// @param drained whether load balancers are asked to leave it out, and receipts do not wait for it
    /// @param credentialTime since when it uses its credential
    /// @param rotationOrderTime when it was told to fetch a new one; absent once the new one was used
    /// @param snapshotVersion which snapshot it runs
    /// @param refusedSnapshot which snapshot it refused, and why in `refusal`
    public record Item(
            String id,
            String name,
            String state,
            String etag,
            Map<String, String> labels,
            boolean drained,
            @Nullable Instant drainTime,
            Instant credentialTime,
            @Nullable Instant rotationOrderTime,
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
            boolean recovered) {}
}

package dev.nearside.model.wire.api;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// GET /distributions/{id}/invalidations, and GET /invalidations over all distributions, newest first.
///
/// @param maxItems how many a page holds at most
/// @param nextMarker `marker` of the next page; absent on the last
public record Invalidations(
        List<Item> items, int maxItems, @Nullable String nextMarker) {

    /// One invalidation with its receipts.
    ///
    /// @param position its number in the log of all invalidations
    /// @param status `Completed` when every enrolled edge that is not drained has applied it, else `InProgress`
    /// @param completeTime when the last of them had; absent while it is in progress
    /// @param pathCount how many paths and tags it names
    /// @param paths all of them; in a list the first few
    /// @param soft whether what is reached became stale instead of being removed
    /// @param edges what every edge made of it; absent in a list
    public record Item(
            String id,
            String distributionId,
            long position,
            String status,
            Instant createTime,
            @Nullable Instant completeTime,
            String author,
            int pathCount,
            List<String> paths,
            @Nullable Boolean soft,
            @Nullable String callerReference,
            Summary summary,
            @Nullable List<Receipt> edges) {}

    /// How many of the edges came how far.
    ///
    /// @param drained edges that are waited for by nobody, however far they came; not among the others
    public record Summary(int applied, int waiting, int unreachable, int drained) {

        /// Edges that have to apply it.
        public int expected() {
            return applied + waiting + unreachable;
        }
    }

    /// What one edge made of it.
    ///
    /// @param state `applied`, `waiting`, `unreachable`, or `drained`: not applied, and nobody waits for it
    /// @param since when it became so; absent for `waiting`
    /// @param drained `true` if the edge is, whether it has applied it or not
    public record Receipt(
            String name,
            String state,
            @Nullable Instant since,
            @Nullable Boolean drained) {}
}

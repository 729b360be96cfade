package dev.nearside.model.wire.api;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// GET /distributions/{id}/invalidations, newest first.
public record Invalidations(List<Item> items) {

    /// One invalidation with its receipts.
    ///
    /// @param position its number in the log of all invalidations
    /// @param soft whether what is reached became stale instead of being removed
    /// @param status `Completed` when every enrolled edge has applied it, else `InProgress`
    public record Item(
            String id,
            String distributionId,
            long position,
            String status,
            Instant createTime,
            String author,
            List<String> paths,
            @Nullable Boolean soft,
            @Nullable String callerReference,
            List<Receipt> edges) {}

    /// What one edge made of it.
    ///
    /// @param state `applied`, `waiting` or `unreachable`
    /// @param since when it became so; absent for `waiting`
    public record Receipt(
            String name, String state, @Nullable Instant since) {}
}

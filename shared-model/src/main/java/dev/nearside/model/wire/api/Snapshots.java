package dev.nearside.model.wire.api;

import java.time.Instant;
import java.util.List;

/// GET /snapshots, newest first.
///
/// @param unpublishedChanges how many distributions and policies have a newer version than the current snapshot
public record Snapshots(List<Item> items, int unpublishedChanges) {

    /// One snapshot.
    ///
    /// @param hash of its content
    /// @param edges what each edge that is to run it made of it; two snapshots have such
    ///     edges while one of them is on trial
    public record Item(
            long version, String hash, Instant createTime, String author, String comment, List<EdgeState> edges) {}

    /// What one edge made of it.
    ///
    /// @param state `applied`, `waiting`, `refused` or `unreachable`
    public record EdgeState(String name, String state) {}
}

package dev.nearside.control.fleet;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What the feed carries, as it was committed.
public interface FeedLog {

    /// Where the log and the snapshots stand.
    ///
    /// @param epoch which log the positions belong to
    /// @param position of the latest invalidation; 0 if there was none
    /// @param oldestPosition of the oldest invalidation still kept
    /// @param snapshotVersion the latest snapshot; 0 if there is none
    record Head(String epoch, long position, long oldestPosition, long snapshotVersion) {}

    /// One invalidation of the log.
    record Order(long position, String id, String distributionId, List<String> paths, boolean soft, Instant createdAt) {
        public Order {
            paths = List.copyOf(paths);
        }
    }

    /// A snapshot as edges receive it.
    ///
    /// @param document the JSON of a configuration document
    record Published(long version, String hash, String document) {}

    Head head();

    /// The next invalidations after a position, in order: fewer than asked for if they are long, but at least one if
    /// there is one.
    List<Order> after(long position, int atMost);

    /// Which snapshot each edge is to run, as of one moment.
    Targets targets();

    Optional<Published> snapshot(long version);
}

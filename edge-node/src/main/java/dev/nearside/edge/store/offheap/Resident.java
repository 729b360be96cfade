package dev.nearside.edge.store.offheap;

import dev.nearside.edge.key.CacheKey.Digest;
import org.jspecify.annotations.Nullable;

/// An object that somebody reads: one that can be found, or one that was replaced or evicted meanwhile and whose cells
/// are kept until nobody reads them. All of it belongs to its {@link Index}, under whose lock it is read and changed.
final class Resident {

    final Digest digest;
    final int cell;
    int holders;
    boolean isLive = true;

    /// What becomes free with the last reader, once the record is gone.
    @Nullable
    Runs leavings;

    /// @param cell where the record is
    Resident(Digest digest, int cell) {
        this.digest = digest;
        this.cell = cell;
    }
}

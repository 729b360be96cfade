package dev.nearside.edge.store.offheap;

import dev.nearside.edge.key.CacheKey.Digest;
import org.jspecify.annotations.Nullable;

/// An object that owns blocks: one that can be found, or one that was replaced or evicted and is still being read.
/// All of it belongs to its {@link Index}, under whose lock it is read and changed.
final class Resident {

    final Digest digest;
    final int[] slots;
    int[] detailSlots;
    long generation;
    // The index itself while the object can be found, and each reader.
    int holders = 1;
    boolean isLive = true;
    boolean wasVisited;

    @Nullable
    Resident older;

    @Nullable
    Resident newer;

    Resident(Digest digest, int[] slots, int[] detailSlots, long generation) {
        this.digest = digest;
        this.slots = slots;
        this.detailSlots = detailSlots;
        this.generation = generation;
    }
}

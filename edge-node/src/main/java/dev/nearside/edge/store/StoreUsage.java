package dev.nearside.edge.store;

import dev.nearside.edge.store.offheap.DiskTier;

/// How full the store is, in bytes; whether all of what was stored before the start is back; and how it is with each
/// tier.
public record StoreUsage(
        long memoryUsed,
        long memoryLimit,
        long diskUsed,
        long diskLimit,
        long objects,
        boolean recovered,
        Memory memory,
        DiskTier.State disk,
        Invalidations invalidations) {

    /// How it is with the memory tier.
    ///
    /// @param objects in it
    /// @param evictions objects that went to make room
    public record Memory(long objects, long evictions) {}

    /// What invalidations make the store do.
    ///
    /// @param rules that are not folded away yet
    /// @param swept objects that were looked at since the start
    /// @param reclaimed bytes on disk that were freed by it
    public record Invalidations(long rules, long swept, long reclaimed) {}
}

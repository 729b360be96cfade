package dev.nearside.edge.store;

import dev.nearside.edge.store.offheap.DiskTier;

/// How full the store is, in bytes; whether all of what was stored before the start is back; and how it is with the
/// disk.
public record StoreUsage(
        long memoryUsed,
        long memoryLimit,
        long diskUsed,
        long diskLimit,
        long objects,
        boolean recovered,
        DiskTier.State disk) {}

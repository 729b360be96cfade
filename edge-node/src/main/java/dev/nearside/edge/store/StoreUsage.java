package dev.nearside.edge.store;

/// How full the store is, in bytes; and whether all of what was stored before the start is back.
public record StoreUsage(
        long memoryUsed, long memoryLimit, long diskUsed, long diskLimit, long objects, boolean recovered) {}

package dev.nearside.edge.store;

/// How full the store is, in bytes; and whether all of what was stored before the start is back.
public record StoreUsage(
        long memoryUsed,
        long memoryLimit,
        long diskUsed,
        long diskLimit,
        long objects,
        boolean recovered,
        Invalidations invalidations) {

    /// What invalidations make the store do.
    ///
    /// @param rules that are not folded away yet
    /// @param swept objects that were looked at since the start
    /// @param reclaimed bytes on disk that were freed by it
    public record Invalidations(long rules, long swept, long reclaimed) {}
}

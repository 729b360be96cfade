package dev.nearside.edge.store;

import dev.nearside.edge.store.evict.Goal;
import dev.nearside.edge.store.heap.HeapTier;
import dev.nearside.edge.store.offheap.DiskTier;
import java.nio.file.Path;
import java.util.List;

/// What the store may take.
///
/// @param directory the store's own; made if it is not there
/// @param memory bytes for bodies and heads that lie in memory, those being gathered among them
/// @param disk bytes for the files that hold objects; reserved at once
/// @param shards how many parts the disk tier has; each is damaged and recovered for itself
/// @param goal what the disk tier saves when it is full
public record StoreSettings(Path directory, long memory, long disk, int shards, Goal goal) {

    /// In bytes: less memory would hold nothing.
    public static final long SMALLEST_MEMORY = 4L << 20;

    private static final long USUAL_SHARD = 256L << 20;
    private static final int FEWEST_SHARDS = 2;

    /// An object takes a quarter of a shard at most: so few shards that this is a good part of the cache.
    private static final int MOST_SHARDS = 12;

    /// This part of the memory is for bodies under way, the others for those that are whole.
    private static final int GATHERING_SHARE = 8;

    /// In bytes: the smallest disk tier that {@link #of} can lay out.
    public static final long SMALLEST_DISK = FEWEST_SHARDS * DiskTier.SMALLEST_SHARD;

    public StoreSettings {
        if (memory < SMALLEST_MEMORY) {
            throw new IllegalArgumentException(
                    "cache in memory: %d bytes (expected: at least %d)".formatted(memory, SMALLEST_MEMORY));
        }
        if (shards < 1) throw new IllegalArgumentException("shards: %d (expected: one or more)".formatted(shards));
        if (disk / shards < DiskTier.SMALLEST_SHARD) {
            throw new IllegalArgumentException("cache on disk: %d bytes in %d shards (expected: at least %d in each)"
                    .formatted(disk, shards, DiskTier.SMALLEST_SHARD));
        }
    }

    /// To save requests to origins.
    public StoreSettings(Path directory, long memory, long disk, int shards) {
        this(directory, memory, disk, shards, Goal.ORIGIN_REQUESTS);
    }

    /// With as many shards as suit the size: enough to recover them side by side, few enough to hold large objects.
    public static StoreSettings of(Path directory, long memory, long disk, Goal goal) {
        int shards = Math.clamp(disk / USUAL_SHARD, FEWEST_SHARDS, MOST_SHARDS);
        return new StoreSettings(directory, memory, disk, shards, goal);
    }

    /// In bytes: the memory for bodies that are still arriving.
    long gathering() {
        return memory / GATHERING_SHARE;
    }

    /// What follows from the settings, a line for each tier.
    public List<String> plan() {
        var tier = DiskTier.plan(disk, shards);
        long whole = memory - gathering();
        return List.of(
                "Cache in memory: %s for objects of up to %s, %s for bodies that are arriving"
                        .formatted(size(whole), size(HeapTier.objectLimit(whole)), size(gathering())),
                "Cache on disk: %s in %d shards, all of it reserved; %,d cells of %d bytes; objects of up to %s"
                        .formatted(size(disk), shards, tier.cells(), tier.cellBytes(), size(tier.objectLimit())));
    }

    private static String size(long bytes) {
        if (bytes >= 10L << 30) return "%.1f GB".formatted((double) bytes / (1L << 30));
        return bytes >= 10L << 20 ? "%d MB".formatted(bytes >> 20) : "%d KB".formatted(bytes >> 10);
    }
}

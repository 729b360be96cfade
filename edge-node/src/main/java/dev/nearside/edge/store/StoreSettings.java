package dev.nearside.edge.store;

import dev.nearside.edge.store.offheap.DiskTier;
import java.nio.file.Path;

/// What the store may take.
///
/// @param directory the store's own; made if it is not there
/// @param memory bytes for bodies and heads that lie in memory, those being gathered among them
/// @param disk bytes for the files that hold objects; reserved at once
/// @param shards how many parts the disk tier has; each is damaged and recovered for itself
public record StoreSettings(Path directory, long memory, long disk, int shards) {

    /// In bytes: less memory would hold nothing.
    public static final long SMALLEST_MEMORY = 4L << 20;

    private static final long USUAL_SHARD = 256L << 20;
    private static final int FEWEST_SHARDS = 2;

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

    /// With as many shards as suit the size: enough to recover them side by side, few enough to hold large objects.
    public static StoreSettings of(Path directory, long memory, long disk) {
        return new StoreSettings(directory, memory, disk, Math.clamp(disk / USUAL_SHARD, FEWEST_SHARDS, 32));
    }
}

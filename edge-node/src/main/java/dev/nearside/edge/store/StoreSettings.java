package dev.nearside.edge.store;

import dev.nearside.edge.store.evict.Goal;
import dev.nearside.edge.store.heap.HeapTier;
import dev.nearside.edge.store.offheap.DiskPlan;
import dev.nearside.edge.store.offheap.DiskTier;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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

    /// In bytes: the largest disk tier that {@link #of} can lay out.
    public static final long LARGEST_DISK = MOST_SHARDS * DiskTier.LARGEST_SHARD;

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

    /// What the tier on disk will be, with what is there. Reads a few small files, and changes nothing.
    ///
    /// @throws IOException with a message for the operator if they cannot be read
    public DiskPlan plan() throws IOException {
        try {
            return DiskTier.plan(directory, disk, shards);
        } catch (IOException e) {
            throw new IOException("data directory: %s cannot be read: %s".formatted(directory, e.getMessage()), e);
        }
    }

    /// What follows from the settings and from what is there, a line for each tier, and one more for one that changes.
    public List<String> lines(DiskPlan plan) {
        var lines = new ArrayList<String>();
        long whole = memory - gathering();
        lines.add("Cache in memory: %s for objects of up to %s, %s for bodies that are arriving"
                .formatted(size(whole), size(HeapTier.objectLimit(whole)), size(gathering())));
        var each = plan.shards().stream().mapToLong(DiskPlan.Part::bytes).summaryStatistics();
        var limit = plan.shards().stream().mapToLong(DiskPlan.Part::objectLimit).summaryStatistics();
        boolean isAlike = each.getMax() - each.getMin() <= each.getMax() / 100;
        lines.add("Cache on disk: %s%s in %s%s, all of it reserved; %,d cells of %d bytes; objects of up to %s"
                .formatted(
                        about(plan.bytes()),
                        plan.bytes() < disk / 100 * 98 ? " of the " + size(disk) + " asked for" : "",
                        shards(plan.shards().size()),
                        isAlike ? "" : " of %s to %s".formatted(about(each.getMin()), about(each.getMax())),
                        plan.cells(),
                        DiskPlan.CELL,
                        isAlike
                                ? size(limit.getMin())
                                : "%s to %s, as the shard is".formatted(size(limit.getMin()), size(limit.getMax()))));
        change(plan).ifPresent(lines::add);
        return lines;
    }

    private static Optional<String> change(DiskPlan plan) {
        int made = plan.shards().size() - plan.kept();
        if (plan.dropped().isEmpty() && (made == 0 || plan.kept() == 0)) return Optional.empty();
        var changes = new ArrayList<String>();
        changes.add(plan.kept() == 0 ? "nothing is kept" : shards(plan.kept()) + " kept");
        if (made > 0) changes.add(made + " new");
        if (!plan.dropped().isEmpty()) {
            changes.add("%s dropped with %s (%s): %s"
                    .formatted(
                            shards(plan.dropped().size()),
                            plan.dropped().size() == 1 ? "its objects" : "their objects",
                            about(plan.droppedBytes()),
                            String.join(", ", plan.dropped())));
        }
        return Optional.of("Cache on disk, of another size before: " + String.join(", ", changes));
    }

    private static String shards(int number) {
        return number == 1 ? "1 shard" : number + " shards";
    }

    /// Shards end with a whole cell, so a few bytes are missing to what was asked for.
    private static String about(long bytes) {
        return size(bytes >= 10L << 20 ? bytes + (1L << 19) : bytes);
    }

    private static String size(long bytes) {
        if (bytes >= 10L << 30) return "%.1f GB".formatted((double) bytes / (1L << 30));
        return bytes >= 10L << 20 ? "%d MB".formatted(bytes >> 20) : "%d KB".formatted(bytes >> 10);
    }
}

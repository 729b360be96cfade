package dev.nearside.edge.store.offheap;

import dev.nearside.edge.key.CacheKey.Digest;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/// Objects on disk, spread over shards by digest.
public final class DiskTier implements AutoCloseable {

    /// Fewest bytes for which a shard is worth its files.
    public static final long SMALLEST_SHARD = Geometry.SMALLEST;

    private static final Duration PATIENCE_AT_CLOSE = Duration.ofSeconds(10);

    private final long bytes;
    private final List<Shard> shards;
    private final FileChannel lock;
    private final List<Thread> openers = new ArrayList<>();

    private DiskTier(long bytes, List<Shard> shards, FileChannel lock) {
        this.bytes = bytes;
        this.shards = List.copyOf(shards);
        this.lock = lock;
    }

    /// Takes a directory into possession and opens its shards in the background; until a shard is open, it is empty.
    ///
    /// @throws IOException with a message for the operator if the directory cannot be used or the disk is too small
    public static DiskTier open(Path directory, long bytes, int shardCount) throws IOException {
        var lock = takePossession(directory);
        try {
            var geometry = Geometry.within(bytes / shardCount);
            var folders = new ArrayList<ShardFolder>();
            for (int i = 0; i < shardCount; i++) {
                var folder = directory.resolve("shard-%02d".formatted(i));
                folders.add(new ShardFolder(folder, geometry, (i + 1) + " of " + shardCount));
            }
            deleteSurplus(directory, shardCount);
            checkSpace(directory, bytes, folders);
            var shards =
                    folders.stream().map(folder -> new Shard(folder, geometry)).toList();
            var tier = new DiskTier(bytes, shards, lock);
            tier.openInBackground();
            return tier;
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private static FileChannel takePossession(Path directory) throws IOException {
        FileChannel channel;
        try {
            Files.createDirectories(directory);
            channel = FileChannel.open(directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new IOException(
                    "data directory: %s (expected: a directory that can be written to), %s".formatted(directory, e), e);
        }
        try {
            if (channel.tryLock() != null) return channel;
        } catch (OverlappingFileLockException _) {
            // in this very process
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        channel.close();
        throw new IOException(
                "data directory: %s (expected: a directory that no other process uses)".formatted(directory));
    }

    private static void deleteSurplus(Path directory, int shardCount) throws IOException {
        List<Path> surplus;
        try (var entries = Files.list(directory)) {
            surplus = entries.filter(path -> {
                        var name = path.getFileName().toString();
                        return name.matches("shard-\\d{2,4}(\\.damaged-\\d+)?")
                                && Integer.parseInt(name.replaceFirst("shard-(\\d+).*", "$1")) >= shardCount;
                    })
                    .toList();
        }
        for (var folder : surplus) ShardFolder.delete(folder);
    }

    private static void checkSpace(Path directory, long bytes, List<ShardFolder> folders) throws IOException {
        long missing = 0;
        for (var folder : folders) missing += folder.missingBytes(bytes / folders.size());
        if (missing <= Files.getFileStore(directory).getUsableSpace()) return;
        for (var folder : folders) folder.forgetDamaged();
        long usable = Files.getFileStore(directory).getUsableSpace();
        if (missing <= usable) return;
        throw new IOException("cache on disk: %d MB (expected: at most %d MB, which is what %s has left)"
                .formatted(bytes >> 20, (bytes - missing + usable) >> 20, directory));
    }

    // Not on the pool that serves viewers: a recovery takes as long as it takes. Clean shards first, they are quick.
    private void openInBackground() {
        var order = new ArrayList<>(shards);
        order.sort((a, b) -> Boolean.compare(a.folder().isMarked(), b.folder().isMarked()));
        var next = new AtomicInteger();
        int threads = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, shards.size());
        for (int i = 0; i < threads; i++) {
            openers.add(Thread.ofPlatform().daemon().name("store-opener-" + i).start(() -> {
                for (int n = next.getAndIncrement(); n < order.size(); n = next.getAndIncrement()) {
                    order.get(n).open();
                }
            }));
        }
    }

    /// Whether every shard has been opened, repaired or replaced. Does not wait, like all that follow up to `find`.
    public boolean isRecovered() {
        for (var shard : shards) if (!shard.isSettled()) return false;
        return true;
    }

    /// Whether a look at the disk may be worth it.
    public boolean mayHold(Digest digest) {
        return shard(digest).mayHold(digest);
    }

    /// Whether an object of that size might be stored under this digest now.
    public boolean mayStore(Digest digest, long length) {
        return length <= objectLimit() && shard(digest).mayStore();
    }

    /// In bytes: the largest body that is stored.
    public long objectLimit() {
        return (long) shards.getFirst().geometry().objectBlocks() * Geometry.BLOCK;
    }

    /// Announces an object to be stored; whatever was announced before under the digest will not be.
    ///
    /// @param replacesNow whether the object that is there must not be found any more
    public Ticket announce(Digest digest, byte[] head, boolean replacesNow) {
        return shard(digest).index().announce(digest, head, replacesNow);
    }

    /// Takes an announcement back.
    public void tearUp(Ticket ticket) {
        shard(ticket.digest).index().tearUp(ticket);
    }

    /// Lets nothing be found under this digest any more; {@link #erase} makes it last.
    public void forget(Digest digest) {
        shard(digest).index().forget(digest);
    }

    public Draft draft(Digest digest) {
        return new Draft(shard(digest));
    }

    /// Bytes of blocks and records in use.
    public long used() {
        long sum = 0;
        for (var shard : shards) {
            sum += (long) shard.index().usedBlocks() * Geometry.BLOCK;
            sum += (long) shard.index().size() * Geometry.RECORD;
        }
        return sum;
    }

    public long limit() {
        return bytes;
    }

    public long count() {
        long sum = 0;
        for (var shard : shards) sum += shard.index().size();
        return sum;
    }

    /// The object under this key, held for the caller, if it is there and its record and first block are sound.
    public Optional<DiskObject> find(Digest digest, byte[] key) {
        return shard(digest).find(digest, key);
    }

    /// Puts another head on the object under this key, if its head is the one that is known, and leaves its body alone.
    public void freshen(Digest digest, byte[] key, byte[] known, byte[] head) throws IOException {
        shard(digest).freshen(digest, key, known, head);
    }

    /// Removes what was forgotten from the disk.
    public void erase(Digest digest) throws IOException {
        shard(digest).erase(digest);
    }

    /// Begins to go over all objects.
    ///
    /// @throws IOException if a shard cannot be used, now or at all
    public Walk walk() throws IOException {
        return new Walk(shards);
    }

    /// Sees to it that what cannot be found any more will not be found after a restart either, nor after a loss of
    /// power: its records are gone from the disk.
    public void settle() throws IOException {
        for (var shard : shards) shard.settle();
    }

    /// Marks as clean what nobody has written to for so long.
    public void tidy(Duration quiet) {
        for (var shard : shards) shard.tidy(quiet);
    }

    private Shard shard(Digest digest) {
        return shards.get(Math.floorMod(digest.high(), shards.size()));
    }

    /// What the bookkeeping says against itself; nothing, provided that nobody reads or writes.
    public List<String> contradictions() {
        return shards.stream()
                .flatMap(shard -> shard.index().contradictions().stream())
                .toList();
    }

    @Override
    public void close() throws IOException {
        for (var shard : shards) shard.stopOpening();
        long deadline = System.nanoTime() + PATIENCE_AT_CLOSE.toNanos();
        try {
            for (var opener : openers) {
                opener.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        for (var shard : shards) shard.close();
        lock.close();
    }
}

package dev.nearside.edge.store.offheap;

import dev.nearside.edge.file.ReadOnlyDisk;
import dev.nearside.edge.key.CacheKey.Digest;
import dev.nearside.edge.store.evict.Eviction;
import dev.nearside.edge.store.evict.Goal;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Objects on disk, spread over shards by digest.
public final class DiskTier implements AutoCloseable {

    /// Fewest bytes for which a shard is worth its files.
    public static final long SMALLEST_SHARD = Geometry.SMALLEST;

    /// In bytes: no shard can be larger.
    public static final long LARGEST_SHARD = Geometry.LARGEST;

    private static final Logger LOG = LoggerFactory.getLogger(DiskTier.class);

    private static final Duration PATIENCE_AT_CLOSE = Duration.ofSeconds(10);

    private final long bytes;
    private final List<Shard> shards;
    // Whether an object may lie in another shard than the one where it would be stored.
    private final boolean isMixed;
    private final @Nullable FileChannel lock;
    private final List<Thread> openers = new ArrayList<>();

    private DiskTier(long bytes, List<Shard> shards, boolean isMixed, @Nullable FileChannel lock) {
        this.bytes = bytes;
        this.isMixed = isMixed;
        this.shards = List.copyOf(shards);
        this.lock = lock;
    }

    /// What a tier of that size will be, in a directory with what is there. Changes nothing.
    public static DiskPlan plan(Path directory, long bytes, int shardCount) throws IOException {
        return DiskPlan.of(Composition.of(directory, bytes, shardCount), bytes);
    }

    /// Takes a directory into possession and opens its shards in the background; until a shard is open, it is empty.
    ///
    /// A disk that takes no changes is no failure: the tier is then empty, and stays so.
    ///
    /// @throws IOException with a message for the operator if the directory cannot be used or the disk is too small
    public static DiskTier open(Path directory, long bytes, int shardCount) throws IOException {
        return open(directory, bytes, shardCount, Goal.ORIGIN_REQUESTS);
    }

    public static DiskTier open(Path directory, long bytes, int shardCount, Goal goal) throws IOException {
        FileChannel lock;
        try {
            lock = takePossession(directory);
        } catch (IOException e) {
            if (!ReadOnlyDisk.isWhy(e, directory)) throw e;
            LOG.error("{}: the disk takes no changes, the cache on disk is not used until the next start", directory);
            return unusable(directory, bytes, shardCount, goal);
        }
        try {
            var composition = Composition.of(directory, bytes, shardCount);
            boolean isMixed = composition.establish();
            checkSpace(directory, bytes, composition.shards());
            var shards = composition.shards().stream()
                    .map(folder -> new Shard(folder, folder.geometry(), goal))
                    .toList();
            var tier = new DiskTier(bytes, shards, isMixed, lock);
            tier.openInBackground();
            return tier;
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /// A tier that holds nothing and takes nothing.
    static DiskTier unusable(Path directory, long bytes, int shardCount, Goal goal) {
        var geometry = Geometry.within(bytes / shardCount);
        var shards = new ArrayList<Shard>();
        for (int number = 0; number < shardCount; number++) {
            var shard = new Shard(
                    new ShardFolder(directory.resolve("shard-%02d".formatted(number)), geometry), geometry, goal);
            shard.giveUp();
            shards.add(shard);
        }
        return new DiskTier(bytes, shards, false, null);
    }

    private static FileChannel takePossession(Path directory) throws IOException {
        FileChannel channel;
        try {
            Files.createDirectories(directory);
            channel = FileChannel.open(directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            if (ReadOnlyDisk.isWhy(e, directory)) throw e;
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

    private static void checkSpace(Path directory, long bytes, List<ShardFolder> folders) throws IOException {
        var room = DiskRoom.of(directory, bytes, folders, 0);
        if (!room.isShort()) return;
        for (var folder : folders) folder.forgetDamaged();
        room = DiskRoom.of(directory, bytes, folders, 0);
        if (room.isRefused()) throw new IOException(room.complaint());
        // It was right once: what is there is used, and the rest is made when there is room.
        if (room.isShort()) LOG.error(room.complaint());
    }

    // Not on the pool that serves viewers: a recovery takes as long as it takes. First, all that was written down is
    // made known, which is quick; then the shards are completed, those first that have nothing to recover.
    private void openInBackground() {
        var order = new ArrayList<>(shards);
        order.sort(Comparator.comparing(shard -> shard.folder().isMarked()));
        var work = new ConcurrentLinkedQueue<Runnable>();
        for (var shard : order) if (!shard.folder().isTorn()) work.add(shard::begin);
        for (var shard : order) work.add(shard::open);
        int threads = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, shards.size());
        for (int i = 0; i < threads; i++) {
            openers.add(Thread.ofPlatform().daemon().name("store-opener-" + i).start(() -> {
                for (var next = work.poll(); next != null; next = work.poll()) next.run();
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
        if (!isMixed) return shard(digest).mayHold(digest);
        for (var shard : shards) if (shard.mayHold(digest)) return true;
        return false;
    }

    /// Whether an object of that size might be stored under this digest now.
    public boolean mayStore(Digest digest, long length) {
        var shard = shard(digest);
        return mayChange() && length <= shard.geometry().objectLimit() && shard.mayStore(digest, length);
    }

    /// In bytes: the largest body that is stored.
    public long objectLimit() {
        return shards.stream()
                .mapToLong(shard -> shard.geometry().objectLimit())
                .max()
                .orElse(0);
    }

    /// Announces an object to be stored; whatever was announced before under the digest will not be.
    ///
    /// @param replacesNow whether the object that is there must not be found any more
    public Ticket announce(Digest digest, byte[] head, boolean replacesNow) {
        // What lies elsewhere would come back one day.
        if (isMixed) forgetElsewhere(digest);
        return shard(digest).index().announce(digest, head, replacesNow);
    }

    /// Takes an announcement back.
    public void tearUp(Ticket ticket) {
        shard(ticket.digest).index().tearUp(ticket);
    }

    /// Lets nothing be found under this digest any more; {@link #erase} makes it last.
    public void forget(Digest digest) {
        if (isMixed) forgetElsewhere(digest);
        shard(digest).index().forget(digest);
    }

    private void forgetElsewhere(Digest digest) {
        for (var shard : shards) if (shard != shard(digest)) shard.index().forget(digest);
    }

    public Draft draft(Digest digest) {
        var shard = shard(digest);
        return new Draft(
                shard.geometry(),
                shard.index(),
                mayChange() ? shard.contents() : Optional.empty(),
                () -> eraseElsewhere(digest));
    }

    // Where an older copy may lie in another shard, it has to go first: so all of them have to be known.
    private boolean mayChange() {
        return !isMixed || isRecovered();
    }

    /// Whoever is killed between this and the writing of an object leaves none of it, rather than two of which the
    /// older comes back some day.
    private void eraseElsewhere(Digest digest) throws IOException {
        if (!isMixed) return;
        for (var shard : shards) if (shard != shard(digest)) shard.erase();
    }

    /// A request was answered with this object from another place: it is worth its room here, too.
    public void touch(Digest digest) {
        if (isMixed) shards.forEach(shard -> shard.index().touch(digest));
        else shard(digest).index().touch(digest);
    }

    /// Bytes of cells in use.
    public long used() {
        long sum = 0;
        for (var shard : shards) sum += (long) shard.index().usedCells() * Geometry.CELL;
        return sum;
    }

    /// How it is with the shards, all of them together.
    ///
    /// @param shards how many there are
    /// @param unusable how many of them cannot be used
    /// @param known how much of what was stored before the start is known, from 0 to 1
    /// @param evictions objects that went to make room
    /// @param damaged objects that were not what was written, and dropped
    /// @param droppedAtStart records that were not sound after a crash, and dropped
    /// @param failures changes that the disk would not take
    /// @param cells in all shards
    /// @param freeCells of them
    /// @param decided by the policies of all shards
    public record State(
            int shards,
            int unusable,
            double known,
            long evictions,
            long damaged,
            long droppedAtStart,
            long failures,
            long cells,
            long freeCells,
            Eviction.Figures decided) {

        /// With those of another file on the same disk.
        public State plusFailures(long more) {
            return new State(
                    shards,
                    unusable,
                    known,
                    evictions,
                    damaged,
                    droppedAtStart,
                    failures + more,
                    cells,
                    freeCells,
                    decided);
        }
    }

    public State state() {
        int unusable = 0;
        double known = 0;
        long evictions = 0;
        long damaged = 0;
        long dropped = 0;
        long failures = 0;
        long cells = 0;
        long freeCells = 0;
        var decided = Eviction.Figures.NONE;
        for (var shard : shards) {
            if (shard.isSettled() && !shard.isOpen()) unusable++;
            known += shard.progress();
            evictions += shard.index().evictions();
            damaged += shard.damaged();
            dropped += shard.droppedAtStart();
            failures += shard.failures();
            cells += shard.geometry().cells();
            freeCells += shard.geometry().cells() - shard.index().usedCells();
            decided = decided.plus(shard.index().decided());
        }
        return new State(
                shards.size(),
                unusable,
                known / shards.size(),
                evictions,
                damaged,
                dropped,
                failures,
                cells,
                freeCells,
                decided);
    }

    public long limit() {
        return bytes;
    }

    public long count() {
        long sum = 0;
        for (var shard : shards) sum += shard.index().size();
        return sum;
    }

    /// The object under this key, held for the caller, if it is there and its record and first cell are sound.
    public Optional<DiskObject> find(Digest digest, byte[] key) {
        if (!isMixed) return shard(digest).find(digest, key);
        var found = shard(digest).find(digest, key);
        for (int i = 0; found.isEmpty() && i < shards.size(); i++) {
            if (shards.get(i).mayHold(digest)) found = shards.get(i).find(digest, key);
        }
        return found;
    }

    /// Puts another head on the object under this key, if its head is the one that is known, and leaves its body alone.
    public void freshen(Digest digest, byte[] key, byte[] known, byte[] head) throws IOException {
        for (var shard : isMixed ? shards : List.of(shard(digest))) shard.freshen(digest, key, known, head);
    }

    /// Removes what was forgotten from the disk.
    public void erase(Digest digest) throws IOException {
        for (var shard : isMixed ? shards : List.of(shard(digest))) shard.erase();
    }

    /// Begins to go over all objects, in whichever shard they lie.
    ///
    /// @throws IOException if a shard cannot be used, now or at all
    public Walk walk() throws IOException {
        for (var shard : shards) shard.end();
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
        if (lock != null) lock.close();
    }
}

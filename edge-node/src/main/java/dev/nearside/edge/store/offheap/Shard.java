package dev.nearside.edge.store.offheap;

import dev.nearside.edge.key.CacheKey.Digest;
import dev.nearside.edge.store.evict.Eviction;
import dev.nearside.edge.store.evict.Goal;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One directory of the disk tier, with files, index and mark of its own, so that damage and recovery stay local: from
/// the first look at it to the last, whether it can be used or not.
final class Shard {

    private static final Logger LOG = LoggerFactory.getLogger(Shard.class);

    private static final Duration RETRY_EVERY = Duration.ofSeconds(30);

    private final ShardFolder folder;
    private final Geometry geometry;
    private final Goal goal;
    private final ReentrantLock opening = new ReentrantLock();
    private final ReentrantLock tidying = new ReentrantLock();
    // Attempts to make it that have failed.
    private final AtomicLong failures = new AtomicLong();
    private volatile Index index;
    private volatile @Nullable Contents contents;
    private volatile boolean isSettled;
    private volatile boolean isClosed;
    private volatile long lastTry;
    private volatile @Nullable Recovery recovery;
    // Why what is there cannot be used, until it is out of the way; guarded by opening.
    private @Nullable Throwable why;

    Shard(ShardFolder folder, Geometry geometry, Goal goal) {
        this.folder = folder;
        this.geometry = geometry;
        this.goal = goal;
        this.index = newIndex();
    }

    private Index newIndex() {
        return new Index(geometry.cells(), Eviction.of(goal));
    }

    Index index() {
        return index;
    }

    Geometry geometry() {
        return geometry;
    }

    ShardFolder folder() {
        return folder;
    }

    /// Whether opening has ended, well or not.
    boolean isSettled() {
        return isSettled;
    }

    /// Whether it can be used.
    boolean isOpen() {
        return contents != null;
    }

    /// What it holds, if it can be used.
    Optional<Contents> contents() {
        return Optional.ofNullable(contents);
    }

    /// How much of it is known, from 0 to 1.
    double progress() {
        var begun = recovery;
        return isSettled ? 1 : begun == null ? 0 : begun.progress();
    }

    /// Objects that were found damaged by a lookup.
    long damaged() {
        return contents().map(Contents::damaged).orElse(0L);
    }

    /// Changes that the disk would not take.
    long failures() {
        return failures.get() + contents().map(Contents::failures).orElse(0L);
    }

    /// Records that were not sound when the shard was opened.
    long droppedAtStart() {
        var begun = recovery;
        return begun == null ? 0 : begun.dropped();
    }

    // ---- opening and closing

    /// The quick part of opening: what the last process wrote down is answered from now on.
    void begin() {
        opening.lock();
        try {
            if (isClosed || contents != null || why != null || !folder.mayBeOpened()) return;
            serve(folder.open());
        } catch (IOException | RuntimeException | LinkageError | InternalError | AssertionError e) {
            abandon();
            why = e;
        } finally {
            opening.unlock();
        }
    }

    /// Opens what is there, or sets it aside and begins anew. Takes as long as it takes; meanwhile the shard answers
    /// lookups of what the last process wrote down, and takes nothing in.
    void open() {
        opening.lock();
        try {
            lastTry = System.nanoTime();
            if (isSettled) why = null;
            begin();
            if (!isClosed) openOrMake();
        } catch (IOException | RuntimeException | LinkageError | InternalError | AssertionError e) {
            abandon();
            if (isClosed) return;
            failures.incrementAndGet();
            LOG.error("{}: not used until it can be made, {}", folder, e.toString());
        } finally {
            isSettled = true;
            opening.unlock();
        }
    }

    /// Is never opened: its disk takes no changes.
    void giveUp() {
        isClosed = true;
        isSettled = true;
        failures.incrementAndGet();
    }

    private void openOrMake() throws IOException {
        try {
            if (contents != null) complete();
        } catch (IOException | RuntimeException | LinkageError | InternalError | AssertionError e) {
            abandon();
            if (isClosed) return;
            why = e;
        }
        if (contents != null) return;
        if (why != null) folder.setAside(why);
        why = null;
        serve(folder.create());
        complete();
    }

    private void serve(ShardFiles opened) {
        var begun = new Recovery(folder, opened, index, () -> isClosed);
        recovery = begun;
        contents = new Contents(folder, opened, index);
        begun.begin();
    }

    private void complete() throws IOException {
        var current = index;
        var begun = recovery;
        if (begun != null) begun.complete();
        LOG.info("{}: {} objects in {} of {} cells", folder, current.size(), current.usedCells(), geometry.cells());
    }

    private void abandon() {
        var opened = contents;
        contents = null;
        recovery = null;
        if (opened != null) opened.close();
        index = newIndex();
    }

    /// Now and then, on a thread that may wait.
    void tidy(Duration quiet) {
        // An index that was written down later must not be overwritten by one from before.
        if (!isSettled || isClosed || !tidying.tryLock()) return;
        try {
            var opened = contents;
            if (opened != null) opened.tidy(quiet);
            else if (System.nanoTime() - lastTry > RETRY_EVERY.toNanos()) open();
        } finally {
            tidying.unlock();
        }
    }

    /// Does not wait: an opening that has not begun will not begin.
    void stopOpening() {
        isClosed = true;
    }

    void close() {
        isClosed = true;
        var opened = contents;
        if (opened == null) return;
        tidying.lock();
        try {
            if (isSettled) opened.rest();
        } finally {
            tidying.unlock();
        }
        contents = null;
        opened.close();
    }

    // ---- what it holds

    /// Whether a look at the disk may be worth it. Does not wait.
    boolean mayHold(Digest digest) {
        return contents != null && index.mayHold(digest);
    }

    /// Whether something of that size should be stored. Does not wait.
    boolean mayStore(Digest digest, long length) {
        return contents != null && index.admits(digest, Math.toIntExact(1 + length / Geometry.CELL));
    }

    Optional<DiskObject> find(Digest digest, byte[] key) {
        return contents().flatMap(opened -> opened.find(digest, key));
    }

    /// Puts another head on an object, if its head is the one that is known.
    void freshen(Digest digest, byte[] key, byte[] known, byte[] head) throws IOException {
        var opened = contents;
        if (opened != null) opened.freshen(digest, key, known, head);
    }

    /// Removes from the disk what was forgotten.
    void erase() throws IOException {
        var opened = contents;
        if (opened != null) opened.erase();
    }

    /// The same, and waits until the disk has all of it.
    void settle() throws IOException {
        inUse().settle();
    }

    /// Below which number the entries of all objects are that can be found.
    int end() throws IOException {
        return inUse().end();
    }

    /// The object of an entry, if there is one: see {@link Contents#peek}.
    Optional<DiskObject> peek(int entry) throws IOException {
        return inUse().peek(entry);
    }

    private Contents inUse() throws IOException {
        return contents().orElseThrow(() -> new IOException(folder + " is not in use"));
    }
}

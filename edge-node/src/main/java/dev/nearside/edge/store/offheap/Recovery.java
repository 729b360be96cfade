package dev.nearside.edge.store.offheap;

import java.io.IOException;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds out what a shard holds that an earlier process has left: from what that one wrote down, which is quick, and,
/// if it was still writing when it ended, by reading every record again. One thread at a time calls it.
final class Recovery {

    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

    private static final Duration REPORT_EVERY = Duration.ofSeconds(5);

    private final ShardFolder folder;
    private final Geometry geometry;
    private final ShardFiles files;
    private final Index index;
    private final BooleanSupplier isStopped;
    private final boolean isDirty;
    private volatile int looked;
    private volatile long dropped;

    /// @param isStopped whether nobody waits for it any more
    Recovery(ShardFolder folder, ShardFiles files, Index index, BooleanSupplier isStopped) {
        this.folder = folder;
        this.geometry = folder.geometry();
        this.files = files;
        this.index = index;
        this.isStopped = isStopped;
        this.isDirty = files.mark().isSet();
    }

    /// Lets lookups be answered from what was written down. Every object is checked when it is read, so to have been
    /// written down too early does no harm.
    void begin() {
        files.index().read().ifPresent(index::remember);
    }

    /// Lets the index be complete. Takes as long as it takes.
    ///
    /// @throws IOException if the files cannot be read, or nobody waits any more
    void complete() throws IOException {
        if (isDirty || !index.hasMemories()) {
            readRecords();
            index.complete();
        } else {
            index.restore();
        }
    }

    /// What is sound is taken in, the rest is removed.
    private void readRecords() throws IOException {
        long begun = System.nanoTime();
        long reported = begun;
        long found = 0;
        for (int cell = 0; cell < geometry.cells(); cell++) {
            looked = cell;
            if (!files.bits().get(cell)) continue;
            if (isStopped.getAsBoolean()) throw new IOException("closed while it was being opened");
            if (adopt(cell)) found++;
            else drop(cell);
            long now = System.nanoTime();
            if (now - reported < REPORT_EVERY.toNanos()) continue;
            reported = now;
            LOG.info("{}: recovering, {} % done, {} objects so far", folder, 100L * cell / geometry.cells(), found);
        }
        // A new shard has nothing to recover.
        if (found + dropped == 0) return;
        LOG.info(
                "{}: recovered {} objects in {} ms, dropped {} that were not sound",
                folder,
                found,
                (System.nanoTime() - begun) / 1_000_000,
                dropped);
    }

    private boolean adopt(int cell) throws IOException {
        try {
            var record = files.record(cell);
            return index.adopt(record.digest(), cell, record.generation(), files.cellsOf(cell, record));
        } catch (DamagedException e) {
            LOG.debug("{}: an object is dropped, {}", folder, e.getMessage());
            return false;
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread counts
    private void drop(int cell) throws IOException {
        if (files.claimsRecord(cell)) dropped++;
        files.writing(() -> files.removeRecord(cell));
    }

    /// How much of it is known, from 0 to 1.
    double progress() {
        return (double) looked / geometry.cells();
    }

    /// Records that were not sound.
    long dropped() {
        return dropped;
    }
}

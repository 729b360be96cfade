package dev.nearside.edge.store.offheap;

import dev.nearside.edge.key.CacheKey.Digest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One directory of the disk tier, with files, index and mark of its own, so that damage and recovery stay local.
///
/// Records are written after the blocks they name, and removed before those blocks are handed out again, so that a
/// process that is killed leaves none that names the blocks of another object. Records and the index's live objects
/// change together, under one lock, so that both say the same.
final class Shard {

    private static final Logger LOG = LoggerFactory.getLogger(Shard.class);

    private final ShardFolder folder;
    private final Geometry geometry;
    private final ReentrantLock changing = new ReentrantLock();
    private final AtomicLong dropped = new AtomicLong();
    private volatile Index index;
    private volatile @Nullable ShardFiles files;
    private volatile boolean isSettled;
    private volatile boolean isClosed;

    Shard(ShardFolder folder, Geometry geometry) {
        this.folder = folder;
        this.geometry = geometry;
        this.index = new Index(geometry.blocks(), geometry.records());
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

    // ---- opening and closing

    /// Opens what is there, or sets it aside and begins anew. Takes as long as it takes; meanwhile the shard is empty,
    /// or answers lookups only.
    void open() {
        if (isClosed) return;
        try {
            if (folder.mayBeOpened()) {
                try {
                    serve(folder.open());
                    return;
                } catch (IOException | RuntimeException | LinkageError | InternalError | AssertionError e) {
                    abandon();
                    if (isClosed) return;
                    folder.setAside(e);
                }
            }
            serve(folder.create());
        } catch (IOException | RuntimeException | LinkageError | InternalError | AssertionError e) {
            abandon();
            if (isClosed) return;
            LOG.error("{}: not used until the next start, {}", folder, e.toString(), e);
        } finally {
            isSettled = true;
        }
    }

    private void serve(ShardFiles opened) throws IOException {
        files = opened;
        if (isClosed) {
            // Nothing is half written: it need not be recovered the next time.
            opened.mark().clearIfQuietFor(Duration.ZERO, opened::force);
            throw new IOException("closed while it was being opened");
        }
        takeStock(opened);
        index.complete();
        LOG.info("{}: {} objects in {} of {} blocks", folder, index.size(), index.usedBlocks(), geometry.blocks());
    }

    private void abandon() {
        var opened = files;
        files = null;
        if (opened != null) opened.close();
        index = new Index(geometry.blocks(), geometry.records());
    }

    private void takeStock(ShardFiles opened) throws IOException {
        var useless = new ArrayList<byte[]>();
        opened.records().forEach((key, value) -> {
            try {
                var frame = ObjectRecord.read(value);
                if (index.adopt(digest(key), frame, object(opened, frame)).isEmpty()) useless.add(key);
            } catch (IOException e) {
                LOG.debug("{}: an object is dropped, {}", folder, e.getMessage());
                useless.add(key);
            }
        });
        for (var key : useless) opened.writing(() -> opened.records().remove(key));
    }

    void tidy(Duration quiet) {
        var opened = files;
        if (opened == null || !isSettled) return;
        try {
            opened.mark().clearIfQuietFor(quiet, opened::force);
        } catch (IOException e) {
            LOG.warn("{}: stays marked as dirty, {}", folder, e.toString());
        }
    }

    /// Does not wait: an opening that has not begun will not begin.
    void stopOpening() {
        isClosed = true;
    }

    void close() {
        isClosed = true;
        changing.lock();
        try {
            var opened = files;
            files = null;
            if (opened == null) return;
            if (isSettled) opened.mark().clearIfQuietFor(Duration.ZERO, opened::force);
            opened.close();
        } catch (IOException e) {
            LOG.warn("{}: stays marked as dirty, {}", folder, e.toString());
        } finally {
            changing.unlock();
        }
    }

    // ---- reading

    /// Whether a look at the disk may be worth it. Does not wait.
    boolean mayHold(Digest digest) {
        return files != null && index.mayHold(digest);
    }

    /// Whether something can be stored. Does not wait.
    boolean mayStore() {
        return files != null && index.isComplete();
    }

    Optional<DiskObject> find(Digest digest, byte[] key) {
        var opened = files;
        if (opened == null) return Optional.empty();
        var current = index;
        try {
            var held = hold(opened, current, digest);
            if (held.isEmpty()) return Optional.empty();
            var resident = held.get();
            try {
                var object = load(opened, current, resident);
                if (!Arrays.equals(object.key(), key)) {
                    current.release(resident);
                    return Optional.empty();
                }
                return Optional.of(new DiskObject(this, current, resident, object));
            } catch (DamagedException e) {
                drop(current, resident, e);
                current.release(resident);
                return Optional.empty();
            } catch (IOException | RuntimeException | InternalError e) {
                current.release(resident);
                throw e;
            }
        } catch (IOException | RuntimeException | InternalError e) {
            if (!isClosed) LOG.warn("{}: a lookup failed, {}", folder, e.toString());
            return Optional.empty();
        }
    }

    /// Of all objects that can be found.
    List<Digest> digests() throws IOException {
        if (files == null || !index.isComplete()) throw new IOException(folder + " is not in use");
        return index.digests();
    }

    /// The object under this digest, held for the caller, without a look at its body.
    Optional<DiskObject> peek(Digest digest) throws IOException {
        var opened = files;
        if (opened == null) throw new IOException(folder + " is closed");
        var current = index;
        var held = current.holdQuietly(digest);
        if (held.isEmpty()) return Optional.empty();
        var resident = held.get();
        boolean isKept = false;
        // Records change under this lock.
        changing.lock();
        try {
            var object = record(opened, current, resident);
            isKept = true;
            return Optional.of(new DiskObject(this, current, resident, object));
        } catch (DamagedException e) {
            drop(current, resident, e);
            return Optional.empty();
        } catch (InternalError e) {
            throw new IOException("the device failed", e);
        } finally {
            changing.unlock();
            if (!isKept) current.release(resident);
        }
    }

    /// Removes the records of what cannot be found any more, and waits until the disk has all of it.
    void settle() throws IOException {
        var opened = files;
        if (opened == null) throw new IOException(folder + " is closed");
        changing.lock();
        try {
            removeRecords(opened, index, index.condemned());
        } finally {
            changing.unlock();
        }
        opened.force();
    }

    private Optional<Resident> hold(ShardFiles opened, Index current, Digest digest) throws IOException {
        var held = current.hold(digest);
        if (held.isPresent() || current.isComplete()) return held;
        var bytes = opened.records().get(bytes(digest));
        if (bytes == null) return Optional.empty();
        try {
            var frame = ObjectRecord.read(bytes);
            current.adopt(digest, frame, object(opened, frame));
        } catch (DamagedException _) {
            return Optional.empty(); // taking stock will remove it
        }
        return current.hold(digest);
    }

    /// The record of an object that the caller holds, with its first block checked.
    private ObjectRecord load(ShardFiles opened, Index current, Resident resident) throws IOException {
        try {
            return loadNow(opened, current, resident);
        } catch (DamagedException _) {
            // Perhaps it was being changed just then; under the lock the record and the index agree.
            changing.lock();
            try {
                return loadNow(opened, current, resident);
            } finally {
                changing.unlock();
            }
        }
    }

    private ObjectRecord loadNow(ShardFiles opened, Index current, Resident resident) throws IOException {
        var object = record(opened, current, resident);
        if (object.slots().length > 0) {
            int used = (int) Math.min(Geometry.BLOCK, object.length());
            var first = Unpooled.buffer(used, used);
            opened.blocks().read(object.slots()[0], used, object.checksums()[0], 0, used, first);
        }
        return object;
    }

    private static ObjectRecord record(ShardFiles opened, Index current, Resident resident) throws IOException {
        var bytes = opened.records().get(bytes(resident.digest));
        if (bytes == null) throw new DamagedException("record is missing");
        var frame = ObjectRecord.read(bytes);
        if (frame.generation() != current.generation(resident)) {
            throw new DamagedException("record is of another generation");
        }
        var object = object(opened, frame);
        if (!Arrays.equals(object.slots(), resident.slots)) throw new DamagedException("record names other blocks");
        return object;
    }

    private static ObjectRecord object(ShardFiles opened, ObjectRecord.Frame frame) throws IOException {
        if (frame.detailSlots().length == 0) return ObjectRecord.of(frame, frame.details());
        var details = Unpooled.buffer(frame.detailSize(), frame.detailSize());
        for (int i = 0; i < frame.detailSlots().length; i++) {
            int used = Math.min(Geometry.BLOCK, frame.detailSize() - i * Geometry.BLOCK);
            opened.blocks().read(frame.detailSlots()[i], used, frame.detailChecksums()[i], 0, used, details);
        }
        return ObjectRecord.of(frame, details.array());
    }

    /// Appends bytes `from` to `to` of a body of this length to a buffer, which has room for whole blocks.
    void read(int[] slots, int[] checksums, long length, long from, long to, ByteBuf into) throws IOException {
        var opened = files;
        if (opened == null) throw new IOException(folder + " is closed");
        for (long at = from; at < to; ) {
            int block = (int) (at / Geometry.BLOCK);
            long start = (long) block * Geometry.BLOCK;
            int used = (int) Math.min(Geometry.BLOCK, length - start);
            int end = (int) Math.min(used, to - start);
            opened.blocks().read(slots[block], used, checksums[block], (int) (at - start), end, into);
            at = start + end;
        }
    }

    // ---- writing

    Optional<int[]> reserve(Index owner, int count) throws IOException {
        var opened = files;
        if (opened == null) return Optional.empty();
        changing.lock();
        try {
            return take(opened, owner, count, Optional.empty());
        } finally {
            changing.unlock();
        }
    }

    /// Takes blocks, and makes room for a record if one is named; what was evicted for it leaves the disk first.
    private static Optional<int[]> take(ShardFiles opened, Index owner, int count, Optional<Digest> record)
            throws IOException {
        var evicted = new ArrayList<Digest>();
        var slots = owner.take(count, evicted);
        boolean done = false;
        try {
            if (slots.isPresent() && record.isPresent()) owner.makeRoom(record.get(), evicted);
            removeRecords(opened, owner, evicted);
            done = true;
            return slots;
        } finally {
            if (!done) slots.ifPresent(owner::giveBack);
        }
    }

    private static void removeRecords(ShardFiles opened, Index owner, List<Digest> digests) throws IOException {
        if (digests.isEmpty()) return;
        opened.writing(() -> {
            for (var digest : digests) {
                opened.records().remove(bytes(digest));
                owner.recordGone(digest);
            }
        });
    }

    /// Writes the beginning of a block.
    ///
    /// @return its checksum
    int write(int slot, byte[] block, int length) throws IOException {
        var opened = files;
        if (opened == null) throw new IOException(folder + " is closed");
        var checksum = new int[1];
        opened.writing(() -> checksum[0] = opened.blocks().write(slot, block, length));
        return checksum[0];
    }

    /// Stores an object whose blocks are written, if its ticket still holds.
    ///
    /// @return the object, held for the caller; its blocks are the object's from now on
    Optional<Resident> commit(Index owner, Ticket ticket, ObjectRecord object) throws IOException {
        var opened = files;
        if (opened == null) return Optional.empty();
        changing.lock();
        try {
            while (owner.isValid(ticket)) {
                var head = owner.head(ticket);
                var written = writeRecord(opened, owner, ticket.digest, object.under(head));
                if (written.isEmpty()) return Optional.empty();
                var frame = written.get();
                var resident = new Resident(ticket.digest, object.slots(), frame.detailSlots(), frame.generation());
                resident.holders++;
                if (owner.install(resident, ticket, head)) return Optional.of(resident);
                // Superseded while the record was written over the one before: neither can be found any more.
                owner.giveBack(frame.detailSlots());
                if (owner.isValid(ticket)) continue;
                owner.vacate(ticket.digest);
                removeRecords(opened, owner, List.of(ticket.digest));
            }
            return Optional.empty();
        } finally {
            changing.unlock();
        }
    }

    /// Writes a record, and its details to blocks if they are too many for it; empty if there is no room.
    private Optional<ObjectRecord.Frame> writeRecord(ShardFiles opened, Index owner, Digest digest, ObjectRecord object)
            throws IOException {
        var details = object.details();
        if (!ObjectRecord.fits(details.length)) return Optional.empty();
        var reserved = take(opened, owner, ObjectRecord.detailBlocks(details.length), Optional.of(digest));
        if (reserved.isEmpty()) return Optional.empty();

        var slots = reserved.get();
        var checksums = new int[slots.length];
        var block = new byte[slots.length == 0 ? 0 : Geometry.BLOCK];
        var written = new ArrayList<ObjectRecord.Frame>(1);
        try {
            opened.writing(() -> {
                for (int i = 0; i < slots.length; i++) {
                    int from = i * Geometry.BLOCK;
                    int size = Math.min(Geometry.BLOCK, details.length - from);
                    System.arraycopy(details, from, block, 0, size);
                    try {
                        checksums[i] = opened.blocks().write(slots[i], block, size);
                    } catch (IOException e) {
                        owner.retire(slots[i]);
                        throw e;
                    }
                }
                var frame = new ObjectRecord.Frame(
                        owner.nextGeneration(),
                        object.length(),
                        details.length,
                        slots.length == 0 ? details : new byte[0],
                        slots,
                        checksums);
                opened.records().put(bytes(digest), ObjectRecord.write(frame));
                owner.recordGone(digest);
                written.add(frame);
            });
        } finally {
            if (written.isEmpty()) owner.giveBack(slots);
        }
        return Optional.of(written.getFirst());
    }

    /// Puts another head on the object under this digest, or on the one that is on its way, if its head is known.
    void freshen(Digest digest, byte[] key, byte[] known, byte[] head) throws IOException {
        var opened = files;
        if (opened == null) return;
        changing.lock();
        try {
            var current = index;
            if (current.freshenPending(digest, known, head)) return;
            var held = hold(opened, current, digest);
            if (held.isEmpty()) return;
            var resident = held.get();
            try {
                var object = loadNow(opened, current, resident);
                if (!Arrays.equals(object.key(), key) || !Arrays.equals(object.head(), known)) return;
                // Without room for the head, or before blocks can be had, the object goes: its old head is no longer
                // true.
                var written = writeRecord(opened, current, digest, object.under(head));
                if (written.isEmpty()) {
                    current.forget(resident);
                    removeRecords(opened, current, List.of(digest));
                } else if (!current.moveDetails(
                        resident, written.get().detailSlots(), written.get().generation())) {
                    current.giveBack(written.get().detailSlots());
                    if (current.isVacant(digest)) removeRecords(opened, current, List.of(digest));
                }
            } catch (DamagedException e) {
                drop(current, resident, e);
            } finally {
                current.release(resident);
            }
        } finally {
            changing.unlock();
        }
    }

    /// Removes the record of an object that was forgotten.
    void erase(Digest digest) throws IOException {
        var opened = files;
        if (opened == null) return;
        changing.lock();
        try {
            var current = index;
            if (current.isVacant(digest)) removeRecords(opened, current, List.of(digest));
        } finally {
            changing.unlock();
        }
    }

    /// Lets nobody find an object again that is not what was written.
    void drop(Index owner, Resident resident, DamagedException why) {
        // What has left the index meanwhile was replaced, evicted or invalidated: its record is rightly gone.
        if (!owner.isLive(resident)) return;
        long count = dropped.incrementAndGet();
        // Where one block is damaged there are others: their number is told, not each of them.
        if (Long.bitCount(count) == 1) LOG.warn("{}: damaged objects dropped: {}, {}", folder, count, why.getMessage());
        forget(owner, resident);
    }

    void forget(Index owner, Resident resident) {
        if (!owner.forget(resident)) return;
        try {
            erase(resident.digest);
        } catch (IOException e) {
            LOG.warn("{}: the record of a dropped object stays, {}", folder, e.toString());
        }
    }

    private static byte[] bytes(Digest digest) {
        return ByteBuffer.allocate(Geometry.RECORD_KEY)
                .putLong(digest.high())
                .putLong(digest.low())
                .array();
    }

    private static Digest digest(byte[] bytes) {
        var in = ByteBuffer.wrap(bytes);
        return new Digest(in.getLong(), in.getLong());
    }
}

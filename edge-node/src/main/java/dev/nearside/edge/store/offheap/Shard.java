package dev.nearside.edge.store.offheap;

import dev.nearside.edge.key.CacheKey.Digest;
import dev.nearside.edge.store.evict.Eviction;
import dev.nearside.edge.store.evict.Goal;
import dev.nearside.edge.store.offheap.Index.Condemned;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One directory of the disk tier, with files, index and mark of its own, so that damage and recovery stay local.
///
/// Records are written after the cells they name, and removed before those cells are handed out again, so that a
/// process that is killed leaves none that names the cells of another object. Records and the index's live objects
/// change together, under one lock, so that both say the same.
final class Shard {

    private static final Logger LOG = LoggerFactory.getLogger(Shard.class);

    /// What a process remembers that is killed in the midst of its work is no older than this.
    private static final Duration REMEMBER_EVERY = Duration.ofMinutes(1);

    private static final Duration RETRY_EVERY = Duration.ofSeconds(30);

    private final ShardFolder folder;
    private final Geometry geometry;
    private final Goal goal;
    private final ReentrantLock opening = new ReentrantLock();
    private final ReentrantLock changing = new ReentrantLock();
    private final ReentrantLock tidying = new ReentrantLock();
    private final AtomicLong damaged = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private final AtomicLong complaints = new AtomicLong();
    private volatile Index index;
    private volatile @Nullable ShardFiles files;
    private volatile boolean isSettled;
    private volatile boolean isClosed;
    private volatile long lastTry;
    private volatile @Nullable Recovery recovery;
    // Why what is there cannot be used, until it is out of the way; guarded by opening.
    private @Nullable Throwable why;
    private volatile boolean hasLostCells;

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
        return files != null;
    }

    /// How much of it is known, from 0 to 1.
    double progress() {
        var begun = recovery;
        return isSettled ? 1 : begun == null ? 0 : begun.progress();
    }

    /// Objects that were found damaged by a lookup.
    long damaged() {
        return damaged.get();
    }

    /// Changes that the disk would not take.
    long failures() {
        return failures.get();
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
            if (isClosed || files != null || why != null || !folder.mayBeOpened()) return;
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
            if (files != null) complete();
        } catch (IOException | RuntimeException | LinkageError | InternalError | AssertionError e) {
            abandon();
            if (isClosed) return;
            why = e;
        }
        if (files != null) return;
        if (why != null) folder.setAside(why);
        why = null;
        serve(folder.create());
        complete();
    }

    private void serve(ShardFiles opened) {
        var begun = new Recovery(folder, opened, index, () -> isClosed);
        recovery = begun;
        files = opened;
        begun.begin();
    }

    private void complete() throws IOException {
        var current = index;
        var begun = recovery;
        if (begun != null) begun.complete();
        LOG.info("{}: {} objects in {} of {} cells", folder, current.size(), current.usedCells(), geometry.cells());
    }

    private void abandon() {
        var opened = files;
        files = null;
        recovery = null;
        try {
            if (opened != null) opened.close();
        } catch (IOException e) {
            LOG.warn("{}: cannot be closed, {}", folder, e.toString());
        }
        index = newIndex();
    }

    /// Now and then, on a thread that may wait.
    void tidy(Duration quiet) {
        // An index that was written down later must not be overwritten by one from before.
        if (!isSettled || isClosed || !tidying.tryLock()) return;
        try {
            tidyNow(quiet);
        } finally {
            tidying.unlock();
        }
    }

    private void tidyNow(Duration quiet) {
        var opened = files;
        if (opened == null) {
            if (System.nanoTime() - lastTry > RETRY_EVERY.toNanos()) open();
            return;
        }
        try {
            erase();
            if (hasLostCells) findLostCells(opened, index);
            opened.mark().clearIfQuietFor(quiet, () -> force(opened));
            if (opened.mark().age().compareTo(REMEMBER_EVERY) > 0) {
                writeIndex(opened);
                opened.mark().beginAnew();
            }
        } catch (IOException e) {
            failures.incrementAndGet();
            complain("stays marked as dirty", e);
        }
    }

    /// A disk that fails does so for every change: the first of many complaints is enough.
    private void complain(String what, IOException why) {
        long count = complaints.getAndIncrement();
        if (Long.bitCount(count) <= 1) LOG.warn("{}: {} ({} so far), {}", folder, what, count + 1, why.toString());
    }

    private boolean force(ShardFiles opened) throws IOException {
        opened.force();
        return writeIndex(opened);
    }

    private boolean writeIndex(ShardFiles opened) throws IOException {
        Optional<IndexFile.Content> content;
        changing.lock();
        try {
            clearCondemned(opened, index);
            content = index.content();
        } finally {
            changing.unlock();
        }
        if (content.isEmpty()) return false;
        opened.index().write(content.get());
        return true;
    }

    /// Does not wait: an opening that has not begun will not begin.
    void stopOpening() {
        isClosed = true;
    }

    void close() {
        isClosed = true;
        var opened = files;
        if (opened == null) return;
        tidying.lock();
        try {
            if (isSettled) {
                if (hasLostCells) findLostCells(opened, index);
                opened.mark().clearIfQuietFor(Duration.ZERO, () -> force(opened));
            }
        } catch (IOException e) {
            LOG.warn("{}: stays marked as dirty, {}", folder, e.toString());
        } finally {
            tidying.unlock();
        }
        changing.lock();
        try {
            files = null;
            opened.close();
        } catch (IOException e) {
            LOG.warn("{}: cannot be closed, {}", folder, e.toString());
        } finally {
            changing.unlock();
        }
    }

    // ---- reading

    /// Whether a look at the disk may be worth it. Does not wait.
    boolean mayHold(Digest digest) {
        return files != null && index.mayHold(digest);
    }

    /// Whether something of that size should be stored. Does not wait.
    boolean mayStore(Digest digest, long length) {
        return files != null && index.admits(digest, Math.toIntExact(1 + length / Geometry.CELL));
    }

    Optional<DiskObject> find(Digest digest, byte[] key) {
        var opened = files;
        if (opened == null) return Optional.empty();
        var current = index;
        var held = current.hold(digest);
        if (held.isEmpty()) return Optional.empty();
        var resident = held.get();
        boolean isKept = false;
        try {
            var object = settled(() -> load(opened, current, resident));
            if (!Arrays.equals(object.key(), key)) return Optional.empty();
            isKept = true;
            return Optional.of(object);
        } catch (DamagedException e) {
            drop(current, resident, e);
            return Optional.empty();
        } catch (IOException | RuntimeException | InternalError e) {
            if (!isClosed) LOG.warn("{}: a lookup failed, {}", folder, e.toString());
            return Optional.empty();
        } finally {
            if (!isKept) current.release(resident);
        }
    }

    /// Below which number the entries of all objects are that can be found.
    int end() throws IOException {
        if (files == null || !index.isComplete()) throw new IOException(folder + " is not in use");
        return index.end();
    }

    /// The object of an entry, held for the caller, without a look at its body and without making it wanted; empty if
    /// there is none.
    Optional<DiskObject> peek(int entry) throws IOException {
        var opened = files;
        if (opened == null) throw new IOException(folder + " is closed");
        var current = index;
        var held = current.peek(entry);
        if (held.isEmpty()) return Optional.empty();
        var resident = held.get();
        boolean isKept = false;
        try {
            var object = settled(() -> describe(opened, current, resident));
            isKept = true;
            return Optional.of(object);
        } catch (DamagedException e) {
            drop(current, resident, e);
            return Optional.empty();
        } catch (InternalError e) {
            throw new IOException("the device failed", e);
        } finally {
            if (!isKept) current.release(resident);
        }
    }

    /// A look at the files.
    @FunctionalInterface
    private interface Look {
        DiskObject take() throws IOException;
    }

    /// What a look brings that is not disturbed by changes.
    private DiskObject settled(Look look) throws IOException {
        try {
            return look.take();
        } catch (DamagedException _) {
            // Perhaps it was being changed just then; under the lock the record and the index agree.
            changing.lock();
            try {
                return look.take();
            } finally {
                changing.unlock();
            }
        }
    }

    /// An object that the caller holds, with its first cell checked.
    private DiskObject load(ShardFiles opened, Index current, Resident resident) throws IOException {
        var object = describe(opened, current, resident);
        var body = object.record().body();
        if (body.count() > 0) {
            long first = body.places(0, 1, opened::list)[0];
            opened.read(first, (int) Math.min(Geometry.CELL, object.length()));
        }
        return object;
    }

    /// The same, whatever its body is like.
    private DiskObject describe(ShardFiles opened, Index current, Resident resident) throws IOException {
        var record = opened.record(resident.cell);
        if (!record.digest().equals(resident.digest)) throw new DamagedException("record is of another object");
        return new DiskObject(this, current, resident, record, text(opened, record));
    }

    /// Key and head.
    private static byte[] text(ShardFiles opened, ObjectRecord record) throws IOException {
        if (record.textCells().count() == 0) return record.text();
        var text = new byte[record.textSize()];
        for (int at = 0; at < text.length; at += Geometry.CELL) {
            long place = record.textCells().places(at / Geometry.CELL, 1, opened::list)[0];
            int size = Math.min(Geometry.CELL, text.length - at);
            System.arraycopy(opened.read(place, size), 0, text, at, size);
        }
        return text;
    }

    /// Appends a part of a body to a buffer, which has room for whole cells.
    ///
    /// @param length how many bytes lie in the cells of this tree
    void read(CellTree body, long length, long from, long to, ByteBuf into) throws IOException {
        var opened = files;
        if (opened == null) throw new IOException(folder + " is closed");
        for (long at = from; at < to; ) {
            long first = at / Geometry.CELL;
            int number = (int) Math.min(Geometry.cellsFor(to) - first, CellTree.FAN - first % CellTree.FAN);
            var places = body.places(first, number, opened::list);
            for (long place : places) {
                long start = at / Geometry.CELL * Geometry.CELL;
                int used = (int) Math.min(Geometry.CELL, length - start);
                int end = (int) Math.min(used, to - start);
                readCell(opened, place, used, (int) (at - start), end, into);
                at = start + end;
            }
        }
    }

    private static void readCell(ShardFiles opened, long place, int used, int from, int to, ByteBuf into)
            throws IOException {
        int cell = CellTree.cell(place);
        int at = into.writerIndex();
        if (!opened.cells().read(cell, used, into)) throw new DamagedException("cell " + cell + " is missing");
        if (Checksum.of(into.internalNioBuffer(at, used)) != CellTree.checksum(place)) {
            into.writerIndex(at);
            throw new DamagedException("cell " + cell + " has another checksum");
        }
        if (from > 0) into.setBytes(at, into, at + from, to - from);
        into.writerIndex(at + to - from);
    }

    // ---- writing

    /// Cells for a body; empty if there is no room for them.
    Optional<int[]> reserve(Index owner, int count) throws IOException {
        var opened = files;
        if (opened == null) return Optional.empty();
        changing.lock();
        try {
            return take(opened, owner, count);
        } finally {
            changing.unlock();
        }
    }

    /// Takes cells; what has to go for them leaves the disk first.
    private Optional<int[]> take(ShardFiles opened, Index owner, int count) throws IOException {
        var taken = owner.take(count);
        // Not before it is known that the disk takes changes: else everything would go and nothing come.
        if (taken.isPresent() || !owner.isComplete()) return taken;
        counting(opened, () -> {});
        while (taken.isEmpty()) {
            var gone = owner.nextCondemned().or(owner::evict);
            if (gone.isEmpty()) return Optional.empty();
            clear(opened, owner, gone.get());
            taken = owner.take(count);
        }
        return taken;
    }

    /// Changes the files under the mark, and counts what fails.
    private void counting(ShardFiles opened, ShardFiles.Change change) throws IOException {
        try {
            opened.writing(change);
        } catch (IOException e) {
            failures.incrementAndGet();
            throw e;
        }
    }

    private void clearCondemned(ShardFiles opened, Index owner) throws IOException {
        for (var gone = owner.nextCondemned(); gone.isPresent(); gone = owner.nextCondemned()) {
            clear(opened, owner, gone.get());
        }
    }

    /// Removes the record of an object that cannot be found any more.
    private void clear(ShardFiles opened, Index owner, Condemned gone) throws IOException {
        boolean isCleared = false;
        try {
            var cells = cellsOf(opened, gone);
            counting(opened, () -> opened.removeRecord(gone.cell()));
            owner.cleared(gone, cells);
            isCleared = true;
        } finally {
            if (!isCleared) owner.condemnAgain(gone);
        }
    }

    private Runs cellsOf(ShardFiles opened, Condemned gone) throws IOException {
        try {
            return opened.cellsOf(gone.cell(), opened.record(gone.cell()));
        } catch (DamagedException e) {
            LOG.debug("{}: cells are lost for now, {}", folder, e.getMessage());
            // Whoever looks through all the others will find the rest.
            hasLostCells = true;
            var known = new Runs();
            known.add(gone.cell());
            return known;
        }
    }

    /// Frees the cells of objects whose records could not be read when they were removed.
    private void findLostCells(ShardFiles opened, Index current) throws IOException {
        changing.lock();
        try {
            clearCondemned(opened, current);
            var known = new BitSet();
            for (int entry = 0; ; entry++) {
                var cell = current.cellOf(entry);
                if (cell.isEmpty()) break;
                if (cell.getAsInt() < 0) continue;
                try {
                    var record = opened.record(cell.getAsInt());
                    opened.cellsOf(cell.getAsInt(), record).forEach((first, count) -> known.set(first, first + count));
                } catch (DamagedException e) {
                    damaged.incrementAndGet();
                    current.forgetAt(entry);
                }
            }
            // What is forgotten meanwhile is freed by whoever removes its record.
            do clearCondemned(opened, current);
            while (!current.freeAllBut(known));
            hasLostCells = false;
        } finally {
            changing.unlock();
        }
    }

    /// Writes the beginning of a cell.
    ///
    /// @return its place
    long write(Index owner, int cell, byte[] bytes, int length) throws IOException {
        var opened = files;
        if (opened == null) throw new IOException(folder + " is closed");
        counting(opened, () -> {
            try {
                opened.cells().write(cell, bytes, length);
            } catch (IOException e) {
                owner.retire(cell);
                throw e;
            }
        });
        return CellTree.place(cell, Checksum.of(bytes, 0, length));
    }

    /// Stores an object whose body is written, if its ticket still holds.
    ///
    /// @param cells of the body
    /// @return the object, held for the caller; the cells are the object's from now on
    Optional<Resident> commit(
            Index owner, Ticket ticket, byte[] key, long length, CellTree body, byte[] tail, Runs cells)
            throws IOException {
        var opened = files;
        if (opened == null) return Optional.empty();
        changing.lock();
        try {
            while (owner.isValid(ticket)) {
                var head = owner.head(ticket);
                var sketch = new ObjectRecord(
                        owner.nextGeneration(), ticket.digest, length, 0, 0, new byte[0], new CellTree(), body, tail);
                var written = writeNew(opened, owner, sketch, key, head);
                if (written.isEmpty()) return Optional.empty();
                var all = new Runs();
                all.addAll(cells);
                all.addAll(written.get().cells());
                var installed = owner.install(ticket, head, written.get().cell(), all);
                if (installed.isPresent()) {
                    clearCondemned(opened, owner);
                    return installed;
                }
                // Superseded meanwhile: it was never there.
                counting(opened, () -> opened.removeRecord(written.get().cell()));
                owner.giveBack(written.get().cells());
            }
            return Optional.empty();
        } finally {
            changing.unlock();
        }
    }

    /// @param cells the one of the record, and those of the text
    private record Written(int cell, Runs cells) {}

    private Optional<Written> writeNew(ShardFiles opened, Index owner, ObjectRecord sketch, byte[] key, byte[] head)
            throws IOException {
        var cells = new Runs();
        boolean isWritten = false;
        try {
            var place = take(opened, owner, 1);
            if (place.isEmpty()) return Optional.empty();
            int cell = place.get()[0];
            cells.add(cell);
            var record = withText(opened, owner, sketch, key, head, cells);
            if (record.isEmpty()) return Optional.empty();
            writeRecord(opened, cell, record.get());
            isWritten = true;
            return Optional.of(new Written(cell, cells));
        } finally {
            if (!isWritten) owner.giveBack(cells);
        }
    }

    private void writeRecord(ShardFiles opened, int cell, ObjectRecord record) throws IOException {
        var bytes = record.bytes(opened.recordMark());
        counting(opened, () -> {
            opened.bits().set(cell);
            opened.cells().write(cell, bytes, bytes.length);
        });
    }

    /// The same object with this text, inside or in cells that are taken for it; empty if there is no room for them.
    private Optional<ObjectRecord> withText(
            ShardFiles opened, Index owner, ObjectRecord record, byte[] key, byte[] head, Runs cells)
            throws IOException {
        var text =
                ByteBuffer.allocate(key.length + head.length).put(key).put(head).array();
        if (record.leavesRoomFor(text.length)) {
            return Optional.of(record.with(key.length, head.length, text, new CellTree()));
        }
        var tree = new CellTree();
        try {
            for (int at = 0; at < text.length; at += Geometry.CELL) {
                var piece = Arrays.copyOfRange(text, at, Math.min(text.length, at + Geometry.CELL));
                tree.add(writeText(opened, owner, piece, cells), list -> writeText(opened, owner, list, cells));
            }
            tree.finish(ObjectRecord.textPlaces(), list -> writeText(opened, owner, list, cells));
        } catch (NoRoomException _) {
            return Optional.empty();
        }
        return Optional.of(record.with(key.length, head.length, new byte[0], tree));
    }

    private long writeText(ShardFiles opened, Index owner, byte[] piece, Runs cells) throws IOException {
        var cell = take(opened, owner, 1).orElseThrow(NoRoomException::new)[0];
        cells.add(cell);
        return write(owner, cell, piece, piece.length);
    }

    /// Puts another head on the object under this digest, or on the one that is on its way, if its head is known.
    void freshen(Digest digest, byte[] key, byte[] known, byte[] head) throws IOException {
        var opened = files;
        if (opened == null) return;
        changing.lock();
        try {
            var current = index;
            if (current.freshenPending(digest, known, head)) return;
            // Whoever asked for it was counted when it was found.
            var held = current.holdQuietly(digest);
            if (held.isEmpty()) return;
            var resident = held.get();
            try {
                freshen(opened, current, resident, key, known, head);
            } catch (DamagedException e) {
                drop(current, resident, e);
            } finally {
                current.release(resident);
            }
        } finally {
            changing.unlock();
        }
    }

    private void freshen(ShardFiles opened, Index current, Resident resident, byte[] key, byte[] known, byte[] head)
            throws IOException {
        var object = describe(opened, current, resident);
        if (!Arrays.equals(object.key(), key) || !Arrays.equals(object.head(), known)) return;
        var record = object.record();
        var gone = new Runs();
        record.textCells().collect(gone, opened::list);
        var come = new Runs();
        boolean isDone = false;
        try {
            // Without room for the head, or before cells can be had, the object goes: its old head is no longer true.
            var fresh = current.isComplete()
                    ? withText(opened, current, record.of(current.nextGeneration()), key, head, come)
                    : Optional.<ObjectRecord>empty();
            if (fresh.isPresent()) {
                writeRecord(opened, resident.cell, fresh.get());
                // If it was forgotten meanwhile, whoever removes the record finds the new cells in it.
                if (!current.exchange(resident, gone, come)) current.giveBack(gone);
                isDone = true;
            }
        } finally {
            if (!isDone) {
                current.giveBack(come);
                forget(current, resident);
            }
        }
    }

    /// Removes from the disk what was forgotten.
    void erase() throws IOException {
        var opened = files;
        if (opened == null) return;
        changing.lock();
        try {
            clearCondemned(opened, index);
        } finally {
            changing.unlock();
        }
    }

    /// Removes the records of what cannot be found any more, and waits until the disk has all of it.
    void settle() throws IOException {
        var opened = files;
        if (opened == null || !index.isComplete()) throw new IOException(folder + " is not in use");
        changing.lock();
        try {
            clearCondemned(opened, index);
        } finally {
            changing.unlock();
        }
        opened.force();
    }

    /// Lets nobody find an object again that is not what was written.
    void drop(Index owner, Resident resident, DamagedException why) {
        // What has left the index meanwhile was replaced, evicted or invalidated: its record is rightly gone. And as
        // long as records are being read, it is not yet known what there is.
        if (!owner.isComplete() || !owner.isLive(resident)) return;
        long count = damaged.incrementAndGet();
        // Where one cell is damaged there are others: their number is told, not each of them.
        if (Long.bitCount(count) == 1) LOG.warn("{}: damaged objects dropped: {}, {}", folder, count, why.getMessage());
        forget(owner, resident);
    }

    void forget(Index owner, Resident resident) {
        if (!owner.forget(resident)) return;
        try {
            erase();
        } catch (IOException e) {
            complain("the record of a dropped object stays", e);
        }
    }
}

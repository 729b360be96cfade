package dev.nearside.edge.store.offheap;

import dev.nearside.edge.key.CacheKey.Digest;
import dev.nearside.edge.store.offheap.Index.Condemned;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What an open shard holds: its files and its index, changed together.
///
/// Records are written after the cells they name, and removed before those cells are handed out again, so that a
/// process that is killed leaves none that names the cells of another object. Records and the index's live objects
/// change under one lock, so that both say the same.
final class Contents {

    private static final Logger LOG = LoggerFactory.getLogger(Contents.class);

    /// What a process remembers that is killed in the midst of its work is no older than this.
    private static final Duration REMEMBER_EVERY = Duration.ofMinutes(1);

    private final ShardFolder folder;
    private final ShardFiles files;
    private final Index index;
    private final ReentrantLock changing = new ReentrantLock();
    private final AtomicLong damaged = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private final AtomicLong complaints = new AtomicLong();
    private volatile boolean hasLostCells;
    private volatile boolean isClosed;

    Contents(ShardFolder folder, ShardFiles files, Index index) {
        this.folder = folder;
        this.files = files;
        this.index = index;
    }

    Index index() {
        return index;
    }

    ShardFiles files() {
        return files;
    }

    /// Objects that were found damaged by a lookup.
    long damaged() {
        return damaged.get();
    }

    /// Changes that the disk would not take.
    long failures() {
        return failures.get();
    }

    // ---- coming to rest

    /// Removes what has to go, writes the index down now and then, and clears the mark if nobody has written for so
    /// long. One thread at a time.
    void tidy(Duration quiet) {
        try {
            erase();
            if (hasLostCells) findLostCells();
            files.mark().clearIfQuietFor(quiet, this::force);
            if (files.mark().age().compareTo(REMEMBER_EVERY) > 0) {
                writeIndex();
                files.mark().beginAnew();
            }
        } catch (IOException e) {
            failures.incrementAndGet();
            complain("stays marked as dirty", e);
        }
    }

    /// Writes everything down for the next process, if the disk takes it.
    void rest() {
        try {
            if (hasLostCells) findLostCells();
            files.mark().clearIfQuietFor(Duration.ZERO, this::force);
        } catch (IOException e) {
            LOG.warn("{}: stays marked as dirty, {}", folder, e.toString());
        }
    }

    /// A disk that fails does so for every change: the first of many complaints is enough.
    private void complain(String what, IOException why) {
        long count = complaints.getAndIncrement();
        if (Long.bitCount(count) <= 1) LOG.warn("{}: {} ({} so far), {}", folder, what, count + 1, why.toString());
    }

    private boolean force() throws IOException {
        files.force();
        return writeIndex();
    }

    private boolean writeIndex() throws IOException {
        Optional<IndexFile.Content> content;
        changing.lock();
        try {
            clearCondemned();
            content = index.content();
        } finally {
            changing.unlock();
        }
        if (content.isEmpty()) return false;
        files.index().write(content.get());
        return true;
    }

    /// Gives up the files; who still has something of it in hand cannot read it any more.
    void close() {
        isClosed = true;
        changing.lock();
        try {
            files.close();
        } catch (IOException e) {
            LOG.warn("{}: cannot be closed, {}", folder, e.toString());
        } finally {
            changing.unlock();
        }
    }

    // ---- reading

    Optional<DiskObject> find(Digest digest, byte[] key) {
        var held = index.hold(digest);
        if (held.isEmpty()) return Optional.empty();
        var resident = held.get();
        boolean isKept = false;
        try {
            var object = settled(() -> load(resident));
            if (!Arrays.equals(object.key(), key)) return Optional.empty();
            isKept = true;
            return Optional.of(object);
        } catch (DamagedException e) {
            drop(resident, e);
            return Optional.empty();
        } catch (IOException | RuntimeException | InternalError e) {
            if (!isClosed) LOG.warn("{}: a lookup failed, {}", folder, e.toString());
            return Optional.empty();
        } finally {
            if (!isKept) index.release(resident);
        }
    }

    /// Below which number the entries of all objects are that can be found.
    int end() throws IOException {
        refuseUnlessComplete();
        return index.end();
    }

    private void refuseUnlessComplete() throws IOException {
        if (isClosed || !index.isComplete()) throw new IOException(folder + " is not in use");
    }

    /// The object of an entry, held for the caller, without a look at its body and without making it wanted; empty if
    /// there is none.
    Optional<DiskObject> peek(int entry) throws IOException {
        var held = index.peek(entry);
        if (held.isEmpty()) return Optional.empty();
        var resident = held.get();
        boolean isKept = false;
        try {
            var object = settled(() -> describe(resident));
            isKept = true;
            return Optional.of(object);
        } catch (DamagedException e) {
            drop(resident, e);
            return Optional.empty();
        } catch (InternalError e) {
            throw new IOException("the device failed", e);
        } finally {
            if (!isKept) index.release(resident);
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
    private DiskObject load(Resident resident) throws IOException {
        var object = describe(resident);
        var body = object.record().body();
        if (body.count() > 0) {
            long first = body.places(0, 1, files::list)[0];
            files.read(first, (int) Math.min(Geometry.CELL, object.length()));
        }
        return object;
    }

    /// The same, whatever its body is like.
    private DiskObject describe(Resident resident) throws IOException {
        var record = files.record(resident.cell);
        if (!record.digest().equals(resident.digest)) throw new DamagedException("record is of another object");
        return new DiskObject(this, resident, record, files.text(record));
    }

    // ---- writing

    /// Cells for a body; empty if there is no room for them.
    Optional<int[]> reserve(int count) throws IOException {
        changing.lock();
        try {
            return take(count);
        } finally {
            changing.unlock();
        }
    }

    /// Takes cells; what has to go for them leaves the disk first.
    private Optional<int[]> take(int count) throws IOException {
        var taken = index.take(count);
        // Not before it is known that the disk takes changes: else everything would go and nothing come.
        if (taken.isPresent() || !index.isComplete()) return taken;
        counting(() -> {});
        while (taken.isEmpty()) {
            var gone = index.nextCondemned().or(index::evict);
            if (gone.isEmpty()) return Optional.empty();
            clear(gone.get());
            taken = index.take(count);
        }
        return taken;
    }

    /// Changes the files under the mark, and counts what fails.
    private void counting(ShardFiles.Change change) throws IOException {
        if (isClosed) throw new IOException(folder + " is closed");
        try {
            files.writing(change);
        } catch (IOException e) {
            failures.incrementAndGet();
            throw e;
        }
    }

    private void clearCondemned() throws IOException {
        for (var gone = index.nextCondemned(); gone.isPresent(); gone = index.nextCondemned()) {
            clear(gone.get());
        }
    }

    /// Removes the record of an object that cannot be found any more.
    private void clear(Condemned gone) throws IOException {
        boolean isCleared = false;
        try {
            var cells = cellsOf(gone);
            counting(() -> files.removeRecord(gone.cell()));
            index.cleared(gone, cells);
            isCleared = true;
        } finally {
            if (!isCleared) index.condemnAgain(gone);
        }
    }

    private Runs cellsOf(Condemned gone) throws IOException {
        try {
            return files.cellsOf(gone.cell(), files.record(gone.cell()));
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
    private void findLostCells() throws IOException {
        changing.lock();
        try {
            clearCondemned();
            var known = new BitSet();
            for (int entry = 0; ; entry++) {
                var cell = index.cellOf(entry);
                if (cell.isEmpty()) break;
                if (cell.getAsInt() < 0) continue;
                try {
                    var record = files.record(cell.getAsInt());
                    files.cellsOf(cell.getAsInt(), record).forEach((first, count) -> known.set(first, first + count));
                } catch (DamagedException e) {
                    damaged.incrementAndGet();
                    index.forgetAt(entry);
                }
            }
            // What is forgotten meanwhile is freed by whoever removes its record.
            do clearCondemned();
            while (!index.freeAllBut(known));
            hasLostCells = false;
        } finally {
            changing.unlock();
        }
    }

    /// Writes the beginning of a cell.
    ///
    /// @return its place
    long write(int cell, byte[] bytes, int length) throws IOException {
        counting(() -> {
            try {
                files.cells().write(cell, bytes, length);
            } catch (IOException e) {
                index.retire(cell);
                throw e;
            }
        });
        return CellTree.place(cell, Checksum.of(bytes, 0, length));
    }

    /// An object whose record was written, held for the caller: its cells, and those of the body, are the object's.
    ///
    /// @param isStored whether it can be found; else it was superseded meanwhile, and goes
    record Committed(Resident resident, boolean isStored) {}

    /// Stores an object whose body is written, if its ticket still holds.
    ///
    /// @param cells of the body; they stay the caller's if nothing is returned
    Optional<Committed> commit(Ticket ticket, byte[] key, long length, CellTree body, byte[] tail, Runs cells)
            throws IOException {
        changing.lock();
        try {
            while (index.isValid(ticket)) {
                var head = index.head(ticket);
                var sketch = new ObjectRecord(
                        index.nextGeneration(), ticket.digest, length, 0, 0, new byte[0], new CellTree(), body, tail);
                var written = writeNew(sketch, key, head);
                if (written.isEmpty()) return Optional.empty();
                int cell = written.get().cell();
                var all = new Runs();
                all.addAll(cells);
                all.addAll(written.get().cells());
                var installed = index.install(ticket, head, cell, all);
                if (installed.isPresent()) {
                    clearSuperseded();
                    return Optional.of(new Committed(installed.get(), true));
                }
                // Superseded meanwhile: it was never there.
                try {
                    counting(() -> files.removeRecord(cell));
                } catch (IOException e) {
                    complain("a record that is not wanted stays for now", e);
                    return Optional.of(new Committed(index.bury(ticket.digest, cell, all), false));
                }
                index.giveBack(written.get().cells());
            }
            return Optional.empty();
        } finally {
            changing.unlock();
        }
    }

    // The new object is there, whatever becomes of the one before: what cannot be removed now will be later.
    private void clearSuperseded() {
        try {
            clearCondemned();
        } catch (IOException e) {
            complain("the record of a replaced object stays for now", e);
        }
    }

    /// @param cells the one of the record, and those of the text
    private record Written(int cell, Runs cells) {}

    private Optional<Written> writeNew(ObjectRecord sketch, byte[] key, byte[] head) throws IOException {
        var cells = new Runs();
        boolean isWritten = false;
        try {
            var place = take(1);
            if (place.isEmpty()) return Optional.empty();
            int cell = place.get()[0];
            cells.add(cell);
            var record = withText(sketch, key, head, cells);
            if (record.isEmpty()) return Optional.empty();
            writeRecord(cell, record.get());
            isWritten = true;
            return Optional.of(new Written(cell, cells));
        } finally {
            if (!isWritten) index.giveBack(cells);
        }
    }

    private void writeRecord(int cell, ObjectRecord record) throws IOException {
        var bytes = record.bytes(files.recordMark());
        counting(() -> {
            files.bits().set(cell);
            files.cells().write(cell, bytes, bytes.length);
        });
    }

    /// The same object with this text, inside or in cells that are taken for it; empty if there is no room for them.
    private Optional<ObjectRecord> withText(ObjectRecord record, byte[] key, byte[] head, Runs cells)
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
                tree.add(writeText(piece, cells), list -> writeText(list, cells));
            }
            tree.finish(ObjectRecord.textPlaces(), list -> writeText(list, cells));
        } catch (NoRoomException _) {
            return Optional.empty();
        }
        return Optional.of(record.with(key.length, head.length, new byte[0], tree));
    }

    private long writeText(byte[] piece, Runs cells) throws IOException {
        var cell = take(1).orElseThrow(NoRoomException::new)[0];
        cells.add(cell);
        return write(cell, piece, piece.length);
    }

    /// Puts another head on the object under this digest, or on the one that is on its way, if its head is known.
    void freshen(Digest digest, byte[] key, byte[] known, byte[] head) throws IOException {
        changing.lock();
        try {
            // What is there is freshened as well: nobody knows whether the one on its way will come.
            index.freshenPending(digest, known, head);
            // Whoever asked for it was counted when it was found.
            var held = index.holdQuietly(digest);
            if (held.isEmpty()) return;
            var resident = held.get();
            try {
                freshen(resident, key, known, head);
            } catch (DamagedException e) {
                drop(resident, e);
            } finally {
                index.release(resident);
            }
        } finally {
            changing.unlock();
        }
    }

    private void freshen(Resident resident, byte[] key, byte[] known, byte[] head) throws IOException {
        var object = describe(resident);
        if (!Arrays.equals(object.key(), key) || !Arrays.equals(object.head(), known)) return;
        var record = object.record();
        var gone = new Runs();
        record.textCells().collect(gone, files::list);
        var come = new Runs();
        boolean isDone = false;
        try {
            // Without room for the head, or before cells can be had, the object goes: its old head is no longer true.
            var fresh = index.isComplete()
                    ? withText(record.of(index.nextGeneration()), key, head, come)
                    : Optional.<ObjectRecord>empty();
            if (fresh.isPresent()) {
                writeRecord(resident.cell, fresh.get());
                // If it was forgotten meanwhile, whoever removes the record finds the new cells in it.
                if (!index.exchange(resident, gone, come)) index.giveBack(gone);
                isDone = true;
            }
        } finally {
            if (!isDone) {
                index.giveBack(come);
                forget(resident);
            }
        }
    }

    /// Removes from the disk what was forgotten.
    void erase() throws IOException {
        if (isClosed) return;
        changing.lock();
        try {
            clearCondemned();
        } finally {
            changing.unlock();
        }
    }

    /// Removes the records of what cannot be found any more, and waits until the disk has all of it.
    void settle() throws IOException {
        refuseUnlessComplete();
        erase();
        files.force();
    }

    /// Lets nobody find an object again that is not what was written.
    void drop(Resident resident, DamagedException why) {
        // What has left the index meanwhile was replaced, evicted or invalidated: its record is rightly gone. And as
        // long as records are being read, it is not yet known what there is.
        if (!index.isComplete() || !index.isLive(resident)) return;
        long count = damaged.incrementAndGet();
        // Where one cell is damaged there are others: their number is told, not each of them.
        if (Long.bitCount(count) == 1) LOG.warn("{}: damaged objects dropped: {}, {}", folder, count, why.getMessage());
        forget(resident);
    }

    void forget(Resident resident) {
        if (!index.forget(resident)) return;
        try {
            erase();
        } catch (IOException e) {
            complain("the record of a dropped object stays", e);
        }
    }
}

package dev.nearside.edge.store.offheap;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// An object that is being written: it owns its cells, what was appended can be read, and nobody finds it yet.
///
/// Cells are taken as the body comes, so that many bodies under way do not empty the cache before their first byte. One
/// thread at a time appends; any number read what was appended before.
public final class Draft {

    private final Geometry geometry;
    private final Index index;
    // Missing while the shard is not open: then there is no room.
    private final Optional<Contents> contents;
    private final Clearing beforeCommit;
    private final CellTree body = new CellTree();

    // Guarded by this.
    private final Deque<Integer> spare = new ArrayDeque<>();
    private Runs taken = new Runs();
    private long length;
    // What was appended behind the last whole cell.
    private byte[] tail = {};
    private @Nullable Resident resident;

    /// @param beforeCommit sees to it that nothing older is left elsewhere
    Draft(Geometry geometry, Index index, Optional<Contents> contents, Clearing beforeCommit) {
        this.geometry = geometry;
        this.contents = contents;
        this.index = contents.map(Contents::index).orElse(index);
        this.beforeCommit = beforeCommit;
    }

    /// What has to be gone from the disk before an object is written.
    @FunctionalInterface
    interface Clearing {
        void clear() throws IOException;
    }

    /// Makes sure that the next bytes can be appended; false if there is no room, or never will be for so long a body.
    ///
    /// @param bytes of the body, as far as its length is known
    /// @param next of them to be appended
    public boolean reserve(long bytes, int next) throws IOException {
        if (bytes > geometry.objectLimit()) return false;
        int missing;
        synchronized (this) {
            missing = (tail.length + next) / Geometry.CELL - spare.size();
        }
        return missing <= 0 || take(missing);
    }

    private boolean take(int count) throws IOException {
        if (contents.isEmpty()) return false;
        var reserved = contents.get().reserve(count);
        if (reserved.isEmpty()) return false;
        synchronized (this) {
            for (int cell : reserved.get()) spare.add(cell);
        }
        return true;
    }

    private int nextCell() throws IOException {
        synchronized (this) {
            if (!spare.isEmpty()) return claimed(spare.remove());
        }
        if (!take(1)) throw new NoRoomException();
        synchronized (this) {
            return claimed(spare.remove());
        }
    }

    private int claimed(int cell) {
        taken.add(cell);
        return cell;
    }

    private long write(byte[] bytes, int size) throws IOException {
        int cell = nextCell();
        return open().write(cell, bytes, size);
    }

    private Contents open() throws NoRoomException {
        return contents.orElseThrow(NoRoomException::new);
    }

    private long writeList(byte[] list) throws IOException {
        return write(list, list.length);
    }

    /// Appends readable bytes of a buffer, which stays as it is; whole cells, but for the last time.
    public void append(ByteBuf bytes) throws IOException {
        var cell = new byte[Geometry.CELL];
        int end = bytes.writerIndex();
        for (int at = bytes.readerIndex(); at < end; at += Geometry.CELL) {
            int size = Math.min(Geometry.CELL, end - at);
            bytes.getBytes(at, cell, 0, size);
            if (size < Geometry.CELL) {
                synchronized (this) {
                    tail = Arrays.copyOf(cell, size);
                    length += size;
                }
                return;
            }
            body.add(write(cell, size), this::writeList);
            synchronized (this) {
                length += size;
            }
        }
    }

    /// Some of the appended bytes from an offset on.
    public ByteBuf read(long offset, ByteBufAllocator buffers) throws IOException {
        long inCells;
        byte[] rest;
        synchronized (this) {
            rest = tail;
            inCells = length - rest.length;
        }
        long to = Math.min(inCells, (offset / DiskObject.RUN + 1) * DiskObject.RUN);
        boolean isBehind = offset >= inCells;
        int room = isBehind ? rest.length : Math.toIntExact(to - offset / Geometry.CELL * Geometry.CELL);
        var into = buffers.directBuffer(room, room);
        boolean done = false;
        try {
            if (isBehind) into.writeBytes(rest, (int) (offset - inCells), (int) (inCells + rest.length - offset));
            else open().files().read(body, inCells, offset, to, into);
            done = true;
            return into;
        } finally {
            if (!done) into.release();
        }
    }

    /// Lets the object be found, if the ticket still holds and there is room for the record.
    public boolean commit(Ticket ticket, byte[] key) throws IOException {
        if (contents.isEmpty()) return false;
        int text = key.length + index.head(ticket).length;
        byte[] inside;
        try {
            inside = finish(text);
        } catch (NoRoomException _) {
            return false;
        }
        Runs cells;
        synchronized (this) {
            cells = taken;
        }
        beforeCommit.clear();
        var committed = contents.get().commit(ticket, key, length(), body, inside, cells);
        synchronized (this) {
            resident = committed.map(Contents.Committed::resident).orElse(null);
            giveBackSpare();
        }
        return committed.map(Contents.Committed::isStored).orElse(false);
    }

    /// Finds a place for the end of the body.
    ///
    /// @return it, if that is the record
    private byte[] finish(int text) throws IOException {
        byte[] rest;
        synchronized (this) {
            rest = tail;
        }
        boolean isInside = ObjectRecord.isInside(rest.length, body.count(), text);
        if (!isInside) body.add(write(rest, rest.length), this::writeList);
        int left = isInside ? rest.length : 0;
        body.finish(ObjectRecord.bodyPlaces(left, text), this::writeList);
        return isInside ? rest : new byte[0];
    }

    private synchronized long length() {
        return length;
    }

    private void giveBackSpare() {
        for (int cell : spare) index.giveBack(new int[] {cell});
        spare.clear();
    }

    /// Holds a committed object again that was released before; false if it can no longer be found. Does not wait.
    public synchronized boolean holdAgain() {
        return resident != null && index.holdIfLive(resident);
    }

    /// Gives up the cells: the object's if it was committed, else they are free. Does not wait.
    public synchronized void release() {
        if (resident != null) {
            index.release(resident);
        } else {
            giveBackSpare();
            index.giveBack(taken);
            taken = new Runs();
            length = 0;
        }
    }
}

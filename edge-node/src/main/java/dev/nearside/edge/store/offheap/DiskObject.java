package dev.nearside.edge.store.offheap;

import dev.nearside.edge.key.CacheKey.Digest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.util.Arrays;

/// An object that was found on disk: its cells stay until it is closed, whatever becomes of it meanwhile.
public final class DiskObject {

    /// Bytes that are read at a time; within one list of cells.
    static final int RUN = 16 * Geometry.CELL;

    private final Contents contents;
    private final Resident resident;
    private final ObjectRecord object;
    private final byte[] text;

    /// @param text its key and its head
    DiskObject(Contents contents, Resident resident, ObjectRecord object, byte[] text) {
        this.contents = contents;
        this.resident = resident;
        this.object = object;
        this.text = text;
    }

    ObjectRecord record() {
        return object;
    }

    /// As it was given to {@link DiskTier#announce} or {@link DiskTier#freshen}.
    public byte[] head() {
        return Arrays.copyOfRange(text, object.keySize(), text.length);
    }

    /// The key that it was stored under.
    public byte[] key() {
        return Arrays.copyOf(text, object.keySize());
    }

    public Digest digest() {
        return resident.digest;
    }

    /// Bytes of the body.
    public long length() {
        return object.length();
    }

    /// Whether it can still be found. Does not wait.
    public boolean isLive() {
        return contents.index().isLive(resident);
    }

    /// One more holder for the same object. Does not wait; only for a holder.
    public void hold() {
        contents.index().hold(resident);
    }

    /// Gives it up, once for each holder. Does not wait.
    public void close() {
        contents.index().release(resident);
    }

    /// Lets nobody find it again, since its head cannot be read.
    public void drop(String why) {
        contents.drop(resident, new DamagedException(why));
    }

    /// Lets nobody find it again, since it is no longer true.
    public void forget() {
        contents.forget(resident);
    }

    /// Some bytes from an offset on, at least one if there are any; checked. A damaged object is dropped.
    public ByteBuf read(long offset, ByteBufAllocator buffers) throws IOException {
        return read(offset, Math.min(object.length(), (offset / RUN + 1) * RUN), buffers);
    }

    /// The whole body, in a buffer of just its size.
    public ByteBuf readWhole(ByteBufAllocator buffers) throws IOException {
        return read(0, object.length(), buffers);
    }

    private ByteBuf read(long from, long to, ByteBufAllocator buffers) throws IOException {
        long start = from / Geometry.CELL * Geometry.CELL;
        int room = Math.toIntExact(to - start);
        var into = buffers.directBuffer(room, room);
        boolean done = false;
        try {
            long inCells = object.length() - object.tail().length;
            if (from < inCells) contents.files().read(object.body(), inCells, from, Math.min(to, inCells), into);
            int tailFrom = (int) Math.max(0, from - inCells);
            if (to > inCells) into.writeBytes(object.tail(), tailFrom, (int) (to - inCells) - tailFrom);
            done = true;
            return into;
        } catch (DamagedException e) {
            contents.drop(resident, e);
            throw e;
        } finally {
            if (!done) into.release();
        }
    }
}

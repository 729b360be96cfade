package dev.nearside.edge.store.offheap;

import dev.nearside.edge.key.CacheKey.Digest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;

/// An object that was found on disk: its blocks stay until it is closed, whatever becomes of it meanwhile.
public final class DiskObject {

    /// Blocks that are read at a time.
    static final int RUN = 4;

    private final Shard shard;
    private final Index index;
    private final Resident resident;
    private final ObjectRecord object;

    DiskObject(Shard shard, Index index, Resident resident, ObjectRecord object) {
        this.shard = shard;
        this.index = index;
        this.resident = resident;
        this.object = object;
    }

    /// As it was given to {@link DiskTier#announce} or {@link DiskTier#freshen}.
    public byte[] head() {
        return object.head();
    }

    /// The key that it was stored under.
    public byte[] key() {
        return object.key();
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
        return index.isLive(resident);
    }

    /// One more holder for the same object. Does not wait; only for a holder.
    public void hold() {
        index.hold(resident);
    }

    /// Gives it up, once for each holder. Does not wait.
    public void close() {
        index.release(resident);
    }

    /// Lets nobody find it again, since its head cannot be read.
    public void drop(String why) {
        shard.drop(index, resident, new DamagedException(why));
    }

    /// Lets nobody find it again, since it is no longer true.
    public void forget() {
        shard.forget(index, resident);
    }

    /// Some bytes from an offset on, at least one if there are any; checked. A damaged object is dropped.
    public ByteBuf read(long offset, ByteBufAllocator buffers) throws IOException {
        long start = offset / Geometry.BLOCK * Geometry.BLOCK;
        return read(offset, Math.min(object.length(), start + RUN * Geometry.BLOCK), buffers);
    }

    /// The whole body, in a buffer of just its size.
    public ByteBuf readWhole(ByteBufAllocator buffers) throws IOException {
        return read(0, object.length(), buffers);
    }

    private ByteBuf read(long from, long to, ByteBufAllocator buffers) throws IOException {
        long start = from / Geometry.BLOCK * Geometry.BLOCK;
        int room = Math.toIntExact(to - start);
        var into = buffers.directBuffer(room, room);
        boolean done = false;
        try {
            shard.read(object.slots(), object.checksums(), object.length(), from, to, into);
            done = true;
            return into;
        } catch (DamagedException e) {
            shard.drop(index, resident, e);
            throw e;
        } finally {
            if (!done) into.release();
        }
    }
}

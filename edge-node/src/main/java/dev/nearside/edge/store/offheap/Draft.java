package dev.nearside.edge.store.offheap;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// An object that is being written: it owns its blocks, what was appended can be read, and nobody finds it yet.
///
/// One thread at a time appends; any number read what was appended before.
public final class Draft {

    private final Shard shard;
    private final Index index;
    // Guarded by this; entries below the appended length never change.
    private int[] slots = {};
    private int[] checksums = {};
    private long length;
    private @Nullable Resident resident;

    Draft(Shard shard) {
        this.shard = shard;
        this.index = shard.index();
    }

    /// Makes sure that bodies up to this length can be appended; false if there is no room.
    public boolean reserve(long bytes) throws IOException {
        int more;
        synchronized (this) {
            if (bytes > (long) shard.geometry().objectBlocks() * Geometry.BLOCK) return false;
            more = Geometry.blocksFor(bytes) - slots.length;
        }
        if (more <= 0) return true;
        var reserved = shard.reserve(index, more);
        if (reserved.isEmpty()) return false;
        synchronized (this) {
            int before = slots.length;
            slots = Arrays.copyOf(slots, before + more);
            System.arraycopy(reserved.get(), 0, slots, before, more);
            checksums = Arrays.copyOf(checksums, slots.length);
        }
        return true;
    }

    /// Appends readable bytes of a buffer, which stays as it is; whole blocks, but for the last time.
    public void append(ByteBuf bytes) throws IOException {
        var block = new byte[Geometry.BLOCK];
        int end = bytes.writerIndex();
        for (int at = bytes.readerIndex(); at < end; ) {
            int size = Math.min(Geometry.BLOCK, end - at);
            bytes.getBytes(at, block, 0, size);
            int number = Math.toIntExact(length() / Geometry.BLOCK);
            int checksum = write(slot(number), block, size);
            synchronized (this) {
                checksums[number] = checksum;
                length += size;
            }
            at += size;
        }
    }

    private int write(int slot, byte[] block, int size) throws IOException {
        try {
            return shard.write(slot, block, size);
        } catch (IOException e) {
            index.retire(slot);
            throw e;
        }
    }

    private synchronized int slot(int number) {
        return slots[number];
    }

    private synchronized long length() {
        return length;
    }

    /// Some of the appended bytes from an offset on.
    public ByteBuf read(long offset, ByteBufAllocator buffers) throws IOException {
        int[] blocks;
        int[] sums;
        long appended;
        synchronized (this) {
            blocks = slots;
            sums = checksums;
            appended = length;
        }
        long start = offset / Geometry.BLOCK * Geometry.BLOCK;
        long to = Math.min(appended, start + DiskObject.RUN * Geometry.BLOCK);
        int room = Math.toIntExact(to - start);
        var into = buffers.directBuffer(room, room);
        boolean done = false;
        try {
            shard.read(blocks, sums, appended, offset, to, into);
            done = true;
            return into;
        } finally {
            if (!done) into.release();
        }
    }

    /// Lets the object be found, if the ticket still holds and there is room for the record.
    public boolean commit(Ticket ticket, byte[] key) throws IOException {
        ObjectRecord object;
        synchronized (this) {
            int used = Geometry.blocksFor(length);
            if (used < slots.length) {
                index.giveBack(Arrays.copyOfRange(slots, used, slots.length));
                slots = Arrays.copyOf(slots, used);
                checksums = Arrays.copyOf(checksums, used);
            }
            object = new ObjectRecord(key, index.head(ticket), length, slots, checksums);
        }
        Optional<Resident> committed = shard.commit(index, ticket, object);
        synchronized (this) {
            resident = committed.orElse(null);
        }
        return committed.isPresent();
    }

    /// Holds a committed object again that was released before; false if it can no longer be found. Does not wait.
    public synchronized boolean holdAgain() {
        return resident != null && index.holdIfLive(resident);
    }

    /// Gives up the blocks: the object's if it was committed, else they are free. Does not wait.
    public synchronized void release() {
        if (resident != null) {
            index.release(resident);
        } else {
            index.giveBack(slots);
            slots = new int[0];
            length = 0;
        }
    }
}

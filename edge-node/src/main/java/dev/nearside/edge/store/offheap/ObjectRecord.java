package dev.nearside.edge.store.offheap;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/// What a shard knows of one object beside its body. Its bytes lie in the record of fixed size, or in blocks of
/// their own if they do not fit.
///
/// @param key all of it, since a digest alone would trust chance
/// @param head opaque here
/// @param slots the blocks of the body, in order
/// @param checksums one for each of them
@SuppressWarnings("ArrayRecordComponent") // bytes as they lie in the file, compared by nobody
record ObjectRecord(byte[] key, byte[] head, long length, int[] slots, int[] checksums) {

    private static final int MAGIC = 0x4e53_5231;

    /// Magic, checksum, generation, length of the body, size of the details, number of their blocks.
    private static final int FIXED = 4 + 4 + 8 + 8 + 4 + 4;

    private static final int INLINE = Geometry.RECORD - FIXED;
    private static final int MOST_DETAIL_BLOCKS = INLINE / 8;

    /// As many blocks of body as details of a hundred kilobytes less than the largest can list.
    static final int MOST_BLOCKS = (MOST_DETAIL_BLOCKS * Geometry.BLOCK - 100 * 1024) / 8;

    /// The fixed part of a record: where the details are, and what they must be.
    ///
    /// @param details inside the record; empty if they lie in blocks
    /// @param detailSlots and `detailChecksums`: those blocks
    @SuppressWarnings("ArrayRecordComponent") // the same
    record Frame(
            long generation, long length, int detailSize, byte[] details, int[] detailSlots, int[] detailChecksums) {}

    /// The same object under another head.
    ObjectRecord under(byte[] other) {
        return new ObjectRecord(key, other, length, slots, checksums);
    }

    /// The bytes of everything but the length.
    byte[] details() {
        var out = ByteBuffer.allocate(12 + key.length + head.length + 8 * slots.length);
        out.putInt(key.length).put(key).putInt(head.length).put(head).putInt(slots.length);
        for (int i = 0; i < slots.length; i++) out.putInt(slots[i]).putInt(checksums[i]);
        return out.array();
    }

    /// How many blocks details of this size need: none if they fit into the record.
    static int detailBlocks(int size) {
        return size <= INLINE ? 0 : Geometry.blocksFor(size);
    }

    static boolean fits(int detailSize) {
        return detailBlocks(detailSize) <= MOST_DETAIL_BLOCKS;
    }

    static ObjectRecord of(Frame frame, byte[] details) throws DamagedException {
        try {
            var in = ByteBuffer.wrap(details);
            var key = new byte[in.getInt()];
            in.get(key);
            var head = new byte[in.getInt()];
            in.get(head);
            int count = in.getInt();
            if (count != Geometry.blocksFor(frame.length()) || in.remaining() != 8 * count) {
                throw new DamagedException("length and blocks differ");
            }
            var slots = new int[count];
            var checksums = new int[count];
            for (int i = 0; i < count; i++) {
                slots[i] = in.getInt();
                checksums[i] = in.getInt();
            }
            return new ObjectRecord(key, head, frame.length(), slots, checksums);
        } catch (BufferUnderflowException | NegativeArraySizeException e) {
            throw new DamagedException("details are cut off: " + e);
        }
    }

    /// The record itself, padded to its size.
    static byte[] write(Frame frame) {
        var bytes = new byte[Geometry.RECORD];
        var out = ByteBuffer.wrap(bytes);
        out.putInt(MAGIC)
                .putInt(0)
                .putLong(frame.generation())
                .putLong(frame.length())
                .putInt(frame.detailSize())
                .putInt(frame.detailSlots().length)
                .put(frame.details());
        for (int i = 0; i < frame.detailSlots().length; i++) {
            out.putInt(frame.detailSlots()[i]).putInt(frame.detailChecksums()[i]);
        }
        return out.putInt(4, BlockFile.checksum(ByteBuffer.wrap(bytes, 8, bytes.length - 8)))
                .array();
    }

    static Frame read(byte[] bytes) throws DamagedException {
        var in = ByteBuffer.wrap(bytes);
        if (bytes.length != Geometry.RECORD
                || in.getInt() != MAGIC
                || in.getInt() != BlockFile.checksum(ByteBuffer.wrap(bytes, 8, bytes.length - 8))) {
            throw new DamagedException("record has another checksum");
        }
        long generation = in.getLong();
        long length = in.getLong();
        int size = in.getInt();
        int blocks = in.getInt();
        if (length < 0 || size < 0 || blocks != detailBlocks(size) || !fits(size)) {
            throw new DamagedException("record contradicts itself");
        }
        var details = new byte[blocks == 0 ? size : 0];
        in.get(details);
        var slots = new int[blocks];
        var checksums = new int[blocks];
        for (int i = 0; i < blocks; i++) {
            slots[i] = in.getInt();
            checksums[i] = in.getInt();
        }
        return new Frame(generation, length, size, details, slots, checksums);
    }
}

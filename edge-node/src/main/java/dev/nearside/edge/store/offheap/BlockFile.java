package dev.nearside.edge.store.offheap;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/// The blocks of a shard, numbered from zero. Writing a block that exists never needs room.
final class BlockFile implements AutoCloseable {

    private final MapFile map;
    // The key of each slot: chosen so that every segment holds exactly its share of the slots.
    private final int[] keys;

    BlockFile(MapFile map, Geometry geometry) {
        this.map = map;
        this.keys = keys(map, geometry);
    }

    static MapFile.Shape shape(Geometry geometry) {
        return new MapFile.Shape(
                Geometry.BLOCK_KEY,
                Geometry.BLOCK,
                geometry.blockSegments(),
                geometry.blocks() / geometry.blockSegments());
    }

    private static int[] keys(MapFile map, Geometry geometry) {
        int share = geometry.blocks() / geometry.blockSegments();
        var taken = new int[geometry.blockSegments()];
        var keys = new int[geometry.blocks()];
        int found = 0;
        for (int candidate = 0; found < keys.length; candidate++) {
            int segment = map.segment(key(candidate));
            if (taken[segment] == share) continue;
            taken[segment]++;
            keys[found++] = candidate;
        }
        return keys;
    }

    private static byte[] key(int number) {
        return ByteBuffer.allocate(Geometry.BLOCK_KEY).putLong(number).array();
    }

    /// Writes the beginning of a block from a scratch array of a block's size.
    ///
    /// @return the checksum of what was written
    int write(int slot, byte[] block, int length) throws IOException {
        map.put(key(keys[slot]), block);
        return checksum(ByteBuffer.wrap(block, 0, length));
    }

    /// Appends a part of a block to a buffer, if the block's beginning still has its checksum.
    ///
    /// @param used how many bytes of the block the checksum covers
    void read(int slot, int used, int checksum, int from, int to, ByteBuf into) throws IOException {
        int at = into.writerIndex();
        if (!map.read(key(keys[slot]), 0, used, into)) throw new DamagedException("block " + slot + " is missing");
        if (checksum(into.internalNioBuffer(at, used)) != checksum) {
            into.writerIndex(at);
            throw new DamagedException("block " + slot + " has another checksum");
        }
        if (from > 0) into.setBytes(at, into, at + from, to - from);
        into.writerIndex(at + to - from);
    }

    static int checksum(ByteBuffer bytes) {
        var crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    MapFile map() {
        return map;
    }

    @Override
    public void close() {
        map.close();
    }
}

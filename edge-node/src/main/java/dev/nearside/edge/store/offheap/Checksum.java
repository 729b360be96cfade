package dev.nearside.edge.store.offheap;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/// What is written with bytes to know them again.
final class Checksum {

    private Checksum() {}

    static int of(byte[] bytes, int from, int to) {
        var crc = new CRC32C();
        crc.update(bytes, from, to - from);
        return (int) crc.getValue();
    }

    static int of(ByteBuffer bytes) {
        var crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }
}

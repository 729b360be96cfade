package dev.nearside.edge.store.offheap;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/// Which cells may hold a record, in a small file beside them: whoever looks for records need not read the bodies.
///
/// A bit is set before the record is written and cleared after it is gone, so a process that is killed leaves too many
/// bits rather than too few. One thread at a time changes it.
final class RecordBits implements AutoCloseable {

    private final FileChannel channel;
    private final byte[] bits;

    private RecordBits(FileChannel channel, byte[] bits) {
        this.channel = channel;
        this.bits = bits;
    }

    private static int bytes(Geometry geometry) {
        return (geometry.cells() + 7) / 8;
    }

    static RecordBits create(Path file, Geometry geometry) throws IOException {
        var bits = new byte[bytes(geometry)];
        Files.write(file, bits);
        return new RecordBits(FileChannel.open(file, StandardOpenOption.WRITE), bits);
    }

    /// Opens the file; where it is not what it was, every cell may hold a record.
    static RecordBits open(Path file, Geometry geometry) throws IOException {
        var bits = new byte[bytes(geometry)];
        boolean isWhole = Files.exists(file) && Files.size(file) == bits.length;
        if (isWhole) {
            bits = Files.readAllBytes(file);
        } else {
            Arrays.fill(bits, (byte) -1);
            Files.write(file, bits);
        }
        return new RecordBits(FileChannel.open(file, StandardOpenOption.WRITE), bits);
    }

    boolean get(int cell) {
        return (bits[cell >> 3] & (1 << (cell & 7))) != 0;
    }

    void set(int cell) throws IOException {
        write(cell, bits[cell >> 3] | (1 << (cell & 7)));
    }

    void clear(int cell) throws IOException {
        write(cell, bits[cell >> 3] & ~(1 << (cell & 7)));
    }

    private void write(int cell, int value) throws IOException {
        int at = cell >> 3;
        if (bits[at] == (byte) value) return;
        channel.write(ByteBuffer.wrap(new byte[] {(byte) value}), at);
        bits[at] = (byte) value;
    }

    void force() throws IOException {
        channel.force(false);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}

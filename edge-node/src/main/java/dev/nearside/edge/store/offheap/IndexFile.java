package dev.nearside.edge.store.offheap;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a shard's index knew at one moment, so that the next process need not read every record.
///
/// Arrays lie in the file as they do in memory, one after the other: a node that starts takes them in at the speed of
/// copying, and does so before it has compiled anything.
final class IndexFile {

    private static final Logger LOG = LoggerFactory.getLogger(IndexFile.class);

    /// What one object takes in the file at most, with what a policy has learned of it.
    static final int PER_OBJECT = 36;

    private static final int MAGIC = 0x4e53_4932;

    /// Magic, entries, words and bytes of the rest, generation.
    private static final int HEADER = 4 * Integer.BYTES + Long.BYTES;

    private static final int PER_ENTRY = 2 * Integer.BYTES + 2 * Long.BYTES;
    private static final int CHUNK = 1 << 16;

    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ORDER);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ORDER);

    private final Path file;
    private final int cells;

    IndexFile(Path file, int cells) {
        this.file = file;
        this.cells = cells;
    }

    /// @param owned the cells of these entries
    /// @param learned what the policy wrote
    @SuppressWarnings("ArrayRecordComponent") // moved in bulk, compared by nobody
    record Content(long lastGeneration, Entries.Copy entries, BitSet owned, byte[] learned) {}

    /// Writes the file anew; waits until it is on the disk.
    void write(Content content) throws IOException {
        var draft = file.resolveSibling(file.getFileName() + ".new");
        if (size(content) > (long) cells * PER_OBJECT) {
            throw new IOException("%d bytes of index (expected: at most %d for each of %d cells)"
                    .formatted(size(content), PER_OBJECT, cells));
        }
        try (var channel = FileChannel.open(
                draft, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            var out = new Output(channel);
            var entries = content.entries();
            var words = content.owned().toLongArray();
            out.ints(MAGIC, entries.cell().length, words.length, content.learned().length);
            out.longs(content.lastGeneration());
            out.ints(entries.cell());
            out.ints(entries.units());
            out.longs(entries.high());
            out.longs(entries.low());
            out.longs(words);
            out.bytes(content.learned());
            out.finish();
            channel.force(false);
        }
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static long size(Content content) {
        return (long) PER_ENTRY * content.entries().cell().length
                + content.owned().length() / 8
                + content.learned().length;
    }

    /// Collects what is written, with a checksum at its end.
    private static final class Output {
        private final FileChannel channel;
        private final CRC32C checksum = new CRC32C();
        private final ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK).order(ORDER);

        Output(FileChannel channel) {
            this.channel = channel;
        }

        void ints(int... values) throws IOException {
            for (int at = 0; at < values.length; ) {
                int count = Math.min(values.length - at, room(Integer.BYTES));
                chunk.asIntBuffer().put(values, at, count);
                chunk.position(chunk.position() + count * Integer.BYTES);
                at += count;
            }
        }

        void longs(long... values) throws IOException {
            for (int at = 0; at < values.length; ) {
                int count = Math.min(values.length - at, room(Long.BYTES));
                chunk.asLongBuffer().put(values, at, count);
                chunk.position(chunk.position() + count * Long.BYTES);
                at += count;
            }
        }

        void bytes(byte... values) throws IOException {
            for (int at = 0; at < values.length; ) {
                int count = Math.min(values.length - at, room(1));
                chunk.put(values, at, count);
                at += count;
            }
        }

        void finish() throws IOException {
            flush();
            chunk.putLong(checksum.getValue());
            flush();
        }

        /// For how many values of a size there is room, at least one.
        private int room(int size) throws IOException {
            if (chunk.remaining() < size) flush();
            return chunk.remaining() / size;
        }

        private void flush() throws IOException {
            chunk.flip();
            checksum.update(chunk.duplicate());
            while (chunk.hasRemaining()) channel.write(chunk);
            chunk.clear();
        }
    }

    /// What was written, if anything was and it is sound.
    Optional<Content> read() {
        if (!Files.exists(file)) return Optional.empty();
        try (var channel = FileChannel.open(file, StandardOpenOption.READ);
                var arena = Arena.ofConfined()) {
            long size = channel.size() - Long.BYTES;
            if (size < HEADER || size > Integer.MAX_VALUE)
                throw new DamagedException("index of %d bytes".formatted(size));
            var all = channel.map(FileChannel.MapMode.READ_ONLY, 0, size + Long.BYTES, arena);
            var in = new Input(all.asSlice(0, size));
            if (all.get(LONG, size) != in.checksum()) throw new DamagedException("index has another checksum");
            return Optional.of(read(in));
        } catch (IOException | RuntimeException | InternalError e) {
            // The error is a page that the device did not bring.
            LOG.warn("{}: is not used, {}", file, e.toString());
            return Optional.empty();
        }
    }

    private Content read(Input in) throws IOException {
        var header = in.ints(4);
        if (header[0] != MAGIC) throw new DamagedException("not an index");
        int end = count(header[1], cells);
        int words = count(header[2], cells / Long.SIZE + 1);
        int learned = count(header[3], Integer.MAX_VALUE);
        if (in.size() != HEADER + (long) PER_ENTRY * end + (long) Long.BYTES * words + learned) {
            throw new DamagedException("index of another size than it says");
        }
        long lastGeneration = in.longs(1)[0];
        var cell = in.ints(end);
        for (int place : cell) if (place >= cells) throw new DamagedException("no such cell");
        var units = in.ints(end);
        var entries = new Entries.Copy(in.longs(end), in.longs(end), cell, units);
        return new Content(lastGeneration, entries, BitSet.valueOf(in.longs(words)), in.bytes(learned));
    }

    private static int count(int count, int most) throws IOException {
        if (count < 0 || count > most) throw new DamagedException("count: " + count);
        return count;
    }

    /// Takes arrays out of the mapped file, from its beginning on.
    private static final class Input {
        private final MemorySegment file;
        private long at;

        Input(MemorySegment file) {
            this.file = file;
        }

        long size() {
            return file.byteSize();
        }

        long checksum() {
            var checksum = new CRC32C();
            checksum.update(file.asByteBuffer());
            return checksum.getValue();
        }

        int[] ints(int count) {
            var values = new int[count];
            MemorySegment.copy(file, INT, at, values, 0, count);
            at += (long) count * Integer.BYTES;
            return values;
        }

        long[] longs(int count) {
            var values = new long[count];
            MemorySegment.copy(file, LONG, at, values, 0, count);
            at += (long) count * Long.BYTES;
            return values;
        }

        byte[] bytes(int count) {
            var values = new byte[count];
            MemorySegment.copy(file, ValueLayout.JAVA_BYTE, at, values, 0, count);
            at += count;
            return values;
        }
    }
}

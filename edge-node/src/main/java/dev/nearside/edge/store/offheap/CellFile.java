package dev.nearside.edge.store.offheap;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import net.openhft.chronicle.algo.hashing.LongHashFunction;
import net.openhft.chronicle.hash.ChronicleHash;
import net.openhft.chronicle.hash.Data;
import net.openhft.chronicle.hash.impl.BigSegmentHeader;
import net.openhft.chronicle.hash.impl.VanillaChronicleHash;
import net.openhft.chronicle.map.ChronicleMap;
import net.openhft.chronicle.map.ChronicleMapBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The cells of a shard, numbered from zero: a Chronicle Map in a file that is reserved in full and never grows.
///
/// A cell comes into the map when it is first written, and stays: from then on it is overwritten in place, so there is
/// nothing in the map's own structure that a killed process could leave half changed. Checksums are left to whoever
/// knows what belongs together.
final class CellFile implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CellFile.class);

    private static final LongHashFunction HASH = LongHashFunction.xx_r39();
    private static final int NUMBER_BITS = 40;
    private static final int SAMPLES = 64;

    private final Path file;
    private final ChronicleMap<byte[], byte[]> map;
    // Held for reading while mapped memory is touched, for writing when it is unmapped.
    private final ReadWriteLock mapping = new ReentrantReadWriteLock();
    private boolean closed;

    private CellFile(Path file, ChronicleMap<byte[], byte[]> map) throws IOException {
        this.file = file;
        this.map = map;
        checkKeys();
    }

    /// Makes the file, or opens one. Nobody else has it open.
    static CellFile open(Path file, Geometry geometry) throws IOException {
        var map = builder(geometry).createPersistedTo(file.toFile());
        forgetLocks(map);
        return new CellFile(file, map);
    }

    /// Opens a file whose machine went down while cells were coming into it: pages that belong together may be of
    /// different times.
    static CellFile recover(Path file, Geometry geometry) throws IOException {
        return new CellFile(
                file,
                builder(geometry)
                        .recoverPersistedTo(
                                file.toFile(), true, found -> LOG.debug("{}: mended {}", file, found.message())));
    }

    private static ChronicleMapBuilder<byte[], byte[]> builder(Geometry geometry) {
        return ChronicleMapBuilder.of(byte[].class, byte[].class)
                .constantKeySizeBySample(new byte[Geometry.KEY])
                .constantValueSizeBySample(new byte[Geometry.CELL])
                .entries(geometry.cells())
                .actualSegments(Geometry.SEGMENTS)
                .entriesPerSegment(geometry.cells() / Geometry.SEGMENTS)
                .maxBloatFactor(1)
                .allowSegmentTiering(false)
                .putReturnsNull(true)
                .removeReturnsNull(true)
                .checksumEntries(false)
                .skipCloseOnExitHook(true);
    }

    /// A process that is killed leaves locks in the file that nobody would ever give back, and a later access
    /// would wait for them. The tier holds a lock on the directory: no lock in the file means anything now.
    private static void forgetLocks(ChronicleHash<?, ?, ?, ?> map) {
        if (!(map instanceof VanillaChronicleHash<?, ?, ?, ?> hash)) return;
        for (int segment = 0; segment < hash.actualSegments; segment++) {
            BigSegmentHeader.INSTANCE.resetLock(hash.segmentHeaderAddress(segment));
        }
    }

    // ---- keys

    /// The key of a cell: its number, and on top of it the first number with which it belongs to its segment. So each
    /// segment holds exactly its share of the cells, and none is full before the others.
    private static byte[] key(int cell) {
        int segment = cell % Geometry.SEGMENTS;
        long key = cell;
        while (((int) HASH.hashLong(key) & (Geometry.SEGMENTS - 1)) != segment) key += 1L << NUMBER_BITS;
        return ByteBuffer.allocate(Geometry.KEY)
                .order(ByteOrder.nativeOrder())
                .putLong(key)
                .array();
    }

    /// The library's own way from a key to a segment is not part of what it promises.
    private void checkKeys() throws IOException {
        for (int cell = 0; cell < SAMPLES; cell++) {
            try (var context = map.queryContext(key(cell))) {
                if (context.segmentIndex() == cell % Geometry.SEGMENTS) continue;
            }
            map.close();
            throw new IOException("%s: cell %d is not in its segment".formatted(file, cell));
        }
    }

    // ---- cells

    /// Writes the beginning of a cell; what lies behind it in the cell is left to chance.
    @SuppressWarnings("restricted") // the address and size come from the map, whose write lock is held
    void write(int cell, byte[] bytes, int length) throws IOException {
        mapping.readLock().lock();
        try {
            refuseIfClosed();
            try (var context = map.queryContext(key(cell))) {
                context.writeLock().lock();
                var entry = context.entry();
                if (entry == null) {
                    var absent = context.absentEntry();
                    if (absent == null) throw new IllegalStateException("neither there nor absent");
                    context.insert(absent, context.wrapValueAsData(Arrays.copyOf(bytes, Geometry.CELL)));
                } else {
                    MemorySegment.copy(MemorySegment.ofArray(bytes), 0, memory(entry.value()), 0, length);
                }
            }
        } catch (IllegalStateException e) {
            throw new IOException("cell %d cannot be written to %s".formatted(cell, file), e);
        } finally {
            mapping.readLock().unlock();
        }
    }

    /// Copies the beginning of a cell; false if it was never written.
    boolean read(int cell, byte[] into, int length) throws IOException {
        return read(cell, MemorySegment.ofArray(into), length);
    }

    /// Appends the beginning of a cell to a buffer; false if it was never written.
    boolean read(int cell, int length, ByteBuf into) throws IOException {
        int at = into.writerIndex();
        if (!read(cell, MemorySegment.ofBuffer(into.internalNioBuffer(at, length)), length)) return false;
        into.writerIndex(at + length);
        return true;
    }

    private boolean read(int cell, MemorySegment into, int length) throws IOException {
        mapping.readLock().lock();
        try {
            refuseIfClosed();
            try (var context = map.queryContext(key(cell))) {
                context.readLock().lock();
                var entry = context.entry();
                if (entry == null) return false;
                // One copy from the mapped file, without a heap array between: three times as fast as get().
                MemorySegment.copy(memory(entry.value()), 0, into, 0, length);
                return true;
            }
        } finally {
            mapping.readLock().unlock();
        }
    }

    @SuppressWarnings("restricted") // the address and size come from the map, whose lock the caller holds
    private static MemorySegment memory(Data<byte[]> value) {
        long address = value.bytes().addressForRead(value.offset());
        return MemorySegment.ofAddress(address).reinterpret(value.size());
    }

    /// How many cells have come into the map.
    long count() {
        return map.longSize();
    }

    /// Waits until everything written is on the disk.
    void force() throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(false);
        }
    }

    long size() throws IOException {
        return Files.size(file);
    }

    private void refuseIfClosed() throws IOException {
        if (closed) throw new IOException(file + " is closed");
    }

    @Override
    public void close() {
        mapping.writeLock().lock();
        try {
            closed = true;
            map.close();
        } finally {
            mapping.writeLock().unlock();
        }
    }
}

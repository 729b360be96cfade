package dev.nearside.edge.store.offheap;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BiConsumer;
import java.util.function.Function;
import net.openhft.chronicle.hash.ChronicleHash;
import net.openhft.chronicle.hash.Data;
import net.openhft.chronicle.hash.impl.BigSegmentHeader;
import net.openhft.chronicle.hash.impl.VanillaChronicleHash;
import net.openhft.chronicle.map.ChronicleMap;
import net.openhft.chronicle.map.ChronicleMapBuilder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A Chronicle Map of keys and values of fixed size, in a file that is reserved in full.
///
/// It never grows and has no tiers: a put under a key that is there overwrites in place.
/// Checksums are left to our own records, which also know what belongs together.
final class MapFile implements AutoCloseable {

    /// Size and number of what goes in.
    record Shape(int key, int value, int segments, int perSegment) {}

    private static final Logger LOG = LoggerFactory.getLogger(MapFile.class);

    private final Path file;
    private final ChronicleMap<byte[], byte[]> map;
    // Held for reading while mapped memory is touched, for writing when it is unmapped.
    private final ReadWriteLock mapping = new ReentrantReadWriteLock();
    private boolean closed;

    private MapFile(Path file, ChronicleMap<byte[], byte[]> map) {
        this.file = file;
        this.map = map;
    }

    /// Makes the file, or opens one that was left in order.
    static MapFile open(Path file, Shape shape) throws IOException {
        var map = builder(shape).createPersistedTo(file.toFile());
        forgetLocks(map);
        return new MapFile(file, map);
    }

    /// Opens a file that was being written when its process died.
    static MapFile recover(Path file, Shape shape) throws IOException {
        // What it finds is what a killed process leaves; what it cannot mend it throws.
        return new MapFile(
                file,
                builder(shape)
                        .recoverPersistedTo(
                                file.toFile(), true, found -> LOG.debug("{}: mended {}", file, found.message())));
    }

    private static ChronicleMapBuilder<byte[], byte[]> builder(Shape shape) {
        return ChronicleMapBuilder.of(byte[].class, byte[].class)
                .constantKeySizeBySample(new byte[shape.key()])
                .constantValueSizeBySample(new byte[shape.value()])
                .entries((long) shape.segments() * shape.perSegment())
                .actualSegments(shape.segments())
                .entriesPerSegment(shape.perSegment())
                .maxBloatFactor(1)
                .allowSegmentTiering(false)
                .putReturnsNull(true)
                .removeReturnsNull(true)
                .checksumEntries(false)
                .skipCloseOnExitHook(true);
    }

    /// A process that is killed while it reads leaves read locks in the file that nobody would ever give back, and
    /// a later write would wait for them. Nobody else has the file open (the tier holds a lock on the directory),
    /// so no lock in it means anything.
    private static void forgetLocks(ChronicleHash<?, ?, ?, ?> map) {
        if (!(map instanceof VanillaChronicleHash<?, ?, ?, ?> hash)) return;
        for (int segment = 0; segment < hash.actualSegments; segment++) {
            BigSegmentHeader.INSTANCE.resetLock(hash.segmentHeaderAddress(segment));
        }
    }

    void put(byte[] key, byte[] value) throws IOException {
        mapping.readLock().lock();
        try {
            refuseIfClosed();
            map.put(key, value);
        } catch (IllegalStateException e) {
            throw new IOException("no room in " + file, e);
        } finally {
            mapping.readLock().unlock();
        }
    }

    void remove(byte[] key) throws IOException {
        mapping.readLock().lock();
        try {
            refuseIfClosed();
            map.remove(key);
        } finally {
            mapping.readLock().unlock();
        }
    }

    /// The value under a key, copied; null if there is none.
    byte @Nullable [] get(byte[] key) throws IOException {
        return reading(key, value -> {
            var copy = new byte[(int) value.byteSize()];
            MemorySegment.copy(value, 0, MemorySegment.ofArray(copy), 0, copy.length);
            return copy;
        });
    }

    /// Appends a part of the value under a key to a buffer; false if there is no such key.
    boolean read(byte[] key, int from, int length, ByteBuf into) throws IOException {
        int at = into.writerIndex();
        var copied = reading(key, value -> {
            var target = MemorySegment.ofBuffer(into.internalNioBuffer(at, length));
            MemorySegment.copy(value, from, target, 0, length);
            return true;
        });
        if (copied == null) return false;
        into.writerIndex(at + length);
        return true;
    }

    // One copy from the mapped file, without a heap array between: three times as fast as get().
    @SuppressWarnings("restricted") // the address and size come from the map, whose read lock is held
    private <T> @Nullable T reading(byte[] key, Function<MemorySegment, T> use) throws IOException {
        mapping.readLock().lock();
        try {
            refuseIfClosed();
            try (var context = map.queryContext(key)) {
                context.readLock().lock();
                var entry = context.entry();
                if (entry == null) return null;
                Data<byte[]> value = entry.value();
                long address = value.bytes().addressForRead(value.offset());
                return use.apply(MemorySegment.ofAddress(address).reinterpret(value.size()));
            }
        } finally {
            mapping.readLock().unlock();
        }
    }

    /// Hands every key and value to a reader, one segment at a time.
    void forEach(BiConsumer<byte[], byte[]> reader) throws IOException {
        mapping.readLock().lock();
        try {
            refuseIfClosed();
            map.forEach(reader);
        } finally {
            mapping.readLock().unlock();
        }
    }

    /// Which segment a key belongs to.
    int segment(byte[] key) {
        try (var context = map.queryContext(key)) {
            return context.segmentIndex();
        }
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

package dev.nearside.edge.store;

import dev.nearside.edge.file.ReadOnlyDisk;
import dev.nearside.edge.http.LogPosition;
import dev.nearside.edge.key.CacheKey.Target;
import dev.nearside.model.distribution.DistributionId;
import dev.nearside.model.invalidation.Invalidation;
import dev.nearside.model.invalidation.Invalidation.Effect;
import dev.nearside.model.invalidation.InvalidationPath;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The invalidations a node knows of, in a file that only grows at its end: what was written before a crash is read
/// after it.
///
/// Each line is its size, its checksum and its bytes. Reading ends at the first line that is torn; the feed brings
/// again what came after it. One thread at a time calls it.
final class InvalidationLog implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(InvalidationLog.class);

    private static final int KILL = 1;
    private static final int MOVE = 2;
    private static final int CHANGE = 3;
    private static final int FORGOTTEN = 4;
    private static final int SOFT_KILL = 5;
    private static final int FOLDED = 6;
    private static final int LONGEST_LINE = 64 << 20;

    /// What the node learned.
    sealed interface Line {

        /// An invalidation, hard or soft; the moment of a soft one is the one that this node reckons by.
        record Kill(Invalidation invalidation) implements Line {}

        /// The log was at a position.
        ///
        /// @param floor lower than the position if the invalidations in between are known, as after compacting
        record Move(LogPosition position, long floor) implements Line {}

        /// A request has changed this on its way through the node.
        record Change(long number, Target target) implements Line {}

        /// Changes up to this one are no longer written here.
        record Forgotten(long number) implements Line {}

        /// These rules have done their work.
        record Folded(Fold fold) implements Line {}
    }

    private final Path file;
    private final long compactAbove;
    // Null on a disk that took no changes when the log was opened.
    private @Nullable FileChannel channel;
    private long compactAt;

    private InvalidationLog(Path file, long compactAbove, @Nullable FileChannel channel) {
        this.file = file;
        this.compactAbove = compactAbove;
        this.channel = channel;
        this.compactAt = compactAbove;
    }

    /// Opens the file and hands each of its lines to a reader.
    ///
    /// @param compactAbove size in bytes from which on it is worth writing the file anew
    static InvalidationLog open(Path file, long compactAbove, Consumer<Line> reader) throws IOException {
        long sound = Files.exists(file) ? read(file, reader) : 0;
        FileChannel channel;
        try {
            channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            if (!ReadOnlyDisk.isWhy(e, file)) throw e;
            return new InvalidationLog(file, compactAbove, null);
        }
        if (channel.size() > sound) {
            LOG.warn("{}: {} bytes at its end were torn off", file, channel.size() - sound);
            channel.truncate(sound);
        }
        channel.position(sound);
        return new InvalidationLog(file, compactAbove, channel);
    }

    private static long read(Path file, Consumer<Line> reader) throws IOException {
        long sound = 0;
        try (var in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            long left = Files.size(file);
            while (left >= 8) {
                int size = in.readInt();
                int checksum = in.readInt();
                if (size < 1 || size > LONGEST_LINE || size > left - 8) break;
                var bytes = in.readNBytes(size);
                if (bytes.length < size || checksum(bytes) != checksum) break;
                reader.accept(line(bytes));
                sound += 8L + size;
                left -= 8L + size;
            }
        }
        return sound;
    }

    /// Writes lines and waits until they are on the disk. What was folded leaves the file.
    void append(List<Line> lines) throws IOException {
        var open = channel;
        if (open == null) throw new IOException(file + " cannot be written");
        long before = open.position();
        try {
            for (var line : lines) write(open, line);
            open.force(false);
        } catch (IOException e) {
            // Half a line would hide all that come after it.
            open.truncate(before);
            open.position(before);
            throw e;
        }
        boolean isFolded = lines.stream().anyMatch(Line.Folded.class::isInstance);
        if (!isFolded && open.size() <= compactAt) return;
        try {
            compact(open);
        } catch (IOException e) {
            // The lines are written all the same.
            compactAt = 2 * open.size();
            LOG.warn("{}: stays as long as it is, {}", file, e.toString());
        }
    }

    /// Writes the file anew with one line for each path that was invalidated hard, its latest, and all that were so
    /// softly; with the last two epochs, and the latest changes; without what was folded.
    private void compact(FileChannel open) throws IOException {
        record Reach(String epoch, String distribution, InvalidationPath path, long softPosition) {}
        Map<Reach, Invalidation> latest = new LinkedHashMap<>();
        var ends = new LinkedHashMap<String, Line.Move>();
        var changes = new LinkedHashMap<Target, Line.Change>();
        var forgotten = new AtomicLong();
        var foldedChanges = new AtomicLong();
        read(file, line -> {
            switch (line) {
                case Line.Kill(var kill) -> {
                    for (var path : kill.paths()) {
                        long soft = kill.effect() instanceof Effect.Soft ? kill.position() : 0;
                        latest.merge(
                                new Reach(kill.epoch(), kill.distribution().value(), path, soft),
                                kill,
                                (a, b) -> a.position() > b.position() ? a : b);
                    }
                    var end = ends.remove(kill.epoch());
                    long number = Math.max(
                            kill.position(), end == null ? 0 : end.position().number());
                    ends.put(
                            kill.epoch(),
                            new Line.Move(
                                    new LogPosition(kill.epoch(), number),
                                    end == null ? kill.position() : end.floor()));
                }
                case Line.Change change -> {
                    changes.remove(change.target());
                    changes.put(change.target(), change);
                }
                case Line.Forgotten(var number) -> forgotten.accumulateAndGet(number, Math::max);
                case Line.Folded(var fold) -> {
                    latest.entrySet()
                            .removeIf(entry -> entry.getValue().position()
                                    <= fold.upTo(entry.getKey().epoch()));
                    changes.values().removeIf(change -> change.number() <= fold.changes());
                    foldedChanges.accumulateAndGet(fold.changes(), Math::max);
                }
                case Line.Move move -> {
                    ends.remove(move.position().epoch());
                    ends.put(move.position().epoch(), move);
                }
            }
        });
        while (ends.size() > 2) ends.remove(ends.firstEntry().getKey());
        while (changes.size() > InvalidationRules.MOST_CHANGES / 8) {
            forgotten.accumulateAndGet(changes.pollFirstEntry().getValue().number(), Math::max);
        }

        var draft = file.resolveSibling(file.getFileName() + ".new");
        try (var out = FileChannel.open(
                draft, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            for (var epoch : ends.keySet()) {
                write(out, new Line.Move(new LogPosition(epoch, 0), 0));
                // In their order again: were the end ever lost, the position read would not be ahead of what is known.
                var reaches = latest.entrySet().stream()
                        .filter(entry -> entry.getKey().epoch().equals(epoch))
                        .sorted(Comparator.comparingLong(
                                entry -> entry.getValue().position()))
                        .toList();
                for (var entry : reaches) {
                    var kill = entry.getValue();
                    var path = List.of(entry.getKey().path());
                    write(
                            out,
                            new Line.Kill(new Invalidation(
                                    kill.id(), epoch, kill.position(), kill.distribution(), path, kill.effect())));
                }
                write(out, ends.get(epoch));
            }
            if (forgotten.get() > 0) write(out, new Line.Forgotten(forgotten.get()));
            // The count goes on where it was, or later changes would be taken for earlier ones.
            if (foldedChanges.get() > 0) write(out, new Line.Folded(new Fold(Map.of(), foldedChanges.get())));
            for (var change : changes.values()) write(out, change);
            out.force(true);
        }
        // The one that is open is given up when the other has taken its place: not before, or nothing could be written.
        var shorter = FileChannel.open(draft, StandardOpenOption.WRITE);
        try {
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            shorter.close();
            throw e;
        }
        open.close();
        shorter.position(shorter.size());
        channel = shorter;
        compactAt = Math.max(compactAbove, 2 * shorter.size());
    }

    long size() throws IOException {
        return Files.size(file);
    }

    private static void write(FileChannel channel, Line line) throws IOException {
        var bytes = bytes(line);
        var out = ByteBuffer.allocate(8 + bytes.length);
        out.putInt(bytes.length).putInt(checksum(bytes)).put(bytes).flip();
        while (out.hasRemaining()) channel.write(out);
    }

    private static byte[] bytes(Line line) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var out = new DataOutputStream(bytes);
        switch (line) {
            case Line.Kill(var kill) -> {
                switch (kill.effect()) {
                    case Effect.Hard() -> out.writeByte(KILL);
                    case Effect.Soft(var since) -> {
                        out.writeByte(SOFT_KILL);
                        out.writeLong(since.toEpochMilli());
                    }
                }
                writeText(out, kill.id());
                writeText(out, kill.epoch());
                out.writeLong(kill.position());
                writeText(out, kill.distribution().value());
                out.writeInt(kill.paths().size());
                for (var path : kill.paths()) writeText(out, path.written());
            }
            case Line.Change(var number, var target) -> {
                out.writeByte(CHANGE);
                out.writeLong(number);
                writeText(out, target.distribution());
                writeText(out, target.raw());
                writeText(out, target.normal());
            }
            case Line.Forgotten(var number) -> {
                out.writeByte(FORGOTTEN);
                out.writeLong(number);
            }
            case Line.Folded(var fold) -> {
                out.writeByte(FOLDED);
                out.writeLong(fold.changes());
                out.writeInt(fold.upTo().size());
                for (var epoch : fold.upTo().entrySet()) {
                    writeText(out, epoch.getKey());
                    out.writeLong(epoch.getValue());
                }
            }
            case Line.Move(var position, var floor) -> {
                out.writeByte(MOVE);
                writeText(out, position.epoch());
                out.writeLong(position.number());
                out.writeLong(floor);
            }
        }
        return bytes.toByteArray();
    }

    private static Line line(byte[] bytes) throws IOException {
        var in = new DataInputStream(new ByteArrayInputStream(bytes));
        int kind = in.readByte();
        return switch (kind) {
            case KILL -> kill(in, new Effect.Hard());
            case SOFT_KILL -> kill(in, new Effect.Soft(Instant.ofEpochMilli(in.readLong())));
            case FOLDED -> {
                long changes = in.readLong();
                int count = in.readInt();
                var upTo = new HashMap<String, Long>();
                for (int i = 0; i < count; i++) upTo.put(readText(in), in.readLong());
                yield new Line.Folded(new Fold(upTo, changes));
            }
            case MOVE -> new Line.Move(new LogPosition(readText(in), in.readLong()), in.readLong());
            case CHANGE -> new Line.Change(in.readLong(), new Target(readText(in), readText(in), readText(in)));
            case FORGOTTEN -> new Line.Forgotten(in.readLong());
            default -> throw new IOException("kind of line: " + kind);
        };
    }

    private static Line kill(DataInputStream in, Effect effect) throws IOException {
        var id = readText(in);
        var epoch = readText(in);
        long position = in.readLong();
        var distribution = new DistributionId(readText(in));
        int count = in.readInt();
        var paths = new ArrayList<InvalidationPath>();
        for (int i = 0; i < count; i++) paths.add(InvalidationPath.parse(readText(in)));
        return new Line.Kill(new Invalidation(id, epoch, position, distribution, paths, effect));
    }

    private static void writeText(DataOutputStream out, String text) throws IOException {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static String readText(DataInputStream in) throws IOException {
        return new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
    }

    private static int checksum(byte[] bytes) {
        var crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    @Override
    public void close() throws IOException {
        if (channel != null) channel.close();
    }
}

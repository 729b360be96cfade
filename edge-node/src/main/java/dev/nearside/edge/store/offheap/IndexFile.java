package dev.nearside.edge.store.offheap;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.BitSet;
import java.util.Optional;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a shard's index knew at one moment, so that the next process need not read every record.
final class IndexFile {

    private static final Logger LOG = LoggerFactory.getLogger(IndexFile.class);

    /// What one object takes in the file at most, with what a policy has learned of it.
    static final int PER_OBJECT = 36;

    private static final int MAGIC = 0x4e53_4931;
    private static final int BUFFER = 1 << 16;

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
        try (var bytes = new FileOutputStream(draft.toFile())) {
            var checked = new CheckedOutputStream(new BufferedOutputStream(bytes, BUFFER), new CRC32C());
            var out = new DataOutputStream(new BufferedOutputStream(checked, BUFFER));
            out.writeInt(MAGIC);
            out.writeLong(content.lastGeneration());
            var entries = content.entries();
            out.writeInt(entries.cell().length);
            for (int entry = 0; entry < entries.cell().length; entry++) {
                out.writeInt(entries.cell()[entry]);
                out.writeInt(entries.units()[entry]);
                out.writeLong(entries.high()[entry]);
                out.writeLong(entries.low()[entry]);
            }
            var words = content.owned().toLongArray();
            out.writeInt(words.length);
            for (long word : words) out.writeLong(word);
            out.writeInt(content.learned().length);
            out.write(content.learned());
            out.flush();
            out.writeLong(checked.getChecksum().getValue());
            out.flush();
            bytes.getChannel().force(false);
        }
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static long size(Content content) {
        return 24L * content.entries().cell().length + content.owned().length() / 8 + content.learned().length;
    }

    /// What was written, if anything was and it is sound.
    Optional<Content> read() {
        if (!Files.exists(file)) return Optional.empty();
        try {
            check();
            try (var in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), BUFFER))) {
                return Optional.of(read(in));
            }
        } catch (IOException | RuntimeException e) {
            LOG.warn("{}: is not used, {}", file, e.toString());
            return Optional.empty();
        }
    }

    private void check() throws IOException {
        long left = Files.size(file) - Long.BYTES;
        var crc = new CRC32C();
        var chunk = new byte[BUFFER];
        try (var in = new DataInputStream(Files.newInputStream(file))) {
            while (left > 0) {
                int size = (int) Math.min(left, chunk.length);
                in.readFully(chunk, 0, size);
                crc.update(chunk, 0, size);
                left -= size;
            }
            if (left < 0 || in.readLong() != crc.getValue()) throw new DamagedException("index has another checksum");
        }
    }

    private Content read(DataInputStream in) throws IOException {
        if (in.readInt() != MAGIC) throw new DamagedException("not an index");
        long lastGeneration = in.readLong();
        int end = count(in, cells);
        var entries = new Entries.Copy(new long[end], new long[end], new int[end], new int[end]);
        for (int entry = 0; entry < end; entry++) {
            entries.cell()[entry] = in.readInt();
            entries.units()[entry] = in.readInt();
            entries.high()[entry] = in.readLong();
            entries.low()[entry] = in.readLong();
            if (entries.cell()[entry] >= cells) throw new DamagedException("no such cell");
        }
        var words = new long[count(in, cells / Long.SIZE + 1)];
        for (int i = 0; i < words.length; i++) words[i] = in.readLong();
        var learned = new byte[count(in, Integer.MAX_VALUE / 2)];
        in.readFully(learned);
        return new Content(lastGeneration, entries, BitSet.valueOf(words), learned);
    }

    private static int count(DataInputStream in, int most) throws IOException {
        int count = in.readInt();
        if (count < 0 || count > most) throw new DamagedException("count: " + count);
        return count;
    }
}

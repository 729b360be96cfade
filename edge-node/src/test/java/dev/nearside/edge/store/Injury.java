package dev.nearside.edge.store;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/// What may befall a store's files while nobody has them open.
enum Injury {
    CELLS_FLIPPED("cells.map"),
    CELLS_HEADER_FLIPPED("cells.map"),
    CELLS_HEADER_OVERWRITTEN("cells.map"),
    CELLS_TRUNCATED("cells.map"),
    CELLS_GONE("cells.map"),
    INDEX_FLIPPED("index"),
    INDEX_TRUNCATED("index"),
    INDEX_GONE("index"),
    BITS_FLIPPED("records.bits"),
    BITS_TRUNCATED("records.bits"),
    BITS_GONE("records.bits"),
    LAYOUT_FLIPPED("layout"),
    LAYOUT_TRUNCATED("layout"),
    LAYOUT_GONE("layout"),
    MARK_GONE("dirty"),
    LOG_FLIPPED("invalidations.log"),
    LOG_TRUNCATED("invalidations.log");

    static final List<Injury> ALL = List.of(values());

    private static final int HEADER = 40_000;

    private final String name;

    Injury(String name) {
        this.name = name;
    }

    /// Does it to one of the shards; false if there is nothing to do it to.
    boolean inflict(Path store, int shards, Random random) throws IOException {
        var file = name.startsWith("invalidations")
                ? store.resolve(name)
                : store.resolve("shard-%02d".formatted(random.nextInt(shards))).resolve(name);
        if (!Files.exists(file) || Files.size(file) == 0) return false;
        switch (this) {
            case CELLS_FLIPPED -> flip(file, HEADER, Files.size(file), 1 + random.nextInt(400), random);
            case CELLS_HEADER_FLIPPED -> flip(file, 0, HEADER, 1 + random.nextInt(20), random);
            case CELLS_HEADER_OVERWRITTEN -> overwrite(file, HEADER, random);
            case BITS_FLIPPED -> flip(file, 0, Files.size(file), 1 + random.nextInt(20), random);
            case INDEX_FLIPPED, LAYOUT_FLIPPED, LOG_FLIPPED -> flip(file, 0, Files.size(file), 1, random);
            case CELLS_TRUNCATED, INDEX_TRUNCATED, BITS_TRUNCATED, LAYOUT_TRUNCATED, LOG_TRUNCATED ->
                truncate(file, random);
            case CELLS_GONE, INDEX_GONE, BITS_GONE, LAYOUT_GONE, MARK_GONE -> Files.delete(file);
        }
        return true;
    }

    private static void flip(Path path, long from, long to, int times, Random random) throws IOException {
        try (var file = new RandomAccessFile(path.toFile(), "rw")) {
            for (int i = 0; i < times; i++) {
                long at = from + random.nextLong(Math.min(to, file.length()) - from);
                file.seek(at);
                int old = file.read();
                file.seek(at);
                file.write(old ^ 1 << random.nextInt(8));
            }
        }
    }

    private static void overwrite(Path path, int length, Random random) throws IOException {
        var noise = new byte[length];
        random.nextBytes(noise);
        try (var file = new RandomAccessFile(path.toFile(), "rw")) {
            file.write(noise);
        }
    }

    private static void truncate(Path path, Random random) throws IOException {
        try (var file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(random.nextLong(file.length()));
        }
    }
}

package dev.nearside.edge.store.offheap;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A shard's directory: what is in it, whether it can be trusted, and where it goes if not.
final class ShardFolder {

    private static final Logger LOG = LoggerFactory.getLogger(ShardFolder.class);

    private static final String RECORDS = "objects.map";
    private static final String BLOCKS = "blocks.map";
    private static final String LAYOUT = "layout";
    private static final String MARK = "dirty";
    private static final String ASIDE = ".damaged-";

    private final Path folder;
    private final Geometry geometry;
    private final String layout;

    ShardFolder(Path folder, Geometry geometry, String place) {
        this.folder = folder;
        this.geometry = geometry;
        this.layout = "nearside store 1, shard %s, %s".formatted(place, geometry);
    }

    /// Whether there are files that belong to this shard as it is set up now.
    boolean mayBeOpened() throws IOException {
        return Files.exists(folder.resolve(LAYOUT))
                && Files.readAllLines(folder.resolve(LAYOUT)).getFirst().equals(layout);
    }

    /// Whether its process ended while it wrote.
    boolean isMarked() {
        return Files.exists(folder.resolve(MARK));
    }

    /// Bytes that creating the shard will take from the disk; none if it will be opened.
    long missingBytes(long whole) throws IOException {
        return mayBeOpened() ? 0 : Math.max(0, whole - size(folder));
    }

    /// Opens the files, repairing them first if their process died while it wrote.
    ShardFiles open() throws IOException {
        checkSizes();
        var mark = new DirtyMark(folder.resolve(MARK));
        if (mark.isSet()) LOG.info("{}: was being written when its process ended, recovering", this);
        var records = mark.isSet()
                ? MapFile.recover(folder.resolve(RECORDS), recordShape())
                : MapFile.open(folder.resolve(RECORDS), recordShape());
        try {
            var blocks = mark.isSet()
                    ? MapFile.recover(folder.resolve(BLOCKS), BlockFile.shape(geometry))
                    : MapFile.open(folder.resolve(BLOCKS), BlockFile.shape(geometry));
            return new ShardFiles(records, new BlockFile(blocks, geometry), mark);
        } catch (IOException | RuntimeException | Error e) {
            records.close();
            throw e;
        }
    }

    /// Touching a mapped page behind the end of its file would end the process.
    private void checkSizes() throws IOException {
        var lines = Files.readAllLines(folder.resolve(LAYOUT));
        for (var name : List.of(RECORDS, BLOCKS)) {
            var file = folder.resolve(name);
            long size = Files.exists(file) ? Files.size(file) : -1;
            if (!lines.contains(sizeLine(name, size))) {
                throw new DamagedException("%s has %d bytes (expected: as in %s)".formatted(file, size, LAYOUT));
            }
        }
    }

    private static String sizeLine(String name, long size) {
        return name + " " + size;
    }

    /// Makes an empty shard, with all its bytes reserved. What was left of an earlier attempt or of other settings
    /// goes.
    ShardFiles create() throws IOException {
        delete(folder);
        Files.createDirectories(folder);
        Files.createFile(folder.resolve(MARK));
        var records = MapFile.open(folder.resolve(RECORDS), recordShape());
        try {
            var blocks = MapFile.open(folder.resolve(BLOCKS), BlockFile.shape(geometry));
            var files = new ShardFiles(records, new BlockFile(blocks, geometry), new DirtyMark(folder.resolve(MARK)));
            var lines = List.of(layout, sizeLine(RECORDS, records.size()), sizeLine(BLOCKS, blocks.size()));
            var draft = folder.resolve(LAYOUT + ".new");
            Files.write(draft, lines);
            Files.move(draft, folder.resolve(LAYOUT), StandardCopyOption.ATOMIC_MOVE);
            return files;
        } catch (IOException | RuntimeException | Error e) {
            records.close();
            throw e;
        }
    }

    private MapFile.Shape recordShape() {
        return new MapFile.Shape(
                Geometry.RECORD_KEY, Geometry.RECORD, geometry.recordSegments(), geometry.recordsPerSegment());
    }

    /// Moves a folder that cannot be used out of the way, for somebody to look at. Only the last one is kept.
    void setAside(Throwable why) throws IOException {
        int number = 1;
        for (var earlier : aside()) {
            var name = earlier.getFileName().toString();
            var suffix = name.substring(name.lastIndexOf('-') + 1);
            if (suffix.matches("\\d{1,9}")) number = Math.max(number, Integer.parseInt(suffix) + 1);
            delete(earlier);
        }
        var place = folder.resolveSibling(folder.getFileName() + ASIDE + number);
        Files.move(folder, place);
        LOG.error("{}: cannot be used and starts empty, what was there is in {}", this, place, why);
    }

    /// Deletes what was set aside.
    void forgetDamaged() throws IOException {
        for (var path : aside()) delete(path);
    }

    private List<Path> aside() throws IOException {
        var parent = folder.toAbsolutePath().getParent();
        if (parent == null || !Files.isDirectory(parent)) return List.of();
        try (Stream<Path> siblings = Files.list(parent)) {
            return siblings.filter(path -> path.getFileName().toString().startsWith(folder.getFileName() + ASIDE))
                    .toList();
        }
    }

    static long size(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) return 0;
        long sum = 0;
        try (var files = Files.walk(folder)) {
            for (var file : (Iterable<Path>) files::iterator) if (Files.isRegularFile(file)) sum += Files.size(file);
        }
        return sum;
    }

    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) return;
        var paths = new ArrayList<Path>();
        try (var walk = Files.walk(folder)) {
            walk.forEach(paths::add);
        }
        for (var path : paths.reversed()) Files.delete(path);
    }

    @Override
    public String toString() {
        return folder.toString();
    }
}

package dev.nearside.edge.store.offheap;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A shard's directory: what is in it, whether it can be trusted, and where it goes if not.
final class ShardFolder {

    private static final Logger LOG = LoggerFactory.getLogger(ShardFolder.class);

    private static final String CELLS = "cells.map";
    private static final String BITS = "records.bits";
    private static final String INDEX = "index";
    private static final String LAYOUT = "layout";
    private static final String CELLS_OF = "nearside store 2, cells: ";
    private static final String RECORDS = "records begin with ";
    private static final String MARK = "dirty";
    private static final String ASIDE = ".damaged-";

    private final Path folder;
    private final Geometry geometry;
    private final String layout;

    ShardFolder(Path folder, Geometry geometry) {
        this.folder = folder;
        this.geometry = geometry;
        this.layout = CELLS_OF + geometry.cells();
    }

    /// How the shard in a folder is cut; empty if there is none that can be used.
    static Optional<Geometry> geometry(Path folder) throws IOException {
        var file = folder.resolve(LAYOUT);
        if (!Files.exists(file)) return Optional.empty();
        var line = Files.readString(file, StandardCharsets.ISO_8859_1)
                .lines()
                .findFirst()
                .orElse("");
        var number = line.startsWith(CELLS_OF) ? line.substring(CELLS_OF.length()) : "";
        if (!number.matches("[1-9]\\d{0,8}")) return Optional.empty();
        int cells = Integer.parseInt(number);
        return cells % Geometry.SEGMENTS == 0 ? Optional.of(new Geometry(cells)) : Optional.empty();
    }

    Path path() {
        return folder;
    }

    Geometry geometry() {
        return geometry;
    }

    /// Whether there are files that belong to this shard as it is set up now.
    boolean mayBeOpened() throws IOException {
        return layoutLines().stream().findFirst().filter(layout::equals).isPresent();
    }

    /// None if there is no such file. It may hold any bytes, which an encoding with rules would refuse to read.
    private List<String> layoutLines() throws IOException {
        var file = folder.resolve(LAYOUT);
        return Files.exists(file) ? Files.readAllLines(file, StandardCharsets.ISO_8859_1) : List.of();
    }

    /// Whether its process ended while it wrote.
    boolean isMarked() {
        return new DirtyMark(folder.resolve(MARK)).isSet();
    }

    /// Whether the machine went down while it was written: its files have to be repaired before anything is read.
    boolean isTorn() {
        var mark = new DirtyMark(folder.resolve(MARK));
        try {
            return mark.isSet() && !mark.isOfThisRun();
        } catch (IOException _) {
            return true;
        }
    }

    /// Bytes that creating the shard will take from the disk; none if it will be opened.
    long missingBytes() throws IOException {
        return mayBeOpened() ? 0 : Math.max(0, geometry.bytes() - size(folder));
    }

    /// Opens the files. Those of a process that was killed need no repair; those of a machine that went down do.
    ShardFiles open() throws IOException {
        checkSizes();
        var mark = new DirtyMark(folder.resolve(MARK));
        boolean isTorn = isTorn();
        if (isTorn) LOG.info("{}: was being written when the machine went down, recovering", this);
        var cells = isTorn
                ? CellFile.recover(folder.resolve(CELLS), geometry)
                : CellFile.open(folder.resolve(CELLS), geometry);
        try {
            return new ShardFiles(
                    recordMark(), cells, RecordBits.open(folder.resolve(BITS), geometry), indexFile(), mark);
        } catch (IOException | RuntimeException | Error e) {
            cells.close();
            throw e;
        }
    }

    private long recordMark() throws IOException {
        for (var line : layoutLines()) {
            if (line.startsWith(RECORDS)) return Long.parseUnsignedLong(line.substring(RECORDS.length()), 16);
        }
        throw new DamagedException("%s does not say how records begin".formatted(folder.resolve(LAYOUT)));
    }

    private IndexFile indexFile() {
        return new IndexFile(folder.resolve(INDEX), geometry.cells());
    }

    /// Touching a mapped page behind the end of its file would end the process.
    private void checkSizes() throws IOException {
        var lines = layoutLines();
        var file = folder.resolve(CELLS);
        long size = Files.exists(file) ? Files.size(file) : -1;
        if (!lines.contains(sizeLine(CELLS, size))) {
            throw new DamagedException("%s has %d bytes (expected: as in %s)".formatted(file, size, LAYOUT));
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
        DirtyMark.write(folder.resolve(MARK));
        var cells = CellFile.open(folder.resolve(CELLS), geometry);
        try {
            long recordMark = new SecureRandom().nextLong();
            var files = new ShardFiles(
                    recordMark,
                    cells,
                    RecordBits.create(folder.resolve(BITS), geometry),
                    indexFile(),
                    new DirtyMark(folder.resolve(MARK)));
            var draft = folder.resolve(LAYOUT + ".new");
            Files.write(draft, List.of(layout, sizeLine(CELLS, cells.size()), RECORDS + Long.toHexString(recordMark)));
            Files.move(draft, folder.resolve(LAYOUT), StandardCopyOption.ATOMIC_MOVE);
            return files;
        } catch (IOException | RuntimeException | Error e) {
            cells.close();
            throw e;
        }
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

package dev.nearside.edge.store.offheap;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;

/// The shards that a directory is to have: those that are there, as far as they fit into the bytes, and as many new
/// ones as the rest is good for.
///
/// So a cache that grows keeps everything, and one that shrinks keeps what lies in the shards that are left. But a
/// digest may then lie in another shard than the one where it would be stored now.
///
/// @param kept those that are there and stay
/// @param made those that are new; in their folders may lie what goes before
/// @param gone folders of shards that are there and go, with what is set aside of them
record Composition(Path directory, List<ShardFolder> kept, List<ShardFolder> made, List<Path> gone) {

    private static final String NAME = "shard-\\d{2,4}";
    private static final String ASIDE = "(\\.damaged-\\d+)?";
    private static final String LIST = "shards";
    private static final String RESIZED = "resized";

    Composition {
        kept = List.copyOf(kept);
        made = List.copyOf(made);
        gone = List.copyOf(gone);
    }

    /// Decides, and changes nothing yet.
    ///
    /// @param directory that may not be there yet
    /// @param count of shards, if all of them were new
    static Composition of(Path directory, long bytes, int count) throws IOException {
        long left = bytes;
        var kept = new ArrayList<ShardFolder>();
        for (var folder : folders(directory, NAME)) {
            var geometry = ShardFolder.geometry(folder);
            if (geometry.isEmpty() || geometry.get().bytes() > left) continue;
            kept.add(new ShardFolder(folder, geometry.get()));
            left -= geometry.get().bytes();
        }
        var made = new ArrayList<ShardFolder>();
        var sizes = sizes(left, bytes / count, kept.isEmpty());
        for (int number = 0; !sizes.isEmpty(); number++) {
            var folder = directory.resolve("shard-%02d".formatted(number));
            if (kept.stream().noneMatch(other -> other.path().equals(folder))) {
                made.add(new ShardFolder(folder, sizes.removeLast()));
            }
        }
        return new Composition(directory, kept, made, others(directory, kept, made));
    }

    /// All that are to be, in an order that stays.
    List<ShardFolder> shards() {
        return Stream.concat(kept.stream(), made.stream())
                .sorted(Comparator.comparing(ShardFolder::path))
                .toList();
    }

    /// The shards that are there and go, those among them in whose place new ones are made.
    List<Path> dropped() throws IOException {
        return folders(directory, NAME).stream()
                .filter(folder -> kept.stream().noneMatch(stays -> stays.path().equals(folder)))
                .toList();
    }

    /// In bytes: what the disk gets back of what goes, and of what was set aside, which goes when there is no room.
    long freed() throws IOException {
        var all = new HashSet<>(gone);
        for (var folder : folders(directory, NAME + ASIDE)) {
            if (!folder.getFileName().toString().matches(NAME)) all.add(folder);
        }
        long sum = 0;
        for (var folder : all) sum += ShardFolder.size(folder);
        return sum;
    }

    /// Deletes what goes, and writes down what stays.
    ///
    /// @return whether a digest may lie in another shard than the one where it would be stored now: from the first
    /// change on, until no shard of that time is left
    boolean establish() throws IOException {
        for (var folder : gone) ShardFolder.delete(folder);
        return isMixed(directory, shards(), kept.isEmpty());
    }

    private static List<Path> folders(Path directory, String name) throws IOException {
        if (!Files.isDirectory(directory)) return List.of();
        try (var entries = Files.list(directory)) {
            return entries.filter(path -> path.getFileName().toString().matches(name))
                    .sorted()
                    .toList();
        }
    }

    /// Shards of about the usual size; of a rest that is small in comparison only what it is.
    private static List<Geometry> sizes(long left, long usual, boolean isAll) {
        var sizes = new ArrayList<Geometry>();
        // What rounding left over is no shard.
        if (!isAll && (left < Geometry.SMALLEST || left < usual / 8)) return sizes;
        long number = Math.max(1, (left + usual / 2) / usual);
        for (long i = 0; i < number; i++) sizes.add(Geometry.within(left / number));
        return sizes;
    }

    private static List<Path> others(Path directory, List<ShardFolder> kept, List<ShardFolder> made)
            throws IOException {
        var names = new HashSet<String>();
        for (var folder : kept) names.add(folder.path().getFileName().toString());
        for (var folder : made) names.add(folder.path().getFileName().toString());
        return folders(directory, NAME + ASIDE).stream()
                .filter(path -> !names.contains(path.getFileName().toString().replaceFirst("\\..*", "")))
                .toList();
    }

    /// The order of the shards says where a digest is stored: whether it has always been this one.
    private static boolean isMixed(Path directory, List<ShardFolder> all, boolean isNew) throws IOException {
        var now = all.stream()
                .map(ShardFolder::path)
                .map(Path::getFileName)
                .map(Path::toString)
                .toList();
        var list = directory.resolve(LIST);
        var mark = directory.resolve(RESIZED);
        if (isNew) Files.deleteIfExists(mark);
        boolean isOther = !isNew
                && (!Files.exists(list)
                        || !Files.readAllLines(list, StandardCharsets.ISO_8859_1)
                                .equals(now));
        if (isOther && !Files.exists(mark)) Files.createFile(mark);
        if (isNew || isOther) Files.write(list, now);
        return Files.exists(mark);
    }
}

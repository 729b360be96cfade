package dev.nearside.edge.store.offheap;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;

/// The shards that a directory is to have: those that are there, as far as they fit into the bytes, and as many new
/// ones as the rest is good for.
///
/// So a cache that grows keeps everything, and one that shrinks keeps what lies in the shards that are left. But a
/// digest may then lie in another shard than the one where it would be stored now.
///
/// @param isMixed whether that may be so: from the first change on, until no shard of that time is left
record Composition(List<ShardFolder> shards, boolean isMixed) {

    private static final String NAME = "shard-\\d{2,4}";
    private static final String ASIDE = "(\\.damaged-\\d+)?";
    private static final String LIST = "shards";
    private static final String RESIZED = "resized";

    Composition {
        shards = List.copyOf(shards);
    }

    /// Decides, and deletes what no longer fits.
    ///
    /// @param count of shards, if all of them were new
    static Composition of(Path directory, long bytes, int count) throws IOException {
        long left = bytes;
        var kept = new ArrayList<ShardFolder>();
        for (var folder : folders(directory)) {
            var geometry = ShardFolder.geometry(folder);
            if (geometry.isEmpty() || geometry.get().bytes() > left) continue;
            kept.add(new ShardFolder(folder, geometry.get()));
            left -= geometry.get().bytes();
        }
        var all = new ArrayList<>(kept);
        var made = sizes(left, bytes / count, kept.isEmpty());
        for (int number = 0; !made.isEmpty(); number++) {
            var folder = directory.resolve("shard-%02d".formatted(number));
            if (kept.stream().noneMatch(other -> other.path().equals(folder))) {
                all.add(new ShardFolder(folder, made.removeLast()));
            }
        }
        all.sort(Comparator.comparing(ShardFolder::path));
        deleteOthers(directory, all);
        return new Composition(all, isMixed(directory, all, kept.isEmpty()));
    }

    private static List<Path> folders(Path directory) throws IOException {
        try (var entries = Files.list(directory)) {
            return entries.filter(path -> path.getFileName().toString().matches(NAME))
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

    private static void deleteOthers(Path directory, List<ShardFolder> all) throws IOException {
        var names = new HashSet<String>();
        for (var folder : all) names.add(folder.path().getFileName().toString());
        List<Path> surplus;
        try (var entries = Files.list(directory)) {
            surplus = entries.filter(path -> path.getFileName().toString().matches(NAME + ASIDE))
                    .filter(path ->
                            !names.contains(path.getFileName().toString().replaceFirst("\\..*", "")))
                    .toList();
        }
        for (var folder : surplus) ShardFolder.delete(folder);
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

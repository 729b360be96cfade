package dev.nearside.load.proof;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/// What befalls a file that nobody has open.
enum Damage {
    FLIPPED_BITS,
    TRUNCATED,
    REMOVED;

    private static final List<Damage> ALL = List.of(values());
    private static final int MOST_FLIPS = 300;

    /// Does it to one of the files of a cache.
    ///
    /// @return which one, and what
    static String inflict(Path cache, Random random) throws IOException {
        try (var files = Files.walk(cache)) {
            var some = files.filter(Files::isRegularFile)
                    .filter(file ->
                            file.toFile().length() > 0 && !file.toString().contains(".damaged-"))
                    .sorted()
                    .toList();
            var file = some.get(random.nextInt(some.size()));
            var damage = ALL.get(random.nextInt(ALL.size()));
            damage.inflictOn(file, random);
            return "%s %s"
                    .formatted(
                            file.getFileName(),
                            damage.name().toLowerCase(Locale.ROOT).replace('_', ' '));
        }
    }

    private void inflictOn(Path path, Random random) throws IOException {
        switch (this) {
            case REMOVED -> Files.delete(path);
            case TRUNCATED -> {
                try (var file = new RandomAccessFile(path.toFile(), "rw")) {
                    file.setLength(random.nextLong(file.length()));
                }
            }
            case FLIPPED_BITS -> {
                try (var file = new RandomAccessFile(path.toFile(), "rw")) {
                    for (int i = 1 + random.nextInt((int) Math.min(MOST_FLIPS, 1 + file.length() / 100)); i > 0; i--) {
                        long at = random.nextLong(file.length());
                        file.seek(at);
                        int old = file.read();
                        file.seek(at);
                        file.write(old ^ 1 << random.nextInt(Byte.SIZE));
                    }
                }
            }
        }
    }
}

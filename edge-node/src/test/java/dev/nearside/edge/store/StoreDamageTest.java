package dev.nearside.edge.store;

import static dev.nearside.edge.store.OpenStore.get;
import static dev.nearside.edge.store.Samples.body;
import static dev.nearside.edge.store.Samples.head;
import static dev.nearside.edge.store.Samples.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StoreDamageTest {

    private static final int OBJECTS = 200;

    @TempDir
    Path directory = Path.of("");

    private static byte[] bytes(int i) {
        return body(i, i % 20 == 0 ? 300_000 + i : 5_000 * (i % 60) / 7);
    }

    private void fill() throws IOException {
        try (var open = new OpenStore(directory)) {
            for (int i = 0; i < OBJECTS; i++) open.put(key("/" + i), head("" + i), bytes(i));
        }
    }

    /// How many objects are still found; each of them is what it was, or its reader fails.
    private static int countSound(OpenStore open) {
        int sound = 0;
        for (int i = 0; i < OBJECTS; i++) {
            var found = open.find(key("/" + i));
            if (found.isEmpty()) continue;
            try (var entry = found.get();
                    var reader = entry.body().reader(0)) {
                assertThat(entry.head()).isEqualTo(head("" + i));
                if (isWhole(reader, bytes(i))) sound++;
            }
        }
        return sound;
    }

    private static boolean isWhole(BodyReader reader, byte[] expected) {
        int at = 0;
        while (true) {
            var next = reader.next().toCompletionStage().toCompletableFuture();
            try {
                next.join();
            } catch (CompletionException broken) {
                return false;
            }
            var buffer = next.join();
            try {
                if (!buffer.isReadable()) return at == expected.length;
                int size = buffer.readableBytes();
                assertThat(buffer).isEqualTo(Unpooled.wrappedBuffer(expected, at, size));
                at += size;
            } finally {
                buffer.release();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"cells.map, 1", "cells.map, 2", "cells.map, 3", "cells.map, 4"})
    void flippedBytesMakeObjectsAbsentNeverWrong(String name, long seed) throws IOException {
        fill();
        var random = new Random(seed);
        for (int shard = 0; shard < 2; shard++) {
            try (var file = new RandomAccessFile(
                    directory.resolve("shard-0" + shard).resolve(name).toFile(), "rw")) {
                // Behind the header, whose damage is another test's matter.
                for (int i = 0; i < 2_000; i++) {
                    long at = 40_000 + random.nextLong(file.length() - 40_000);
                    file.seek(at);
                    int old = file.read();
                    file.seek(at);
                    file.write(old ^ 1 << random.nextInt(8));
                }
            }
        }
        try (var open = new OpenStore(directory)) {
            int sound = countSound(open);
            assertThat(sound).isLessThan(OBJECTS);
            assertThat(countSound(open)).as("dropped once, not found again").isLessThanOrEqualTo(sound);
            for (int i = 0; i < OBJECTS; i++) open.put(key("/" + i), head("" + i), bytes(i));
            assertThat(countSound(open)).as("stored again").isEqualTo(OBJECTS);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"cells.map"})
    void aTruncatedOrMissingFileIsSetAside(String name) throws IOException {
        fill();
        for (int round = 1; round <= 2; round++) {
            var path = directory.resolve("shard-00").resolve(name);
            if (round == 1) {
                try (var file = new RandomAccessFile(path.toFile(), "rw")) {
                    file.setLength(file.length() - 4096);
                }
            } else {
                Files.delete(path);
            }
            try (var open = new OpenStore(directory)) {
                assertThat(countSound(open)).isBetween(1, OBJECTS - 1);
                open.put(key("/new"), head("1"), body(1, 1_000));
            }
            assertThat(directory.resolve("shard-00.damaged-" + round)).exists();
            assertThat(directory.resolve("shard-00.damaged-" + (round - 1))).doesNotExist();
            assertThat(directory.resolve("shard-01.damaged-1")).doesNotExist();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anOverwrittenHeaderIsSetAside(boolean isDirty) throws IOException {
        fill();
        for (var name : new String[] {"shard-00/cells.map", "shard-01/cells.map"}) {
            try (var file = new RandomAccessFile(directory.resolve(name).toFile(), "rw")) {
                file.write(body(1, 100_000));
            }
            if (isDirty) Files.createFile(directory.resolve(name).resolveSibling("dirty"));
        }
        try (var open = new OpenStore(directory)) {
            assertThat(countSound(open)).isZero();
            for (int i = 0; i < OBJECTS; i++) open.put(key("/" + i), head("" + i), bytes(i));
            assertThat(countSound(open)).isEqualTo(OBJECTS);
        }
    }

    @Test
    void aMarkedShardIsRecoveredInFullIfNothingIsWrong() throws IOException {
        fill();
        Files.createFile(directory.resolve("shard-00/dirty"));
        Files.createFile(directory.resolve("shard-01/dirty"));
        try (var open = new OpenStore(directory)) {
            assertThat(countSound(open)).isEqualTo(OBJECTS);
        }
        assertThat(directory.resolve("shard-00/dirty")).doesNotExist();
    }

    /// Without the mark, an index from before would be believed, and what is stored then would be taken for older than
    /// what is there already.
    @Test
    void aMarkThatGotLostBringsNothingBack(@TempDir Path second, @TempDir Path third) throws IOException {
        fill();
        try (var open = new OpenStore(directory)) {
            for (int i = 0; i < 2 * OBJECTS; i++) open.put(key("/" + i % OBJECTS), head("second"), body(i, 100));
            copyAsKilled(directory, second);
        }
        for (var shard : List.of("shard-00", "shard-01"))
            Files.delete(second.resolve(shard).resolve("dirty"));
        try (var open = new OpenStore(second)) {
            for (int i = 0; i < OBJECTS; i++) open.put(key("/" + i), head("third"), body(i, 200));
            copyAsKilled(second, third);
        }
        try (var open = new OpenStore(third)) {
            for (int i = 0; i < OBJECTS; i++)
                assertThat(open.head(key("/" + i))).isEqualTo(head("third"));
        }
    }

    /// What is there of a store whose process is killed just now.
    private static void copyAsKilled(Path from, Path to) throws IOException {
        try (var paths = Files.walk(from)) {
            for (var path : (Iterable<Path>) paths::iterator) {
                var copy = to.resolve(from.relativize(path).toString());
                if (Files.isRegularFile(path)) Files.copy(path, copy);
                else if (!path.equals(from)) Files.createDirectory(copy);
            }
        }
    }

    @Test
    void aShardThatWasOnlyBegunIsBegunAgain() throws IOException {
        fill();
        Files.delete(directory.resolve("shard-00/layout"));
        try (var open = new OpenStore(directory)) {
            assertThat(countSound(open)).isBetween(1, OBJECTS - 1);
        }
        assertThat(directory.resolve("shard-00.damaged-1")).doesNotExist();
    }

    @Test
    void isMarkedWhileItWritesAndCleanWhenQuiet() throws IOException {
        try (var open = new OpenStore(directory)) {
            open.put(key("/a"), head("1"), body(1, 1_000));
            var marks = List.of(directory.resolve("shard-00/dirty"), directory.resolve("shard-01/dirty"));
            assertThat(marks).anyMatch(Files::exists);
            await().until(() -> marks.stream().noneMatch(Files::exists));
            get(open.store.freshen(key("/a"), head("1"), head("2")));
            assertThat(marks).anyMatch(Files::exists);
        }
    }
}

package dev.nearside.edge.store;

import static dev.nearside.edge.store.OpenStore.get;
import static dev.nearside.edge.store.Samples.body;
import static dev.nearside.edge.store.Samples.head;
import static dev.nearside.edge.store.Samples.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A disk that is full or read-only takes no new file: not even the mark without which nothing is written.
class FailingDiskTest {

    private static final int SMALL = 5_000;
    private static final int LARGE = 1_000_000;

    @TempDir
    Path directory = Path.of("");

    private List<Path> marks() {
        return List.of(directory.resolve("shard-00/dirty"), directory.resolve("shard-01/dirty"));
    }

    private void breakDisk() throws IOException {
        await().until(() -> marks().stream().noneMatch(Files::exists));
        for (var mark : marks()) Files.createDirectory(mark);
    }

    private void mendDisk() throws IOException {
        for (var mark : marks()) Files.delete(mark);
    }

    @Test
    void whatComesPassesThroughAndWhatIsThereStays() throws IOException {
        try (var open = new OpenStore(directory)) {
            for (int i = 0; i < 60; i++) open.put(key("/old/" + i), head("1"), body(i, LARGE));
            var before = open.store.usage();
            assertThat(before.disk().evictions()).as("it is full").isPositive();

            breakDisk();
            for (int i = 0; i < 20; i++) {
                var writing = open.store.open(key("/new/" + i), head("2"), LARGE);
                try (var reader = writing.body().reader(0)) {
                    var bytes = body(i, LARGE);
                    for (int at = 0; at < LARGE; at += 50_000) {
                        get(writing.write(open.direct(Arrays.copyOfRange(bytes, at, at + 50_000))));
                        assertThat(OpenStore.take(reader)).isNotEmpty();
                    }
                    get(writing.complete());
                }
                open.put(key("/small/" + i), head("2"), body(i, SMALL));
                assertThat(open.read(key("/small/" + i))).as("from memory").isEqualTo(body(i, SMALL));
                get(open.store.freshen(key("/old/59"), head("1"), head("1")));
            }
            var after = open.store.usage();
            assertThat(after.disk().failures()).as("it is said loudly").isGreaterThanOrEqualTo(40);
            assertThat(after.objects()).isGreaterThanOrEqualTo(before.objects() - 1);
            assertThat(after.disk().evictions()).isEqualTo(before.disk().evictions());

            mendDisk();
            open.put(key("/later"), head("3"), body(3, LARGE));
            assertThat(open.read(key("/later"))).isEqualTo(body(3, LARGE));
        }
        try (var open = new OpenStore(directory)) {
            assertThat(open.read(key("/later"))).isEqualTo(body(3, LARGE));
            assertThat(open.has(key("/new/1"))).isFalse();
            assertThat(open.has(key("/old/57"))).isTrue();
        }
    }
}

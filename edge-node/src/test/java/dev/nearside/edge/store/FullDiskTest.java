package dev.nearside.edge.store;

import static dev.nearside.edge.store.OpenStore.failure;
import static dev.nearside.edge.store.OpenStore.get;
import static dev.nearside.edge.store.Samples.body;
import static dev.nearside.edge.store.Samples.head;
import static dev.nearside.edge.store.Samples.invalidation;
import static dev.nearside.edge.store.Samples.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.edge.http.LogPosition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/// The log of invalidations lies on a device that is always full.
@EnabledIf("isThere")
class FullDiskTest {

    private static final Path FULL = Path.of("/dev/full");
    private static final LogPosition BEFORE = new LogPosition("e", 0);

    @TempDir
    Path directory = Path.of("");

    static boolean isThere() {
        return Files.isWritable(FULL);
    }

    /// A restart goes back to the position before it, and the feed brings it again; a change comes from no feed.
    @Test
    void anInvalidationHoldsAllTheSameAndAChangeIsSaidToHaveFailed() throws IOException {
        Files.createSymbolicLink(directory.resolve("invalidations.log"), FULL);
        try (var open = new OpenStore(directory)) {
            open.put(key("/a"), head("1", BEFORE), body(1, 1_000));
            open.put(key("/b"), head("1", BEFORE), body(2, 1_000));

            get(open.store.apply(invalidation("e", 1, "/a")));
            var changed = open.store.outdate(List.of(key("/b").target()));

            assertThat(failure(changed)).isInstanceOf(IOException.class);
            assertThat(open.has(key("/a"))).isFalse();
            assertThat(open.has(key("/b"))).isFalse();
            assertThat(open.store.position().number()).isEqualTo(1);
            assertThat(open.store.usage().disk().failures())
                    .as("it is said loudly")
                    .isGreaterThanOrEqualTo(2);
        }
        Files.delete(directory.resolve("invalidations.log"));
        try (var open = new OpenStore(directory)) {
            assertThat(open.store.position().number()).isZero();
        }
    }
}

package dev.nearside.edge.store.offheap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.edge.key.CacheKey.Digest;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class IndexTest {

    /// What ten million objects would take of a heap of 4 GB: less than a fifth. In a process of its own, since what
    /// other tests have left comes and goes meanwhile.
    @Test
    void anObjectTakesLittleHeap() throws Exception {
        var java = ProcessHandle.current().info().command().orElseThrow();
        var builder = new ProcessBuilder(
                java, "-Xmx256m", "-XX:+UseSerialGC", StoreAtSize.class.getName(), "index", "1000000");
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        var process = builder.redirectErrorStream(true).start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();

        var bytes = Pattern.compile("([0-9.]+) bytes of heap").matcher(said);
        assertThat(bytes.find()).as(said).isTrue();
        assertThat(Double.parseDouble(bytes.group(1))).isBetween(32.0, 80.0);
    }

    @Test
    void entriesAreFoundWhateverCameAndWentBefore() {
        var entries = new Entries();
        var expected = new HashMap<Digest, Integer>();
        var random = new Random(7);
        for (int i = 0; i < 200_000; i++) {
            // Few places in the table for many: what is removed leaves holes in long chains.
            var digest = new Digest((long) random.nextInt(64) << 20, random.nextInt(40));
            var known = expected.remove(digest);
            assertThat(entries.find(digest)).isEqualTo(known == null ? Entries.NONE : known);
            if (known == null) expected.put(digest, entries.add(digest, i, 1));
            else entries.remove(known);
        }
        assertThat(entries.count()).isEqualTo(expected.size());
        assertThat(entries.end()).as("numbers are used again").isLessThan(64 * 40 + 1);
        var copy = Entries.of(entries.copy());
        expected.forEach((digest, entry) -> assertThat(copy.find(digest)).isEqualTo(entry));
        assertThat(copy.add(new Digest(1, 1), 1, 1)).isLessThanOrEqualTo(entries.end());
    }
}

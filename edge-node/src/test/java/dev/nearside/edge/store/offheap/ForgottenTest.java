package dev.nearside.edge.store.offheap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.edge.key.CacheKey.Digest;
import java.util.HashSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ForgottenTest {

    @Test
    void knowsWhatWasForgottenAndNothingElse() {
        var forgotten = new Forgotten(100_000);
        var expected = new HashSet<Digest>();
        var random = new Random(5);
        assertThat(forgotten.isEmpty()).isTrue();
        for (int i = 0; i < 50_000; i++) {
            // Some of them alike in half of their bits, and with nothing in them at all.
            var digest = new Digest(random.nextInt(300), i % 7 == 0 ? 0 : (long) random.nextInt() << 20);
            assertThat(forgotten.contains(digest)).isEqualTo(expected.contains(digest));
            forgotten.add(digest);
            expected.add(digest);
        }
        assertThat(expected).allMatch(forgotten::contains);
        assertThat(forgotten.isEmpty()).isFalse();
        forgotten.clear();
        assertThat(expected).noneMatch(forgotten::contains);
    }

    @Test
    void beyondItsBoundEverythingIsForgotten() {
        var forgotten = new Forgotten(1_000);
        for (int i = 0; i < 1_000; i++) {
            forgotten.add(new Digest(1, i));
            forgotten.add(new Digest(1, i));
        }
        assertThat(forgotten.contains(new Digest(1, 1_000))).isFalse();
        forgotten.add(new Digest(1, 1_000));
        assertThat(forgotten.contains(new Digest(2, 5))).isTrue();
        assertThat(forgotten.isEmpty()).isFalse();
        forgotten.add(new Digest(1, 1_001));
        forgotten.clear();
        assertThat(forgotten.contains(new Digest(1, 1))).isFalse();
    }
}

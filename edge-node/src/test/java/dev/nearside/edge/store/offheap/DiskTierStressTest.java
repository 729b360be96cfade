package dev.nearside.edge.store.offheap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.nearside.edge.key.CacheKey.Digest;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Everything at once, and with too little room.
class DiskTierStressTest {

    private static final int THREADS = 4;
    private static final int KEYS = 300;
    private static final int STEPS = 3_000;

    @TempDir
    Path directory = Path.of("");

    /// A head names the body that belongs to it: its seed and length. A long one does not fit into the record.
    private static byte[] head(long seed, int length, int padding) {
        return ByteBuffer.allocate(12 + padding).putLong(seed).putInt(length).array();
    }

    private static byte[] body(long seed, int length) {
        var bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static Digest digest(int key) {
        return new Digest(key * 0x9e37_79b9_7f4a_7c15L, key);
    }

    private static byte[] key(int key) {
        return new byte[] {(byte) (key >> 8), (byte) key};
    }

    @Test
    void whoeverFindsAnObjectReadsItWholeWhateverTheOthersDo() throws Exception {
        try (var tier = DiskTier.open(directory, 12L << 20, 2);
                var threads = Executors.newFixedThreadPool(THREADS)) {
            await().atMost(Duration.ofMinutes(1)).until(tier::isRecovered);
            run(tier, threads);
            assertThat(tier.state().evictions()).isPositive();
            assertThat(tier.state().damaged()).isZero();
            await().untilAsserted(() -> {
                tier.tidy(Duration.ofDays(1));
                assertThat(tier.contradictions()).isEmpty();
            });
        }
        try (var tier = DiskTier.open(directory, 12L << 20, 2)) {
            await().atMost(Duration.ofMinutes(1)).until(tier::isRecovered);
            int found = 0;
            for (int key = 0; key < KEYS; key++) if (find(tier, key)) found++;
            assertThat(found).isEqualTo((int) tier.count()).isPositive();
        }
    }

    private static void run(DiskTier tier, ExecutorService threads) throws Exception {
        var running = new ArrayList<Future<?>>();
        for (int i = 0; i < THREADS; i++) {
            var random = new Random(i);
            running.add(threads.submit(() -> {
                for (int step = 0; step < STEPS; step++) step(tier, random);
                return null;
            }));
        }
        for (var each : running) each.get(2, TimeUnit.MINUTES);
    }

    private static void step(DiskTier tier, Random random) throws IOException {
        int key = random.nextInt(KEYS);
        switch (random.nextInt(10)) {
            case 0, 1, 2 -> put(tier, key, random);
            case 3 -> {
                tier.forget(digest(key));
                if (random.nextBoolean()) tier.erase(digest(key));
            }
            case 4 -> freshen(tier, key, random);
            case 5 -> tier.tidy(Duration.ofMillis(1));
            default -> find(tier, key);
        }
        assertThat(tier.used()).isLessThanOrEqualTo(tier.limit());
    }

    private static void put(DiskTier tier, int key, Random random) throws IOException {
        long seed = random.nextLong();
        int length = random.nextInt(10) == 0 ? random.nextInt(1_200_000) : random.nextInt(60_000);
        var head = head(seed, length, random.nextInt(5) == 0 ? 5_000 : 100);
        var draft = tier.draft(digest(key));
        var ticket = tier.announce(digest(key), head, random.nextBoolean());
        try {
            var bytes = body(seed, length);
            for (int at = 0; at < length; at += 65_536) {
                int size = Math.min(65_536, length - at);
                if (!draft.reserve(length, size)) return;
                draft.append(Unpooled.wrappedBuffer(bytes, at, size));
            }
            if (random.nextInt(8) > 0) draft.commit(ticket, key(key));
        } finally {
            draft.release();
            tier.tearUp(ticket);
        }
    }

    private static void freshen(DiskTier tier, int key, Random random) throws IOException {
        var found = tier.find(digest(key), key(key));
        if (found.isEmpty()) return;
        var known = found.get().head();
        found.get().close();
        var in = ByteBuffer.wrap(known);
        tier.freshen(digest(key), key(key), known, head(in.getLong(), in.getInt(), random.nextInt(7_000)));
    }

    private static boolean find(DiskTier tier, int key) throws IOException {
        Optional<DiskObject> found = tier.find(digest(key), key(key));
        if (found.isEmpty()) return false;
        var object = found.get();
        var in = ByteBuffer.wrap(object.head());
        var expected = body(in.getLong(), in.getInt());
        assertThat(object.length()).isEqualTo(expected.length);
        int at = 0;
        while (at < expected.length) {
            var bytes = object.read(at, UnpooledByteBufAllocator.DEFAULT);
            assertThat(bytes).isEqualTo(Unpooled.wrappedBuffer(expected, at, bytes.readableBytes()));
            at += bytes.readableBytes();
            bytes.release();
        }
        object.close();
        return true;
    }
}

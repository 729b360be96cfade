package dev.nearside.edge.store.offheap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.nearside.edge.key.CacheKey.Digest;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Going over all that is stored, and making sure that nothing of what went comes back.
class WalkTest {

    private static final byte[] HEAD = {2};

    @TempDir
    Path directory = Path.of("");

    private static DiskTier open(Path place, long bytes, int shards) throws IOException {
        var tier = DiskTier.open(place, bytes, shards);
        await().until(tier::isRecovered);
        return tier;
    }

    private static Digest digest(int number) {
        return new Digest(number * 31L, number);
    }

    private static byte[] key(int number) {
        return new byte[] {(byte) number};
    }

    private static void store(DiskTier tier, int number) throws IOException {
        var draft = tier.draft(digest(number));
        var body = new byte[number * 500];
        assertThat(draft.reserve(body.length, body.length)).isTrue();
        draft.append(Unpooled.wrappedBuffer(body));
        assertThat(draft.commit(tier.announce(digest(number), HEAD, false), key(number)))
                .isTrue();
        draft.release();
    }

    private static Set<Integer> walk(DiskTier tier) throws IOException {
        var seen = new HashSet<Integer>();
        var walk = tier.walk();
        for (var found = walk.next(); found.isPresent(); found = walk.next()) {
            var object = found.get();
            int number = object.key()[0];
            assertThat(object.digest()).isEqualTo(digest(number));
            assertThat(object.head()).isEqualTo(HEAD);
            assertThat(seen.add(number)).as("object %d is seen once", number).isTrue();
            object.close();
        }
        return seen;
    }

    private static Set<Integer> numbers(int from, int to) {
        var numbers = new HashSet<Integer>();
        IntStream.range(from, to).forEach(numbers::add);
        return numbers;
    }

    @Test
    void seesAllThatCanBeFoundInWhicheverShardItLies() throws IOException {
        try (var tier = open(directory, DiskTier.SMALLEST_SHARD, 1)) {
            assertThat(walk(tier)).isEmpty();
            for (int i = 0; i < 50; i++) store(tier, i);
            for (int i = 0; i < 10; i++) tier.forget(digest(i));
            assertThat(walk(tier)).isEqualTo(numbers(10, 50));
        }
        // Larger than before: what was stored stays in the shard where it lies.
        try (var tier = open(directory, 3 * DiskTier.SMALLEST_SHARD, 1)) {
            assertThat(tier.state().shards()).isEqualTo(2);
            for (int i = 50; i < 80; i++) store(tier, i);
            for (int i = 10; i < 15; i++) tier.forget(digest(i));
            assertThat(walk(tier)).isEqualTo(numbers(15, 80));
            assertThat(tier.contradictions()).noneMatch(words -> words.startsWith("objects that are held"));
        }
    }

    @Test
    void refusesWhileAShardIsNotInUse() throws IOException {
        var tier = open(directory, 2 * DiskTier.SMALLEST_SHARD, 2);
        store(tier, 1);
        var begun = tier.walk();

        tier.close();

        assertThatThrownBy(begun::next).isInstanceOf(IOException.class).hasMessageContaining("not in use");
        assertThatThrownBy(tier::walk).isInstanceOf(IOException.class).hasMessageContaining("not in use");
        assertThatThrownBy(tier::settle).isInstanceOf(IOException.class).hasMessageContaining("not in use");
    }

    /// What a process leaves on the disk that is killed now.
    private Path left() throws IOException {
        var place = Files.createTempDirectory(directory, "left");
        var from = directory.resolve("tier");
        try (var paths = Files.walk(from)) {
            for (var path : (Iterable<Path>) paths::iterator) {
                if (!path.equals(from)) Files.copy(path, place.resolve(from.relativize(path)));
            }
        }
        return place;
    }

    @Test
    void whatIsSettledStaysGoneAfterAKill() throws IOException {
        var place = directory.resolve("tier");
        try (var tier = open(place, DiskTier.SMALLEST_SHARD, 1)) {
            for (int i = 0; i < 20; i++) store(tier, i);
        }
        try (var tier = open(place, 3 * DiskTier.SMALLEST_SHARD, 1)) {
            for (int i = 20; i < 40; i++) store(tier, i);
            for (int i = 0; i < 40; i += 2) tier.forget(digest(i));
            try (var killed = open(left(), 3 * DiskTier.SMALLEST_SHARD, 1)) {
                assertThat(walk(killed)).as("without settling").isEqualTo(numbers(0, 40));
            }

            tier.settle();

            var odd = numbers(0, 40);
            odd.removeIf(number -> number % 2 == 0);
            try (var killed = open(left(), 3 * DiskTier.SMALLEST_SHARD, 1)) {
                assertThat(walk(killed)).isEqualTo(odd);
            }
            assertThat(tier.contradictions()).isEmpty();
        }
    }

    @Test
    void beingSeenDoesNotMakeAnObjectWanted() throws IOException {
        // Two tiers to which the same is done, but for a walk in one of them, keep the same.
        var kept = new HashSet<Set<Integer>>();
        for (var name : new String[] {"walked", "left alone"}) {
            try (var tier = open(directory.resolve(name), DiskTier.SMALLEST_SHARD, 1)) {
                for (int i = 0; i < 60; i++) store(tier, i);
                for (int i = 0; i < 20; i++) tier.touch(digest(i));
                for (int times = 0; times < 3 && name.equals("walked"); times++) walk(tier);
                int fits = Geometry.within(DiskTier.SMALLEST_SHARD).cells();
                for (int i = 1_000; tier.state().evictions() < 30; i++) {
                    assertThat(i).isLessThan(1_000 + 2 * fits);
                    fill(tier, new Digest(0, i));
                }
                var left = numbers(0, 60);
                left.removeIf(number -> !tier.mayHold(digest(number)));
                kept.add(left);
            }
        }
        assertThat(kept).hasSize(1);
        assertThat(kept.iterator().next()).containsAll(numbers(0, 20)).hasSizeLessThan(60);
    }

    private static void fill(DiskTier tier, Digest digest) throws IOException {
        var draft = tier.draft(digest);
        if (draft.commit(tier.announce(digest, HEAD, false), key(0))) draft.release();
        else throw new AssertionError("no room");
    }
}

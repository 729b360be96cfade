package dev.nearside.edge.store.offheap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.nearside.edge.key.CacheKey.Digest;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A cache that has grown: what lies in a shard of before is replaced by what is stored in another one.
class MixedTierTest {

    private static final int OBJECTS = 40;

    @TempDir
    Path directory = Path.of("");

    private static DiskTier open(Path place, int shards) throws IOException {
        var tier = DiskTier.open(place, (shards + 1) * DiskTier.SMALLEST_SHARD, 1);
        await().until(tier::isRecovered);
        return tier;
    }

    private static Digest digest(int number) {
        return new Digest(number * 31L, number);
    }

    private static void store(DiskTier tier, int number, int head) throws IOException {
        var draft = tier.draft(digest(number));
        var ticket = tier.announce(digest(number), new byte[] {(byte) head}, false);
        assertThat(draft.reserve(5_000, 5_000)).isTrue();
        draft.append(Unpooled.wrappedBuffer(new byte[5_000]));
        assertThat(draft.commit(ticket, new byte[] {(byte) number})).isTrue();
        draft.release();
    }

    /// Heads of all objects under a number, in whichever shard they lie.
    private static List<Integer> heads(DiskTier tier, int number) throws IOException {
        var heads = new ArrayList<Integer>();
        var walk = tier.walk();
        for (var found = walk.next(); found.isPresent(); found = walk.next()) {
            if (found.get().digest().equals(digest(number)))
                heads.add((int) found.get().head()[0]);
            found.get().close();
        }
        return heads;
    }

    @Test
    void aKillLeavesNoOlderCopyInAnotherShard() throws IOException {
        var place = directory.resolve("tier");
        try (var tier = DiskTier.open(place, DiskTier.SMALLEST_SHARD, 1)) {
            await().until(tier::isRecovered);
            for (int i = 0; i < OBJECTS; i++) store(tier, i, 1);
        }
        try (var tier = open(place, 2)) {
            assertThat(tier.state().shards()).isEqualTo(2);
            for (int i = 0; i < OBJECTS; i++) store(tier, i, 2);
            var left = directory.resolve("left");
            try (var paths = Files.walk(place)) {
                for (var path : (Iterable<Path>) paths::iterator)
                    Files.copy(path, left.resolve(place.relativize(path)));
            }
            try (var killed = open(left, 2)) {
                for (int i = 0; i < OBJECTS; i++) {
                    assertThat(heads(killed, i)).as("object %d", i).containsExactly(2);
                }
            }
        }
    }
}

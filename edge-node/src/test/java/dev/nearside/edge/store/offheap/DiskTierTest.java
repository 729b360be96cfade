package dev.nearside.edge.store.offheap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.nearside.edge.key.CacheKey.Digest;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskTierTest {

    private static final byte[] KEY = {1};
    private static final byte[] HEAD = {2};
    private static final int BLOCK = 16 * 1024;

    @TempDir
    Path directory = Path.of("");

    /// Forgetting is for event loops, which do not wait for the disk: the process may end before the record is erased.
    @Test
    void noRecordNamesTheBlocksOfAnotherObject() throws IOException {
        int fit = Geometry.within(DiskTier.SMALLEST_SHARD).cells() / (8 * BLOCK / Geometry.CELL + 1);
        try (var tier = open()) {
            store(tier, 0, 8);
            tier.forget(new Digest(0, 0));
            store(tier, 1, 1);
        }
        try (var tier = open()) {
            check(tier, 0, 8);
            assertThat(check(tier, 1, 1)).isEqualTo(1);

            // What was forgotten is not in the way of those who need room.
            for (int i = 2; i < 2 + fit; i++) {
                store(tier, i, 8);
                tier.forget(new Digest(0, i));
            }
            for (int i = 100; i < 100 + fit; i++) store(tier, i, 8);
        }
        try (var tier = open()) {
            for (int i = 0; i < 100; i++) check(tier, i, i == 1 ? 1 : 8);
            int found = 0;
            for (int i = 100; i < 100 + fit; i++) found += check(tier, i, 8);
            assertThat(found)
                    .as("those that are left, with object 1 in between")
                    .isGreaterThanOrEqualTo(fit - 2);
        }
    }

    private DiskTier open() throws IOException {
        var tier = DiskTier.open(directory, DiskTier.SMALLEST_SHARD, 1);
        await().until(tier::isRecovered);
        return tier;
    }

    private static byte[] body(int number, int blocks) {
        var body = new byte[blocks * BLOCK];
        Arrays.fill(body, (byte) (number + 1));
        return body;
    }

    private static void store(DiskTier tier, int number, int blocks) throws IOException {
        var digest = new Digest(0, number);
        var draft = tier.draft(digest);
        var body = body(number, blocks);
        assertThat(draft.reserve(body.length, body.length)).isTrue();
        draft.append(Unpooled.wrappedBuffer(body));
        assertThat(draft.commit(tier.announce(digest, HEAD, false), KEY)).isTrue();
        draft.release();
    }

    /// How many were found under this number; one, whole, or none.
    private static int check(DiskTier tier, int number, int blocks) throws IOException {
        var found = tier.find(new Digest(0, number), KEY);
        if (found.isEmpty()) return 0;
        var object = found.get();
        var read = object.readWhole(UnpooledByteBufAllocator.DEFAULT);
        assertThat(read).as("object %d", number).isEqualTo(Unpooled.wrappedBuffer(body(number, blocks)));
        read.release();
        object.close();
        return 1;
    }
}

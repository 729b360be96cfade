package dev.nearside.edge.store.offheap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.nearside.edge.key.CacheKey.Digest;
import dev.nearside.edge.store.evict.Goal;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// From the first look at what an earlier process left to the end.
class ShardTest {

    private static final int OBJECTS = 20;
    private static final byte[] HEAD = {2};

    @TempDir
    Path directory = Path.of("");

    @BeforeEach
    void leaveAShard() throws IOException {
        try (var tier = DiskTier.open(directory, DiskTier.SMALLEST_SHARD, 1)) {
            await().until(tier::isRecovered);
            for (int i = 0; i < OBJECTS; i++) {
                var draft = tier.draft(digest(i));
                draft.append(Unpooled.wrappedBuffer(new byte[100]));
                assertThat(draft.commit(tier.announce(digest(i), HEAD, false), key(i)))
                        .isTrue();
                draft.release();
            }
        }
    }

    private static Digest digest(int number) {
        return new Digest(number * 31L, number);
    }

    private static byte[] key(int number) {
        return new byte[] {(byte) number};
    }

    private Shard shard() {
        var geometry = Geometry.within(DiskTier.SMALLEST_SHARD);
        return new Shard(new ShardFolder(directory.resolve("shard-00"), geometry), geometry, Goal.ORIGIN_REQUESTS);
    }

    private void markAsKilled() throws IOException {
        Files.copy(Path.of("/proc/sys/kernel/random/boot_id"), directory.resolve("shard-00/dirty"));
    }

    private static int found(Shard shard) {
        int found = 0;
        for (int i = 0; i < OBJECTS; i++) {
            var object = shard.find(digest(i), key(i));
            object.ifPresent(DiskObject::close);
            if (object.isPresent()) found++;
        }
        return found;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void answersBeforeItIsComplete(boolean isKilled) throws IOException {
        if (isKilled) markAsKilled();
        var shard = shard();
        assertThat(found(shard)).isZero();
        shard.begin();
        assertThat(shard.isSettled()).isFalse();
        assertThat(found(shard)).isEqualTo(OBJECTS);
        assertThat(shard.mayStore(digest(100), 100)).as("takes nothing new yet").isFalse();
        shard.open();
        assertThat(shard.isSettled()).isTrue();
        assertThat(found(shard)).isEqualTo(OBJECTS);
        assertThat(shard.mayStore(digest(100), 100)).isTrue();
        shard.close();
        assertThat(directory.resolve("shard-00/dirty")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatIsClosedBeforeItIsCompleteStaysAsItWas(boolean isKilled) throws IOException {
        if (isKilled) markAsKilled();
        var shard = shard();
        shard.begin();
        shard.stopOpening();
        shard.open();
        shard.close();
        assertThat(found(shard)).isZero();
        assertThat(Files.exists(directory.resolve("shard-00/dirty"))).isEqualTo(isKilled);
        var next = shard();
        next.open();
        assertThat(found(next)).isEqualTo(OBJECTS);
        next.close();
    }

    @Test
    void whatCannotBeBegunIsSetAsideWhenItIsOpened() throws IOException {
        try (var file =
                new RandomAccessFile(directory.resolve("shard-00/cells.map").toFile(), "rw")) {
            file.setLength(100_000);
        }
        var shard = shard();
        shard.begin();
        assertThat(found(shard)).isZero();
        assertThat(directory.resolve("shard-00.damaged-1")).doesNotExist();
        shard.open();
        assertThat(directory.resolve("shard-00.damaged-1")).exists();
        assertThat(shard.isOpen()).isTrue();
        assertThat(shard.mayStore(digest(1), 100)).isTrue();
        shard.close();
    }
}

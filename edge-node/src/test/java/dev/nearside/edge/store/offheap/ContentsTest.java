package dev.nearside.edge.store.offheap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nearside.edge.key.CacheKey.Digest;
import dev.nearside.edge.store.evict.Eviction;
import dev.nearside.edge.store.evict.Goal;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What an open shard holds, when its disk takes some changes and others not.
class ContentsTest {

    private static final Digest DIGEST = new Digest(3, 4);
    private static final byte[] KEY = {1};
    private static final int BODY = 3 * Geometry.CELL;

    @TempDir
    Path directory = Path.of("");

    private @Nullable Contents opened;

    @BeforeEach
    void open() throws IOException {
        var geometry = Geometry.within(DiskTier.SMALLEST_SHARD);
        var folder = new ShardFolder(directory.resolve("shard-00"), geometry);
        var index = new Index(geometry.cells(), Eviction.of(Goal.ORIGIN_REQUESTS));
        index.complete();
        opened = new Contents(folder, folder.create(), index);
    }

    private Contents contents() {
        if (opened == null) throw new IllegalStateException();
        return opened;
    }

    @AfterEach
    void close() {
        contents().close();
    }

    private Draft draft(int content) throws IOException {
        var draft = new Draft(
                Geometry.within(DiskTier.SMALLEST_SHARD), contents().index(), Optional.of(contents()), () -> {});
        var body = new byte[BODY];
        Arrays.fill(body, (byte) content);
        assertThat(draft.reserve(BODY, BODY)).isTrue();
        draft.append(Unpooled.wrappedBuffer(body));
        return draft;
    }

    private Ticket announce(int head) {
        return contents().index().announce(DIGEST, new byte[] {(byte) head}, false);
    }

    private boolean store(int number) throws IOException {
        var draft = draft(number);
        var ticket = announce(number);
        try {
            return draft.commit(ticket, KEY);
        } finally {
            draft.release();
            contents().index().tearUp(ticket);
        }
    }

    private void assertFound(int number) throws IOException {
        var object = contents().find(DIGEST, KEY).orElseThrow();
        var body = object.readWhole(UnpooledByteBufAllocator.DEFAULT);
        assertThat(object.head()).containsExactly(number);
        assertThat(body.readableBytes()).isEqualTo(BODY);
        for (int at = 0; at < BODY; at++) assertThat(body.getByte(at)).isEqualTo((byte) number);
        body.release();
        object.close();
    }

    /// From now on records can be written, but not removed.
    private void refuseRemovals() throws IOException {
        var bits = contents().files().bits();
        for (int cell = 0; cell < Geometry.within(DiskTier.SMALLEST_SHARD).cells(); cell++) bits.set(cell);
        bits.close();
    }

    @Test
    void anObjectIsStoredAlthoughTheOneBeforeItCannotBeRemoved() throws IOException {
        assertThat(store(1)).isTrue();
        refuseRemovals();
        assertThat(store(2)).isTrue();
        assertFound(2);
        int cells = contents().index().usedCells();
        assertThat(cells).as("both keep their cells").isEqualTo(8);
        assertThat(contents().index().contradictions()).contains("records to be removed: 1");
        assertThat(contents().failures()).isPositive();
        assertThatThrownBy(contents()::settle).as("who wants it gone is told").isInstanceOf(IOException.class);
    }

    /// Else it would be found by the next process, and its cells be those of others.
    @Test
    void whatIsSupersededAndCannotBeRemovedIsCondemned() throws Exception {
        refuseRemovals();
        var isOver = new AtomicBoolean();
        int buried = 0;
        try (var other = Executors.newSingleThreadExecutor()) {
            Future<?> superseding = other.submit(() -> {
                while (!isOver.get()) announce(7);
            });
            try {
                for (int i = 0; i < 100_000 && buried == 0; i++) {
                    var draft = draft(1);
                    var ticket = announce(1);
                    long before = contents().failures();
                    boolean isStored = draft.commit(ticket, KEY);
                    if (!isStored && contents().failures() > before) buried++;
                    draft.release();
                    if (isStored) contents().index().forget(DIGEST);
                    if (contents().index().usedCells() > 500) restart();
                }
            } finally {
                isOver.set(true);
            }
            superseding.get(1, TimeUnit.MINUTES);
        }
        assertThat(buried).isEqualTo(1);
        contents().index().forget(DIGEST);
        var condemned = contents().index().nextCondemned().orElseThrow();
        int count = 1;
        while (contents().index().nextCondemned().isPresent()) count++;
        assertThat(condemned.digest()).isEqualTo(DIGEST);
        assertThat(contents().index().usedCells())
                .as("each of them keeps its record and its body")
                .isEqualTo(4 * count);
    }

    private void restart() throws IOException {
        contents().close();
        open();
        refuseRemovals();
    }

    /// A sweep marks what is there, and the object on its way may never come.
    @Test
    void aNewHeadReachesWhatIsThereAlthoughAnotherObjectIsOnItsWay() throws IOException {
        assertThat(store(1)).isTrue();
        var ticket = announce(2);
        contents().freshen(DIGEST, KEY, new byte[] {1}, new byte[] {9});
        contents().index().tearUp(ticket);
        var object = contents().find(DIGEST, KEY).orElseThrow();
        assertThat(object.head()).containsExactly(9);
        object.close();
    }

    @Test
    void whoeverComesAfterTheEndChangesNothing() throws IOException {
        var draft = draft(1);
        contents().rest();
        contents().close();
        assertThatThrownBy(() -> draft.append(Unpooled.wrappedBuffer(new byte[BODY])))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("closed");
        contents().tidy(Duration.ZERO);
        assertThat(contents().find(DIGEST, KEY)).isEmpty();
    }
}

package dev.nearside.edge.store.offheap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.nearside.edge.key.CacheKey.Digest;
import dev.nearside.edge.store.evict.Eviction;
import dev.nearside.edge.store.evict.Goal;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a process finds out about a shard that another one has left.
class RecoveryTest {

    private static final int OBJECTS = 100;
    private static final byte[] HEAD = {2};

    @TempDir
    Path directory = Path.of("");

    private final Index index =
            new Index(Geometry.within(DiskTier.SMALLEST_SHARD).cells(), Eviction.of(Goal.ORIGIN_REQUESTS));
    private boolean isStopped;
    private ShardFolder folder = new ShardFolder(Path.of(""), new Geometry(0));
    private @Nullable ShardFiles opened;

    @BeforeEach
    void leaveAShard() throws IOException {
        try (var tier = DiskTier.open(directory, DiskTier.SMALLEST_SHARD, 1)) {
            await().until(tier::isRecovered);
            for (int i = 0; i < OBJECTS; i++) {
                var draft = tier.draft(digest(i));
                var body = new byte[i * 50];
                assertThat(draft.reserve(body.length, body.length)).isTrue();
                draft.append(Unpooled.wrappedBuffer(body));
                assertThat(draft.commit(tier.announce(digest(i), HEAD, false), new byte[] {(byte) i}))
                        .isTrue();
                draft.release();
            }
        }
        folder = new ShardFolder(directory.resolve("shard-00"), Geometry.within(DiskTier.SMALLEST_SHARD));
    }

    @AfterEach
    void close() throws IOException {
        if (opened != null) opened.close();
    }

    private ShardFiles files() {
        return Objects.requireNonNull(opened);
    }

    private static Digest digest(int number) {
        return new Digest(number * 31L, number);
    }

    private Recovery open() throws IOException {
        opened = folder.open();
        return new Recovery(folder, files(), index, () -> isStopped);
    }

    private Recovery openAfterAKill() throws IOException {
        Files.copy(Path.of("/proc/sys/kernel/random/boot_id"), folder.path().resolve("dirty"));
        return open();
    }

    private void assertAllAreHeld() {
        for (int i = 0; i < OBJECTS; i++) {
            var held = index.hold(digest(i));
            assertThat(held).as("object %d", i).isPresent();
            index.release(held.orElseThrow());
        }
    }

    @Test
    void whatWasWrittenDownIsAnsweredBeforeItIsComplete() throws IOException {
        open().begin();
        assertThat(index.isComplete()).isFalse();
        assertAllAreHeld();
        assertThat(index.take(1)).as("cells are not known to be free").isEmpty();
    }

    @Test
    void aCleanShardIsCompleteWithoutALookAtItsRecords() throws IOException {
        var recovery = open();
        recovery.begin();
        for (int i = 0; i < OBJECTS; i++) files().bits().clear(i);
        recovery.complete();
        assertThat(index.isComplete()).isTrue();
        assertThat(index.size()).isEqualTo(OBJECTS);
        assertThat(index.contradictions()).isEmpty();
        assertThat(recovery.progress()).isZero();
    }

    @Test
    void theRecordsOfADirtyShardAreRead() throws IOException {
        var recovery = openAfterAKill();
        recovery.begin();
        int gone = index.hold(digest(7)).orElseThrow().cell;
        files().removeRecord(gone);
        int broken = index.hold(digest(8)).orElseThrow().cell;
        files().cells().write(broken, new byte[] {9}, 1);
        int unsound = index.hold(digest(9)).orElseThrow().cell;
        var bytes = new byte[Geometry.CELL];
        assertThat(files().cells().read(unsound, bytes, bytes.length)).isTrue();
        bytes[40] ^= 1;
        files().cells().write(unsound, bytes, bytes.length);

        recovery.complete();

        for (int i = 0; i < OBJECTS; i++) {
            assertThat(index.mayHold(digest(i))).as("object %d", i).isEqualTo(i < 7 || i > 9);
        }
        assertThat(recovery.dropped()).as("what claims to be a record").isEqualTo(1);
        assertThat(recovery.progress()).isGreaterThan(0.9);
        assertThat(files().bits().get(broken)).isFalse();
    }

    @Test
    void withoutAnythingWrittenDownTheRecordsAreReadAsWell() throws IOException {
        Files.delete(folder.path().resolve("index"));
        var recovery = open();
        recovery.begin();
        assertThat(index.hold(digest(1))).isEmpty();
        recovery.complete();
        assertAllAreHeld();
    }

    @Test
    void whatWasWrittenDownIsNotUsedIfItIsDamaged() throws IOException {
        var file = folder.path().resolve("index");
        var sound = Files.readAllBytes(file);
        for (int at : new int[] {0, 5, 20, sound.length / 2, sound.length - 1}) {
            var damaged = sound.clone();
            damaged[at] ^= 4;
            Files.write(file, damaged);
            assertThat(new IndexFile(file, folder.geometry().cells()).read())
                    .as("byte %d", at)
                    .isEmpty();
        }
        for (int length : new int[] {0, 7, 8, 31, 32, sound.length - 1}) {
            Files.write(file, Arrays.copyOf(sound, length));
            assertThat(new IndexFile(file, folder.geometry().cells()).read())
                    .as("%d bytes", length)
                    .isEmpty();
        }
        Files.write(file, sound);
        assertThat(new IndexFile(file, folder.geometry().cells()).read()).isPresent();
    }

    @Test
    void ofTwoRecordsTheLaterOneHolds() throws IOException {
        var recovery = openAfterAKill();
        recovery.begin();
        int first = index.hold(digest(3)).orElseThrow().cell;
        var copy = files().record(first).of(1_000);
        int later = OBJECTS * 2 + 50;
        files().bits().set(later);
        var bytes = copy.bytes(files().recordMark());
        files().cells().write(later, bytes, bytes.length);

        recovery.complete();

        assertThat(index.hold(digest(3)).orElseThrow().cell).isEqualTo(later);
        assertThat(index.nextCondemned().orElseThrow().cell()).isEqualTo(first);
        assertThat(index.nextGeneration()).isGreaterThan(1_000);
    }

    @Test
    void whatIsForgottenMeanwhileIsNotFoundAfterwards() throws IOException {
        for (boolean isKilled : List.of(false, true)) {
            if (isKilled) openAfterAKill();
            else open();
            var here = new Index(folder.geometry().cells(), Eviction.of(Goal.ORIGIN_REQUESTS));
            var recovery = new Recovery(folder, files(), here, () -> false);
            here.forget(digest(4));
            recovery.begin();
            here.forget(digest(5));
            var ticket = here.announce(digest(6), HEAD, false);
            here.tearUp(ticket);
            for (int i = 4; i <= 6; i++) assertThat(here.mayHold(digest(i))).isFalse();

            recovery.complete();

            for (int i = 4; i <= 6; i++) {
                assertThat(here.mayHold(digest(i)))
                        .as("killed: %s, object %d", isKilled, i)
                        .isFalse();
                assertThat(here.nextCondemned()).isPresent();
            }
            assertThat(here.nextCondemned()).isEmpty();
            assertThat(here.size()).isEqualTo(OBJECTS - 3);
            if (!isKilled) files().close();
        }
    }

    @Test
    void whoReadsWhatIsForgottenMeanwhileReadsSomethingThatIsGone() throws IOException {
        open().begin();
        var reader = index.hold(digest(5)).orElseThrow();
        var other = index.hold(digest(6)).orElseThrow();
        assertThat(index.isLive(reader)).isTrue();
        index.forget(digest(5));
        assertThat(index.isLive(reader)).isFalse();
        assertThat(index.isLive(other)).isTrue();
    }

    @Test
    void endsWhenNobodyWaitsAnyMore() throws IOException {
        var recovery = openAfterAKill();
        recovery.begin();
        isStopped = true;
        assertThatThrownBy(recovery::complete).isInstanceOf(IOException.class).hasMessageContaining("closed");
        assertThat(index.isComplete()).isFalse();
    }
}

package dev.nearside.edge.store;

import static dev.nearside.edge.store.OpenStore.failure;
import static dev.nearside.edge.store.OpenStore.get;
import static dev.nearside.edge.store.OpenStore.take;
import static dev.nearside.edge.store.Samples.body;
import static dev.nearside.edge.store.Samples.head;
import static dev.nearside.edge.store.Samples.invalidation;
import static dev.nearside.edge.store.Samples.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nearside.edge.http.LogPosition;
import dev.nearside.edge.http.Tags;
import dev.nearside.edge.http.Variants;
import dev.nearside.edge.store.evict.Goal;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TwoTierStoreTest {

    private static final int SMALL = 5_000;
    private static final int LARGE = 1_000_000;
    private static final int TOO_LARGE = 8 << 20;

    @TempDir
    Path directory = Path.of("");

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 16_383, 16_384, 16_385, 65_536, 65_537, 110_000, 120_000, LARGE, 3 << 20})
    void givesBackWhatWasStoredAlsoAfterARestart(int length) throws IOException {
        var bytes = body(length, length);
        try (var open = new OpenStore(directory)) {
            open.put(key("/a"), head("1"), bytes);
            assertThat(open.read(key("/a"))).isEqualTo(bytes);
            assertThat(open.head(key("/a"))).isEqualTo(head("1"));
        }
        try (var open = new OpenStore(directory)) {
            assertThat(open.read(key("/a"))).isEqualTo(bytes);
            assertThat(open.head(key("/a"))).isEqualTo(head("1"));
            assertThat(open.has(key("/b"))).isFalse();
        }
    }

    @Test
    void answersFromMemoryAtOnceAndKeepsLargeBodiesOut() throws IOException {
        try (var open = new OpenStore(directory)) {
            open.put(key("/small"), head("1"), body(1, SMALL));
            open.put(key("/large"), head("2"), body(2, LARGE));

            var found = open.store.find(key("/small"));
            assertThat(found.isComplete()).isTrue();
            try (var entry = get(found).orElseThrow()) {
                var whole = entry.body().inMemory().orElseThrow();
                assertThat(whole.readableBytes()).isEqualTo(SMALL);
                assertThat(whole.isDirect()).isTrue();
                whole.release();
            }
            try (var entry = open.find(key("/large")).orElseThrow()) {
                assertThat(entry.body().inMemory()).isEmpty();
                assertThat(entry.body().length()).isEqualTo(OptionalLong.of(LARGE));
                assertThat(OpenStore.read(entry.body(), 777_777))
                        .isEqualTo(Arrays.copyOfRange(body(2, LARGE), 777_777, LARGE));
                assertThat(OpenStore.read(entry.body(), LARGE)).isEmpty();
            }
        }
    }

    @Test
    void storesHeadsOfEveryKindAndOfAnySize() throws IOException {
        var manyFields = new ArrayList<String>();
        for (int i = 0; i < 5_000; i++) manyFields.add("selecting-header-" + i);
        var variants = new Variants(manyFields, new LogPosition("e", 7));
        var longKey = key("/" + "x".repeat(8_000));
        try (var open = new OpenStore(directory)) {
            open.put(longKey, variants, body(1, 0));
            open.put(key("/b"), head("1"), body(1, LARGE));
            get(open.store.freshen(key("/b"), head("1"), variants));
        }
        try (var open = new OpenStore(directory)) {
            assertThat(open.head(longKey)).isEqualTo(variants);
            assertThat(open.head(key("/b"))).isEqualTo(variants);
            assertThat(open.read(key("/b"))).isEqualTo(body(1, LARGE));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 100, SMALL, 110_000, 113_000, LARGE})
    void takesBodiesOfUnknownLength(int length) throws IOException {
        var bytes = body(1, length);
        try (var open = new OpenStore(directory)) {
            var writing = open.store.open(key("/a"), head("1"), -1);
            try (var reader = writing.body().reader(0)) {
                assertThat(writing.body().length()).isEmpty();
                open.write(writing, bytes, 7_001);
                get(writing.complete());
                assertThat(writing.body().length()).isEqualTo(OptionalLong.of(length));
                assertThat(OpenStore.read(reader)).isEqualTo(bytes);
            }
            assertThat(open.read(key("/a"))).isEqualTo(bytes);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {SMALL, LARGE, 3 << 20})
    void readersFollowAtTheirOwnPace(int length) throws IOException {
        var bytes = body(1, length);
        try (var open = new OpenStore(directory)) {
            var writing = open.store.open(key("/a"), head("1"), length);
            try (var sleeper = writing.body().reader(0);
                    var follower = writing.body().reader(0);
                    var tail = writing.body().reader(length - 10)) {
                int followed = 0;
                for (int at = 0; at < length; at += 9_999) {
                    var waiting = follower.next();
                    int end = Math.min(length, at + 9_999);
                    var written = writing.write(open.direct(Arrays.copyOfRange(bytes, at, end)));
                    var got = get(waiting);
                    assertThat(got.getByte(got.readerIndex())).isEqualTo(bytes[followed]);
                    followed += got.readableBytes();
                    got.release();
                    get(written);
                }
                get(writing.complete());
                assertThat(OpenStore.read(follower)).isEqualTo(Arrays.copyOfRange(bytes, followed, length));
                assertThat(OpenStore.read(sleeper)).isEqualTo(bytes);
                assertThat(OpenStore.read(tail)).isEqualTo(Arrays.copyOfRange(bytes, length - 10, length));
            }
            assertThat(OpenStore.read(writing.body(), 0)).as("a late reader").isEqualTo(bytes);
        }
    }

    @Test
    void aLargeBodyUnderWayTakesLittleMemory() throws IOException {
        try (var open = new OpenStore(directory)) {
            var writing = open.store.open(key("/a"), head("1"), 3 << 20);
            try (var sleeper = writing.body().reader(0)) {
                open.write(writing, body(1, 3 << 20), 10_000);
                assertThat(open.store.activeBuffers()).isLessThan(8);
                get(writing.complete());
                assertThat(OpenStore.read(sleeper)).isEqualTo(body(1, 3 << 20));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {TOO_LARGE, -1})
    void whatCannotBeStoredPassesThroughAtTheSlowestReadersPace(int announced) throws IOException {
        var bytes = body(1, TOO_LARGE);
        try (var open = new OpenStore(directory)) {
            var writing = open.store.open(key("/a"), head("1"), announced);
            try (var fast = writing.body().reader(0);
                    var slow = writing.body().reader(0)) {
                int written = 0;
                int fastAt = 0;
                int slowAt = 0;
                while (written < TOO_LARGE) {
                    int end = Math.min(TOO_LARGE, written + 40_000);
                    var turn = writing.write(open.direct(Arrays.copyOfRange(bytes, written, end)));
                    written = end;
                    while (fastAt < written) fastAt += check(bytes, fastAt, take(fast));
                    while (!turn.isComplete() && slowAt < written) slowAt += check(bytes, slowAt, take(slow));
                    get(turn);
                }
                get(writing.complete());
                assertThat(take(fast)).isEmpty();
                assertThat(TOO_LARGE - slowAt).as("kept for the slow reader").isLessThan(4 << 20);
                while (slowAt < TOO_LARGE) slowAt += check(bytes, slowAt, take(slow));
                assertThat(take(slow)).isEmpty();
            }
            assertThat(open.has(key("/a"))).isFalse();
            assertThat(writing.body().join(0)).isEmpty();
        }
    }

    @Test
    void whoHasJoinedWhatPassesGetsAllOfItHoweverLateHeReads() throws IOException {
        var bytes = body(1, TOO_LARGE);
        try (var open = new OpenStore(directory)) {
            var writing = open.store.open(key("/a"), head("1"), TOO_LARGE);
            var joined = Joined.at(0, writing.body()).orElseThrow();
            var other = writing.body().reader(0);
            int written = 0;
            int otherAt = 0;
            var turn = Future.<Void>succeededFuture();
            while (turn.isComplete()) {
                turn = writing.write(open.direct(Arrays.copyOfRange(bytes, written, written + 40_000)));
                written += 40_000;
                while (otherAt < written) otherAt += check(bytes, otherAt, take(other));
            }
            assertThat(written).as("before the writer has to wait").isLessThan(1 << 20);

            try (var reader = joined.reader(0)) {
                int at = 0;
                while (at < written) at += check(bytes, at, take(reader));
                get(turn);
            }
            other.close();
            writing.abort(new IOException("the test is over"));
        }
    }

    @Test
    void whoHasLeftHoldsNobodyUp() throws IOException {
        try (var open = new OpenStore(directory)) {
            var writing = open.store.open(key("/a"), head("1"), TOO_LARGE);
            var joined = Joined.at(0, writing.body()).orElseThrow();
            joined.leave();
            joined.leave();
            open.write(writing, body(1, TOO_LARGE), 50_000);
            get(writing.complete());
            assertThat(Joined.at(0, writing.body())).isEmpty();
            assertThat(open.store.activeBuffers()).isZero();
        }
    }

    @Test
    void whoJoinedAtOnePlaceMayReadFromAnother() throws IOException {
        var bytes = body(1, TOO_LARGE);
        try (var open = new OpenStore(directory)) {
            var writing = open.store.open(key("/a"), head("1"), TOO_LARGE);
            var joined = Joined.at(0, writing.body()).orElseThrow();
            try (var reader = joined.reader(1 << 20)) {
                var first = reader.next();
                for (int at = 0; at <= 1 << 20; at += 50_000) {
                    get(writing.write(open.direct(Arrays.copyOfRange(bytes, at, at + 50_000))));
                }
                var some = get(first);
                assertThat(some).isEqualTo(Unpooled.wrappedBuffer(bytes, 1 << 20, some.readableBytes()));
                some.release();
            }
            writing.abort(new IOException("the test is over"));
        }
    }

    private static int check(byte[] all, int at, byte[] some) {
        assertThat(some).isNotEmpty();
        assertThat(Arrays.equals(all, at, at + some.length, some, 0, some.length))
                .isTrue();
        return some.length;
    }

    @Test
    void whatPassesUnreadDoesNotWaitForAReader() throws IOException {
        try (var open = new OpenStore(directory)) {
            var writing = open.store.open(key("/a"), head("1"), TOO_LARGE);
            open.write(writing, body(1, TOO_LARGE), 50_000);
            get(writing.complete());
            assertThat(open.store.activeBuffers()).isZero();
        }
    }

    @Test
    void aBodyOfAnotherLengthThanAnnouncedIsNotStored() throws IOException {
        try (var open = new OpenStore(directory)) {
            for (int length : List.of(SMALL, LARGE)) {
                var shorter = open.store.open(key("/a"), head("1"), length);
                var reader = shorter.body().reader(0);
                open.write(shorter, body(1, length - 1), 10_000);
                assertThat(failure(shorter.complete())).hasMessageContaining("expected: " + length);
                assertThat(failure(reader.next())).isInstanceOf(IOException.class);
                reader.close();

                var longer = open.store.open(key("/a"), head("1"), length);
                open.write(longer, body(1, length), 10_000);
                assertThat(failure(longer.write(open.direct(new byte[1])))).hasMessageContaining("expected");
                assertThat(open.has(key("/a"))).isFalse();
            }
        }
    }

    @Test
    void aBodyThatBrokeOffFailsItsReadersAndLeavesWhatWasThere() throws IOException {
        try (var open = new OpenStore(directory)) {
            open.put(key("/a"), head("1"), body(1, SMALL));
            for (int length : List.of(SMALL, LARGE, TOO_LARGE)) {
                var writing = open.store.open(key("/a"), head("2"), length);
                var reader = writing.body().reader(0);
                var waiting = reader.next();
                writing.abort(new IOException("origin went away"));
                assertThat(failure(waiting)).hasMessage("origin went away");
                assertThat(failure(reader.next())).hasMessage("origin went away");
                assertThat(failure(writing.write(open.direct(new byte[9])))).hasMessage("origin went away");
                assertThat(failure(writing.complete())).hasMessage("origin went away");
                reader.close();
            }
            assertThat(open.head(key("/a"))).isEqualTo(head("1"));
        }
    }

    @Test
    void ofTwoWritingsTheLastToCompleteWins() throws IOException {
        for (int length : List.of(SMALL, LARGE)) {
            try (var open = new OpenStore(directory)) {
                var first = open.store.open(key("/a"), head("1"), length);
                var second = open.store.open(key("/a"), head("2"), length);
                open.write(second, body(2, length), 10_000);
                open.write(first, body(1, length), 10_000);
                get(second.complete());
                get(first.complete());
                assertThat(open.read(key("/a"))).isEqualTo(body(1, length));
            }
            try (var open = new OpenStore(directory)) {
                assertThat(open.read(key("/a"))).isEqualTo(body(1, length));
                assertThat(open.head(key("/a"))).isEqualTo(head("1"));
            }
        }
    }

    @Test
    void smallReplacesLargeAndLargeReplacesSmall() throws IOException {
        try (var open = new OpenStore(directory)) {
            for (int length : List.of(SMALL, LARGE, SMALL + 1, LARGE + 1, 0)) {
                open.put(key("/a"), head("" + length), body(length, length));
                assertThat(open.read(key("/a"))).isEqualTo(body(length, length));
            }
        }
        try (var open = new OpenStore(directory)) {
            assertThat(open.read(key("/a"))).isEmpty();
        }
    }

    @Test
    void whatCannotBeStoredStillSupersedesWhatWas() throws IOException {
        try (var open = new OpenStore(directory)) {
            open.put(key("/a"), head("1"), body(1, LARGE));
            var writing = open.store.open(key("/a"), head("2"), TOO_LARGE);
            open.write(writing, body(2, TOO_LARGE), 50_000);
            get(writing.complete());
            assertThat(open.has(key("/a"))).isFalse();
        }
    }

    @Test
    void removedIsGoneAtOnceAlsoWhatIsOnItsWayToDisk() throws IOException {
        try (var open = new OpenStore(directory)) {
            for (int i = 0; i < 50; i++) {
                var writing = open.store.open(key("/" + i), head("1"), SMALL);
                open.write(writing, body(i, SMALL), SMALL);
                var completed = writing.complete();
                open.store.remove(key("/" + i));
                assertThat(open.has(key("/" + i))).isFalse();
                get(completed);
                assertThat(open.has(key("/" + i))).isFalse();
            }
            open.put(key("/large"), head("1"), body(1, LARGE));
            try (var entry = open.find(key("/large")).orElseThrow()) {
                open.store.remove(key("/large"));
                assertThat(open.has(key("/large"))).isFalse();
                for (int i = 0; i < 40; i++) open.put(key("/other/" + i), head("1"), body(i, LARGE));
                assertThat(OpenStore.read(entry.body(), 0)).isEqualTo(body(1, LARGE));
            }
        }
        try (var open = new OpenStore(directory)) {
            for (int i = 0; i < 50; i++) assertThat(open.has(key("/" + i))).isFalse();
            assertThat(open.has(key("/large"))).isFalse();
        }
    }

    @Test
    void aFreshHeadReplacesTheOldOneOnBothTiers() throws IOException {
        try (var open = new OpenStore(directory)) {
            open.put(key("/small"), head("1"), body(1, SMALL));
            open.put(key("/large"), head("1"), body(2, LARGE));
            for (var path : List.of("/small", "/large", "/none"))
                get(open.store.freshen(key(path), head("1"), head("2")));
            assertThat(open.head(key("/small"))).isEqualTo(head("2"));
            assertThat(open.head(key("/large"))).isEqualTo(head("2"));
            assertThat(open.has(key("/none"))).isFalse();
            assertThat(open.read(key("/small"))).isEqualTo(body(1, SMALL));
        }
        try (var open = new OpenStore(directory)) {
            assertThat(open.head(key("/small"))).isEqualTo(head("2"));
            assertThat(open.read(key("/small"))).isEqualTo(body(1, SMALL));
            assertThat(open.head(key("/large"))).isEqualTo(head("2"));
            assertThat(open.read(key("/large"))).isEqualTo(body(2, LARGE));
        }
    }

    @Test
    void aFreshHeadNeverMeetsTheBodyOfAnother() throws IOException {
        for (int length : List.of(SMALL, LARGE)) {
            try (var open = new OpenStore(directory)) {
                open.put(key("/a"), head("1"), body(1, length));
                var other = open.store.open(key("/a"), head("other"), length);
                open.write(other, body(2, length), 10_000);
                var completed = other.complete();
                if (length == LARGE) get(completed);
                get(open.store.freshen(key("/a"), head("1"), head("2")));
                get(completed);
                assertThat(open.head(key("/a"))).isEqualTo(head("other"));
            }
            try (var open = new OpenStore(directory)) {
                assertThat(open.head(key("/a"))).isEqualTo(head("other"));
                assertThat(open.read(key("/a"))).isEqualTo(body(2, length));
            }
        }
    }

    @Test
    void lookupsOfTheSameKeyShareOneTripToTheDisk() throws IOException {
        try (var open = new OpenStore(directory)) {
            open.put(key("/small"), head("1"), body(1, SMALL));
            open.put(key("/large"), head("1"), body(2, LARGE));
        }
        try (var open = new OpenStore(directory)) {
            for (var path : List.of("/small", "/large", "/none")) {
                var found = new ArrayList<Future<Optional<Entry>>>();
                for (int i = 0; i < 100; i++) found.add(open.store.find(key(path)));
                for (var each : found) {
                    var entry = get(each);
                    assertThat(entry.isPresent()).isEqualTo(!path.equals("/none"));
                    if (entry.isEmpty()) continue;
                    var expected = path.equals("/small") ? body(1, SMALL) : body(2, LARGE);
                    assertThat(OpenStore.read(entry.get().body(), 0)).isEqualTo(expected);
                    entry.get().close();
                }
            }
        }
    }

    @Test
    void aHeadThatIsFreshenedOnItsWayToDiskArrivesThere() throws IOException {
        try (var open = new OpenStore(directory)) {
            for (int i = 0; i < 50; i++) {
                var writing = open.store.open(key("/" + i), head("1"), SMALL);
                open.write(writing, body(i, SMALL), SMALL);
                var completed = writing.complete();
                get(open.store.freshen(key("/" + i), head("1"), head("2")));
                get(completed);
            }
        }
        try (var open = new OpenStore(directory)) {
            for (int i = 0; i < 50; i++) assertThat(open.head(key("/" + i))).isEqualTo(head("2"));
        }
    }

    @Test
    void staysUnderItsLimitsAndKeepsWhatIsAskedFor() throws IOException {
        try (var open = new OpenStore(directory)) {
            open.put(key("/popular"), head("1"), body(0, 300_000));
            for (int i = 0; i < 1_500; i++) {
                int length = i % 10 == 0 ? 300_000 : i * 37 % 40_000;
                open.put(key("/" + i), head("1"), body(i, length));
                assertThat(open.has(key("/popular"))).as("after %d others", i).isTrue();
                var usage = open.store.usage();
                assertThat(usage.memoryUsed()).isLessThanOrEqualTo(usage.memoryLimit());
                assertThat(usage.diskUsed()).isLessThanOrEqualTo(usage.diskLimit());
            }
            assertThat(open.store.usage().diskUsed()).isGreaterThan(OpenStore.DISK / 2);
            assertThat(filesUnder(directory)).isLessThanOrEqualTo(OpenStore.DISK);
            assertThat(open.has(key("/1499"))).isTrue();
            assertThat(open.has(key("/0"))).isFalse();
        }
        try (var open = new OpenStore(directory)) {
            assertThat(open.read(key("/popular"))).isEqualTo(body(0, 300_000));
            assertThat(open.read(key("/1499"))).isEqualTo(body(1_499, 1_499 * 37 % 40_000));
        }
    }

    private static long filesUnder(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    @Test
    void anEvictedEntryCanBeReadUntilItIsClosed() throws IOException {
        try (var open = new OpenStore(directory)) {
            open.put(key("/a"), head("1"), body(1, SMALL));
            try (var entry = open.find(key("/a")).orElseThrow()) {
                for (int i = 0; i < 3_000; i++) open.put(key("/" + i), head("1"), body(i, SMALL));
                assertThat(OpenStore.read(entry.body(), 0)).isEqualTo(body(1, SMALL));
            }
        }
    }

    @Test
    void nothingOlderThanAnInvalidationIsFoundAlsoAfterARestart() throws IOException {
        var before = new LogPosition("e", 4);
        var after = new LogPosition("e", 5);
        try (var open = new OpenStore(directory)) {
            open.store.reset(new LogPosition("e", 4));
            open.put(key("/s/old"), head("1", before), body(1, SMALL));
            open.put(key("/s/large"), head("1", before), body(2, LARGE));
            open.put(key("/t"), head("1", before), body(3, SMALL));
            get(open.store.apply(invalidation("e", 5, "/s/*")));
            open.put(key("/s/new"), head("1", after), body(4, SMALL));
            open.put(key("/s/late"), head("1", before), body(5, SMALL));

            assertThat(open.store.isReached(key("/s/under-way"), Tags.NONE, before))
                    .isTrue();
            assertThat(open.store.isReached(key("/s/under-way"), Tags.NONE, after))
                    .isFalse();
            assertThat(open.has(key("/s/old"))).isFalse();
            assertThat(open.has(key("/s/large"))).isFalse();
            assertThat(open.has(key("/s/late"))).isFalse();
            assertThat(open.has(key("/s/new"))).isTrue();
            assertThat(open.has(key("/t"))).isTrue();
        }
        try (var open = new OpenStore(directory)) {
            assertThat(open.store.position()).isEqualTo(after);
            assertThat(open.store.proves(before)).isTrue();
            assertThat(open.store.proves(new LogPosition("e", 3))).isFalse();
            assertThat(open.has(key("/s/old"))).isFalse();
            assertThat(open.has(key("/s/large"))).isFalse();
            assertThat(open.has(key("/s/new"))).isTrue();
            assertThat(open.has(key("/t"))).isTrue();
        }
    }

    @Test
    void refusesWhatItCannotWorkWithInPlainWords() throws IOException {
        var file = Files.writeString(directory.resolve("file"), "x");
        assertThatThrownBy(() -> new OpenStore(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("data directory: " + file);

        var huge = new StoreSettings(directory.resolve("huge"), OpenStore.MEMORY, 1L << 50, 4096);
        assertThatThrownBy(() -> new OpenStore(huge))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cache on disk: " + (1L << 30) + " MB")
                .hasMessageContaining("expected: at most");

        try (var _ = new OpenStore(directory.resolve("one"))) {
            assertThatThrownBy(() -> new OpenStore(directory.resolve("one")))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("no other process");
        }
        assertThatThrownBy(() -> StoreSettings.of(directory, OpenStore.MEMORY, 1_000, Goal.ORIGIN_REQUESTS))
                .hasMessageContaining("cache on disk: 1000");
    }

    @Test
    void closingWaitsForWhatIsAlmostThere() throws IOException {
        for (int length : List.of(SMALL, LARGE)) {
            try (var open = new OpenStore(directory)) {
                var writing = open.store.open(key("/a"), head("1"), length);
                open.write(writing, body(1, length), 10_000);
                var closed = open.store.close();
                writing.complete();
                get(closed);
            }
            try (var open = new OpenStore(directory)) {
                assertThat(open.read(key("/a"))).isEqualTo(body(1, length));
            }
        }
    }

    @Test
    void otherSizesKeepWhatFits() throws IOException {
        int count = 60;
        try (var open = new OpenStore(directory)) {
            for (int i = 0; i < count; i++) open.put(key("/" + i), head("1"), body(i, 20_000 + i));
        }
        try (var open = new OpenStore(new StoreSettings(directory, OpenStore.MEMORY, 2 * OpenStore.DISK, 4))) {
            for (int i = 0; i < count; i++) assertThat(open.read(key("/" + i))).isEqualTo(body(i, 20_000 + i));
            for (int i = 0; i < count; i += 3) {
                open.put(key("/" + i), head("2"), body(i, 30_000 + i));
                get(open.store.freshen(key("/" + (i + 1)), head("1"), head("3")));
                open.store.remove(key("/" + (i + 2)));
            }
            assertThat(filesUnder(directory)).isBetween(OpenStore.DISK, 2 * OpenStore.DISK);
        }
        try (var open = new OpenStore(new StoreSettings(directory, 2 * OpenStore.MEMORY, 2 * OpenStore.DISK, 4))) {
            for (int i = 0; i < count; i += 3) {
                assertThat(open.read(key("/" + i))).isEqualTo(body(i, 30_000 + i));
                assertThat(open.head(key("/" + (i + 1)))).isEqualTo(head("3"));
                assertThat(open.has(key("/" + (i + 2)))).isFalse();
            }
        }
        try (var open = new OpenStore(new StoreSettings(directory, OpenStore.MEMORY, OpenStore.DISK / 2, 1))) {
            int kept = 0;
            for (int i = 0; i < count; i++) {
                if (!open.has(key("/" + i))) continue;
                kept++;
                if (i % 3 == 0) assertThat(open.read(key("/" + i))).isEqualTo(body(i, 30_000 + i));
                assertThat(i % 3).isNotEqualTo(2);
            }
            assertThat(kept).as("one shard of four, or of the two before").isBetween(4, 30);
            assertThat(filesUnder(directory)).isLessThanOrEqualTo(OpenStore.DISK / 2);
        }
        try (var open = new OpenStore(new StoreSettings(directory, OpenStore.MEMORY, OpenStore.DISK / 4, 1))) {
            assertThat(open.store.usage().objects()).as("no shard fits").isZero();
            open.put(key("/a"), head("1"), body(1, SMALL));
            assertThat(filesUnder(directory)).isLessThanOrEqualTo(OpenStore.DISK / 4);
        }
    }

    @Test
    void aViewOfAnEntryOutlivesIt() throws IOException {
        try (var open = new OpenStore(directory)) {
            open.put(key("/a"), head("1"), body(1, SMALL));
            ByteBuf view;
            try (var entry = open.find(key("/a")).orElseThrow()) {
                view = entry.body().inMemory().orElseThrow();
            }
            open.store.remove(key("/a"));
            assertThat(view.readableBytes()).isEqualTo(SMALL);
            assertThat(view.release()).isTrue();
        }
    }
}

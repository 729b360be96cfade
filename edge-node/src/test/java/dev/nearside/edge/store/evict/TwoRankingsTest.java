package dev.nearside.edge.store.evict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TwoRankingsTest {

    private static long hash(int key) {
        return (key + 1) * 0x9E3779B97F4A7C15L;
    }

    private static void add(Eviction eviction, int units, int... entries) {
        for (int entry : entries) eviction.add(entry, hash(entry), units);
    }

    private static int evict(Eviction eviction) {
        int victim = eviction.victim();
        eviction.remove(victim);
        return victim;
    }

    /// Takes every victim until none is left.
    private static List<Integer> drain(Eviction eviction) {
        var gone = new ArrayList<Integer>();
        for (int victim = eviction.victim(); victim >= 0; victim = eviction.victim()) {
            gone.add(victim);
            eviction.remove(victim);
        }
        return gone;
    }

    @ParameterizedTest
    @EnumSource
    void ofEqualNewcomersTheOldestGoesFirst(Goal goal) {
        var eviction = Eviction.of(goal);
        add(eviction, 3, 7, 3, 900, 1);
        assertThat(eviction.victim()).isEqualTo(7);
        assertThat(eviction.victim()).as("until it is removed").isEqualTo(7);
        assertThat(drain(eviction)).containsExactly(7, 3, 900, 1);
        assertThat(eviction.victim()).isNegative();
    }

    @ParameterizedTest
    @EnumSource
    void whatWasAskedForAgainStaysWhenOthersGo(Goal goal) {
        var eviction = Eviction.of(goal);
        add(eviction, 1, 1, 2, 3, 4);
        eviction.hit(1);
        eviction.hit(3);
        eviction.hit(3);
        assertThat(drain(eviction)).containsExactly(2, 4, 1, 3);
    }

    @ParameterizedTest
    @EnumSource
    void whatComesBackIsARegularAtOnce(Goal goal) {
        var eviction = Eviction.of(goal);
        for (int entry = 0; entry < 100; entry++) add(eviction, 1, entry);
        assertThat(evict(eviction)).isZero();
        eviction.add(900, hash(0), 1);
        eviction.add(901, hash(901), 1);
        assertThat(eviction.figures()).isEqualTo(new Eviction.Figures(0, 0, 1, 100, 1));
        for (int entry = 1; entry <= 80; entry++) assertThat(evict(eviction)).isEqualTo(entry);
    }

    @Test
    void roomGoesToTheKindThatComesBack() {
        var eviction = Eviction.of(Goal.ORIGIN_BYTES);
        for (int entry = 0; entry < 1_000; entry++) add(eviction, 1, entry);
        int spared = newcomersLeft(eviction);
        for (int round = 0; round < 200; round++) {
            int victim = evict(eviction);
            eviction.add(victim, hash(victim), 1);
        }
        assertThat(newcomersLeft(eviction)).isGreaterThan(spared + 100);
    }

    /// How many newcomers there are when the first regular goes, by a copy that learns nothing more.
    private static int newcomersLeft(Eviction eviction) {
        try {
            var copy = Eviction.of(Goal.ORIGIN_BYTES);
            for (int entry = 0; entry < 1_000; entry++) add(copy, 1, entry);
            copy.read(in(written(eviction)), IntUnaryOperator.identity());
            for (int entry = 1_000; entry < 1_400; entry++) {
                add(copy, 1, entry);
                copy.hit(entry);
            }
            int regulars;
            do {
                regulars = copy.figures().regulars();
                copy.remove(copy.victim());
            } while (copy.figures().regulars() >= regulars);
            return copy.figures().newcomers();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void theLargestGoesFirstWhereRequestsCount() {
        var eviction = Eviction.of(Goal.ORIGIN_REQUESTS);
        eviction.add(1, hash(1), 2);
        eviction.add(2, hash(2), 200);
        eviction.add(3, hash(3), 20);
        assertThat(drain(eviction)).containsExactly(2, 3, 1);
    }

    @Test
    void sizeDoesNotMatterWhereBytesCount() {
        var eviction = Eviction.of(Goal.ORIGIN_BYTES);
        eviction.add(1, hash(1), 2);
        eviction.add(2, hash(2), 200);
        eviction.add(3, hash(3), 20);
        assertThat(drain(eviction)).containsExactly(1, 2, 3);
    }

    @Test
    void aLargeNewcomerMustAskOften() {
        var eviction = Eviction.of(Goal.ORIGIN_REQUESTS);
        add(eviction, 1, 1, 2, 3);
        assertThat(eviction.admits(hash(50), 1_000))
                .as("nobody is a regular yet")
                .isTrue();
        evict(eviction);
        eviction.add(4, hash(1), 1);

        assertThat(eviction.admits(hash(60), 4)).isTrue();
        assertThat(eviction.admits(hash(61), 9)).isFalse();
        assertThat(eviction.admits(hash(61), 9)).isFalse();
        assertThat(eviction.admits(hash(61), 9)).as("the third time").isTrue();
        assertThat(eviction.figures()).isEqualTo(new Eviction.Figures(3, 2, 1, 2, 1));
    }

    @Test
    void aVeryLargeNewcomerMustAskTwiceWhereBytesCount() {
        var eviction = Eviction.of(Goal.ORIGIN_BYTES);
        for (int entry = 0; entry < 100; entry++) eviction.add(entry, hash(entry), 1);
        assertThat(evict(eviction)).isZero();
        eviction.add(0, hash(0), 1);
        assertThat(eviction.admits(hash(200), 10)).isTrue();
        assertThat(eviction.admits(hash(201), 11)).isFalse();
        assertThat(eviction.admits(hash(201), 11)).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void whatIsBeingReadIsSkippedForOneRound(Goal goal) {
        var eviction = Eviction.of(goal);
        add(eviction, 1, 1, 2);
        eviction.skip(eviction.victim());
        assertThat(evict(eviction)).isEqualTo(2);
        assertThat(eviction.victim()).as("nobody is left who is not being read").isNegative();
        assertThat(eviction.victim()).as("asked anew").isEqualTo(1);
        eviction.skip(1);
        add(eviction, 1, 3);
        assertThat(drain(eviction)).containsExactlyInAnyOrder(1, 3);
    }

    @ParameterizedTest
    @EnumSource
    void aSkippedEntryCanBeRemoved(Goal goal) {
        var eviction = Eviction.of(goal);
        add(eviction, 1, 1, 2, 3);
        eviction.skip(1);
        eviction.skip(2);
        eviction.remove(1);
        add(eviction, 1, 1);
        assertThat(drain(eviction)).containsExactlyInAnyOrder(1, 2, 3);
    }

    @ParameterizedTest
    @EnumSource
    void aNumberIsUsedAgainWithoutItsPast(Goal goal) {
        var eviction = Eviction.of(goal);
        add(eviction, 1, 1, 2);
        eviction.hit(1);
        eviction.remove(1);
        eviction.add(1, hash(77), 1);
        assertThat(drain(eviction)).containsExactly(2, 1);
    }

    @Test
    void refusesAnEntryThatIsThereOrTakesNothing() {
        var eviction = Eviction.of(Goal.ORIGIN_BYTES);
        add(eviction, 1, 1);
        assertThatThrownBy(() -> eviction.add(1, hash(2), 1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> eviction.add(2, hash(2), 0)).isInstanceOf(IllegalArgumentException.class);
    }

    /// Random work, followed by a simple account of what must be there.
    @ParameterizedTest
    @EnumSource
    void namesEachEntryThatIsThereAndNoOther(Goal goal) throws IOException {
        var random = new Random(4711);
        var eviction = Eviction.of(goal);
        var there = new HashSet<Integer>();
        for (int step = 0; step < 200_000; step++) {
            int entry = random.nextInt(500);
            switch (random.nextInt(8)) {
                case 0, 1, 2 -> {
                    if (there.add(entry)) eviction.add(entry, hash(random.nextInt(5_000)), 1 + random.nextInt(99));
                }
                case 3, 4 -> {
                    if (there.contains(entry)) eviction.hit(entry);
                }
                case 5 -> {
                    if (there.remove(entry)) eviction.remove(entry);
                }
                case 6 -> eviction.admits(hash(random.nextInt(5_000)), 1 + random.nextInt(999));
                default -> {
                    int victim = eviction.victim();
                    if (victim < 0) continue;
                    assertThat(there).contains(victim);
                    if (random.nextInt(4) == 0) eviction.skip(victim);
                    else {
                        there.remove(victim);
                        eviction.remove(victim);
                    }
                }
            }
        }
        var figures = eviction.figures();
        eviction.remove(1_000_000);
        eviction.write(new DataOutputStream(new ByteArrayOutputStream()));
        assertThat(drain(eviction)).containsExactlyInAnyOrderElementsOf(there);
        assertThat(figures.admitted()).isPositive();
        assertThat(eviction.figures().newcomers() + eviction.figures().regulars())
                .isZero();
    }

    @ParameterizedTest
    @EnumSource
    void whatWasLearnedSurvivesUnderOtherNumbers(Goal goal) throws IOException {
        var before = busy(goal);
        var bytes = written(before);
        var after = Eviction.of(goal);
        for (int entry = 999; entry >= 0; entry--) after.add(entry + 100, hash(entry), 1 + entry % 7);
        after.read(in(bytes), entry -> entry + 100);

        for (int i = 0; i < 50; i++) after.add(2_000 + i, hash(10_000 + i), 3);
        for (int i = 0; i < 50; i++) before.add(1_900 + i, hash(10_000 + i), 3);
        assertThat(drain(after))
                .isEqualTo(drain(before).stream().map(entry -> entry + 100).toList());
    }

    @Test
    void takesTenBytesForAnEntryWhenWritten() throws IOException {
        var eviction = busy(Goal.ORIGIN_REQUESTS);
        for (int entry = 1_000; entry < 50_000; entry++) {
            eviction.add(entry, hash(entry), 1);
            eviction.admits(hash(1_000_000 + entry), 5_000);
        }
        assertThat(written(eviction)).hasSizeLessThan(50_000 * 10 + 1_000);
    }

    @Test
    void whatHasGoneAndComeSinceIsSeen() throws IOException {
        var bytes = written(busy(Goal.ORIGIN_REQUESTS));
        var after = Eviction.of(Goal.ORIGIN_REQUESTS);
        for (int entry = 500; entry < 1_500; entry++) after.add(entry, hash(entry), 1 + entry % 7);
        after.read(in(bytes), entry -> entry < 500 ? -1 : entry);
        assertThat(drain(after)).hasSize(1_000);
    }

    @Test
    void anotherGoalTakesWhatIsTrueForIt() throws IOException {
        var bytes = written(busy(Goal.ORIGIN_REQUESTS));
        var after = Eviction.of(Goal.ORIGIN_BYTES);
        for (int entry = 0; entry < 1_000; entry++) after.add(entry, hash(entry), 1 + entry % 7);
        after.read(in(bytes), IntUnaryOperator.identity());
        var gone = drain(after);
        assertThat(gone.subList(0, 500)).as("those that nobody asked for again").allMatch(entry -> entry % 2 == 1);
    }

    @Test
    void anUnreadableMemoryChangesNothing() throws IOException {
        var bytes = written(busy(Goal.ORIGIN_REQUESTS));
        var eviction = Eviction.of(Goal.ORIGIN_REQUESTS);
        add(eviction, 1, 1, 2, 3);
        for (int length : new int[] {0, 1, 10, 25, bytes.length / 2, bytes.length - 1}) {
            var half = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> eviction.read(in(half), IntUnaryOperator.identity()))
                    .isInstanceOf(IOException.class);
        }
        bytes[0] = 99;
        assertThatThrownBy(() -> eviction.read(in(bytes), IntUnaryOperator.identity()))
                .hasMessageContaining("99");
        assertThat(drain(eviction)).containsExactly(1, 2, 3);
    }

    /// A thousand entries, the even ones asked for again, the more often the higher.
    private static Eviction busy(Goal goal) {
        var eviction = Eviction.of(goal);
        for (int entry = 0; entry < 1_000; entry++) eviction.add(entry, hash(entry), 1 + entry % 7);
        for (int entry = 0; entry < 1_000; entry += 2) {
            for (int hits = entry / 200; hits >= 0; hits--) eviction.hit(entry);
        }
        return eviction;
    }

    private static byte[] written(Eviction eviction) throws IOException {
        var bytes = new ByteArrayOutputStream();
        eviction.write(new DataOutputStream(bytes));
        return bytes.toByteArray();
    }

    private static DataInputStream in(byte[] bytes) {
        return new DataInputStream(new ByteArrayInputStream(bytes));
    }
}

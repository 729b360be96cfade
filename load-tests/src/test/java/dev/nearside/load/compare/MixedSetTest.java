package dev.nearside.load.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Collections;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MixedSetTest {

    @Test
    void noTwoObjectsHaveTheSameLengthSoEachIsAnObjectOfItsOwn() {
        var lengths = IntStream.range(0, MixedSet.OBJECTS).map(MixedSet::length);

        assertThat(lengths.distinct().count()).isEqualTo(MixedSet.OBJECTS);
    }

    @Test
    void allFitIntoTheMemoryThatEveryServerHas() {
        var lengths = IntStream.range(0, MixedSet.OBJECTS).map(MixedSet::length).summaryStatistics();

        assertThat(lengths.getMin()).isEqualTo(512);
        assertThat(lengths.getMax()).isEqualTo(MixedSet.LONGEST);
        assertThat(lengths.getSum()).isBetween(250_000_000L, 300_000_000L);
    }

    @Test
    void drawsTheSecondAboutHalfAsOftenAsTheFirst() {
        var drawn = MixedSet.drawn();

        var first = Collections.frequency(drawn, 0);
        var second = Collections.frequency(drawn, 1);
        assertThat(drawn).hasSize(MixedSet.DRAWN).allMatch(rank -> rank >= 0 && rank < MixedSet.OBJECTS);
        assertThat((double) second / first).isCloseTo(Math.pow(0.5, MixedSet.EXPONENT), within(0.05));
    }

    @Test
    void drawsTheSameEachTime() {
        assertThat(MixedSet.drawn()).isEqualTo(MixedSet.drawn());
    }
}

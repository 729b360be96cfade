package dev.nearside.edge.store.evict;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CeilingTest {

    private static final int OFTEN = 12;
    private static final int SELDOM = 1;

    private final Ceiling ceiling = new Ceiling();
    private final int first = ceiling.height();

    @Test
    void risesWhereThoseAskedForOftenComeBack() {
        for (int i = 0; i < 10_000; i++) goes(OFTEN, i % 2 == 0, SELDOM, i % 10 == 0);

        assertThat(ceiling.height()).isEqualTo(Memory.MOST);
    }

    @Test
    void fallsWhereTheyDoNot() {
        for (int i = 0; i < 10_000; i++) goes(OFTEN, i % 10 == 0, SELDOM, i % 2 == 0);

        assertThat(ceiling.height()).isEqualTo(3);
    }

    @Test
    void staysWhereItMakesNoDifference() {
        for (int i = 0; i < 10_000; i++) goes(OFTEN, i % 4 == 0, SELDOM, i % 4 == 0);

        assertThat(ceiling.height()).isEqualTo(first);
    }

    @Test
    void staysWhereThereIsNothingToCompare() {
        for (int i = 0; i < 10_000; i++) ceiling.gone(SELDOM, 100);

        assertThat(ceiling.height()).isEqualTo(first);
    }

    @Test
    void aLargeCacheWaitsLonger() {
        for (int i = 0; i < 1_000; i++) {
            ceiling.gone(i % 2 == 0 ? OFTEN : SELDOM, 1_000_000);
            if (i % 4 == 0) ceiling.back(OFTEN);
        }

        assertThat(ceiling.height()).isEqualTo(first);
    }

    private void goes(int one, boolean oneIsBack, int other, boolean otherIsBack) {
        ceiling.gone(one, 100);
        if (oneIsBack) ceiling.back(one);
        ceiling.gone(other, 100);
        if (otherIsBack) ceiling.back(other);
    }
}

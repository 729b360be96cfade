package dev.nearside.load.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HitCountTest {

    @Test
    void countsWhatCameFromACache() {
        var count = new HitCount();
        count.note("Miss from nearside");
        count.note("Hit from nearside");
        count.note("RefreshHit from nearside");
        count.note("Error from nearside");

        assertThat(count.ratio()).isEqualTo(50.0);
    }

    @Test
    void isZeroBeforeTheFirstAnswer() {
        assertThat(new HitCount().ratio()).isZero();
    }
}

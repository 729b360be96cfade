package dev.nearside.deploy.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BackoffTest {

    @Test
    void isQuickAfterAGoodLife() {
        assertThat(Backoff.NONE.after(Duration.ofMinutes(5)).pause()).isEqualTo(Duration.ofMillis(250));
    }

    @Test
    void growsWithShortLivesUpToALimitAndForgetsThemAfterAGoodOne() {
        var backoff = Backoff.NONE;
        var before = backoff.pause();
        for (var life = 0; life < 20; life++) {
            backoff = backoff.after(Duration.ofSeconds(1));
            assertThat(backoff.pause()).isGreaterThanOrEqualTo(before);
            before = backoff.pause();
        }
        assertThat(before).isEqualTo(Duration.ofSeconds(30));
        assertThat(backoff.after(Duration.ofMinutes(1))).isEqualTo(Backoff.NONE);
    }
}

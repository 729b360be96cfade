package dev.nearside.edge.origin;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class HealthTest {

    private static final Health.Place PLACE = new Health.Place.Name(new OriginAddress("http", "origin.example", 80));

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-31T12:00:00Z"));
    private final Health health = new Health(now::get);

    @Test
    void threeFailuresInARowMakeAPlaceIll() {
        health.failed(PLACE);
        health.failed(PLACE);
        assertThat(health.mayTry(PLACE)).isTrue();
        health.worked(PLACE);
        health.failed(PLACE);
        health.failed(PLACE);
        assertThat(health.mayTry(PLACE)).isTrue();
        health.failed(PLACE);
        assertThat(health.mayTry(PLACE)).isFalse();
        assertThat(health.mayTry(new Health.Place.Name(new OriginAddress("https", "origin.example", 443))))
                .isTrue();
    }

    @Test
    void afterEachPauseOneTriesAndTheNextPauseIsLonger() {
        for (int i = 0; i < 3; i++) health.failed(PLACE);
        for (int pause : new int[] {1, 2, 4, 8, 16, 32, 60, 60}) {
            pass(Duration.ofSeconds(pause).minusMillis(1));
            assertThat(health.mayTry(PLACE)).isFalse();
            pass(Duration.ofMillis(1));
            assertThat(health.mayTry(PLACE)).isTrue();
            assertThat(health.mayTry(PLACE)).isFalse();
            health.failed(PLACE);
        }
    }

    @Test
    void aTrialThatWorksMakesItWell() {
        for (int i = 0; i < 3; i++) health.failed(PLACE);
        pass(Duration.ofSeconds(1));
        assertThat(health.mayTry(PLACE)).isTrue();
        health.worked(PLACE);
        assertThat(health.mayTry(PLACE)).isTrue();
        assertThat(health.mayTry(PLACE)).isTrue();
    }

    @Test
    void aTrialOfWhichNothingIsHeardIsFollowedByAnother() {
        for (int i = 0; i < 3; i++) health.failed(PLACE);
        pass(Duration.ofSeconds(1));
        assertThat(health.mayTry(PLACE)).isTrue();
        pass(Duration.ofSeconds(1));
        assertThat(health.mayTry(PLACE)).isTrue();
    }

    private void pass(Duration time) {
        now.updateAndGet(then -> then.plus(time));
    }
}

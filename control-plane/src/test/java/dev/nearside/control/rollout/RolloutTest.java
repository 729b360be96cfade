package dev.nearside.control.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.control.fleet.Canaries;
import dev.nearside.control.rollout.State.Promoted;
import dev.nearside.control.rollout.State.RolledBack;
import dev.nearside.control.rollout.State.Starting;
import dev.nearside.control.rollout.State.Watching;
import dev.nearside.model.wire.feed.LatencyScale;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Where a rollout goes from each state, by what is seen.
class RolloutTest {
    static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    static final Duration TEN_MINUTES = Duration.ofMinutes(10);
    static final Plan PLAN = new Plan(
            new Canaries.Labelled(Map.of("region", "eu")),
            new Guards(Optional.of(1.0), Optional.of(10.0), Optional.of(2.0), 100),
            TEN_MINUTES);
    private static final Sides QUIET = new Sides(counts(99, 0, 90, 10), counts(1000, 0, 900, 10));
    private static final Sides GOOD = new Sides(counts(100, 1, 90, 10), counts(1000, 0, 900, 10));

    /// @param millis that each of them waited
    static Counts counts(long requests, long serverErrors, long fromCache, double millis) {
        var latency = new ArrayList<>(Collections.nCopies(LatencyScale.STEPS, 0L));
        latency.set(LatencyScale.step(Math.round(millis * 1e6)), requests);
        return new Counts(requests, fromCache, serverErrors, latency);
    }

    private static Observations all(Sides sides) {
        return new Observations(2, 2, 2, Optional.empty(), sides);
    }

    private static State watching(int lookedSecondsAfterNoon) {
        return new Watching(NOON, NOON.plus(TEN_MINUTES), NOON.plusSeconds(lookedSecondsAfterNoon), Optional.empty());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # canaries | reachable | applied | refused | seconds later | becomes
                     2 |         2 |       0 |   false |             1 | starting
                     2 |         2 |       1 |   false |            29 | starting
                     2 |         2 |       1 |   false |            30 | watching
                     2 |         2 |       2 |   false |             1 | watching
                     2 |         1 |       1 |   false |             1 | starting
                     2 |         2 |       0 |   false |            30 | rolled-back
                     0 |         0 |       0 |   false |            30 | rolled-back
                     2 |         2 |       1 |    true |             1 | rolled-back
            """)
    void nobodyJudgesBeforeTheCanariesRunIt(
            int canaries, int reachable, int applied, boolean refused, int later, String expected) {
        var seen = new Observations(
                canaries,
                reachable,
                applied,
                refused ? Optional.of("edge a refused it: a hole") : Optional.empty(),
                Sides.NOTHING);

        var next = Rollout.next(PLAN, new Starting(NOON), seen, NOON.plusSeconds(later));

        assertThat(next.word()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # canaries: requests, 5xx, cached, ms | others: requests, 5xx, cached, ms | seconds later | becomes
             100 |   1 |  90 |  10 | 100 | 0 | 90 | 10 |    5 | watching
             100 |   2 |  90 |  10 | 100 | 0 | 90 | 10 |    5 | rolled-back
             100 |   4 |  90 |  10 | 100 | 3 | 90 | 10 |    5 | watching
             100 |   0 |  80 |  10 | 100 | 0 | 90 | 10 |    5 | watching
             100 |   0 |  79 |  10 | 100 | 0 | 90 | 10 |    5 | rolled-back
             100 |   0 |  90 |  40 | 100 | 0 | 90 | 10 |    5 | rolled-back
             100 |   0 |  90 |   7 | 100 | 0 | 90 |  1 |    5 | watching
              99 |  99 |   0 | 900 | 100 | 0 | 90 | 10 |    5 | watching
             100 | 100 |   0 | 900 |  99 | 0 | 90 | 10 |    5 | watching
             100 |   0 |  90 |  10 | 100 | 0 | 90 | 10 |  599 | watching
             100 |   0 |  90 |  10 | 100 | 0 | 90 | 10 |  600 | promoted
             100 |   2 |  90 |  10 | 100 | 0 | 90 | 10 |  600 | rolled-back
              99 |   0 |  90 |  10 | 100 | 0 | 90 | 10 |  600 | watching
              99 |   0 |  90 |  10 | 100 | 0 | 90 | 10 | 1199 | watching
              99 |   0 |  90 |  10 | 100 | 0 | 90 | 10 | 1200 | rolled-back
             100 |   0 |  90 |  10 | 100 | 0 | 90 | 10 | 1200 | promoted
            """)
    void theGuardsDecide(
            long requests,
            long errors,
            long cached,
            double millis,
            long otherRequests,
            long otherErrors,
            long otherCached,
            double otherMillis,
            int later,
            String expected) {
        var sides = new Sides(
                counts(requests, errors, cached, millis), counts(otherRequests, otherErrors, otherCached, otherMillis));

        var next = Rollout.next(PLAN, watching(later - 1), all(sides), NOON.plusSeconds(later));

        assertThat(next.word()).isEqualTo(expected);
    }

    @Test
    void theReasonHasTheFiguresOfBothSides() {
        var sides = new Sides(counts(200, 20, 100, 10), counts(1000, 5, 900, 10));

        assertThat(Rollout.next(PLAN, watching(4), all(sides), NOON.plusSeconds(5)))
                .isEqualTo(new RolledBack(
                        NOON.plusSeconds(5),
                        "rollout",
                        "5xx 10.00 % on the canaries, 0.50 % on the others (allowed: 1.00 points more); "
                                + "hit ratio 50.0 % on the canaries, 90.0 % on the others (allowed: 10.0 points less); "
                                + "200 requests on the canaries, 1000 on the others"));
    }

    @Test
    void aCanaryThatRefusesItEndsIt() {
        var seen = new Observations(2, 2, 1, Optional.of("edge a refused it: a hole"), GOOD);

        assertThat(Rollout.next(PLAN, watching(4), seen, NOON.plusSeconds(5)))
                .isEqualTo(new RolledBack(NOON.plusSeconds(5), "rollout", "edge a refused it: a hole"));
    }

    @Test
    void mostCanariesMayBeOutOfReachForALittleWhile() {
        var lost = new Observations(3, 1, 1, Optional.empty(), GOOD);
        var first = Rollout.next(PLAN, watching(4), lost, NOON.plusSeconds(5));
        assertThat(first)
                .isInstanceOfSatisfying(
                        Watching.class, now -> assertThat(now.lostSince()).contains(NOON.plusSeconds(5)));

        var back = Rollout.next(PLAN, first, new Observations(3, 2, 2, Optional.empty(), GOOD), NOON.plusSeconds(9));
        assertThat(back)
                .isInstanceOfSatisfying(
                        Watching.class, now -> assertThat(now.lostSince()).isEmpty());

        assertThat(Rollout.next(PLAN, first, lost, NOON.plusSeconds(34))).isInstanceOf(Watching.class);
        assertThat(Rollout.next(PLAN, first, lost, NOON.plusSeconds(35)))
                .isEqualTo(new RolledBack(
                        NOON.plusSeconds(35), "rollout", "only 1 of 3 canaries could be reached for 30 s"));
    }

    @Test
    void itIsNotPromotedWhileTheCanariesAreGone() {
        var gone = new Observations(0, 0, 0, Optional.empty(), GOOD);

        assertThat(Rollout.next(PLAN, watching(599), gone, NOON.plusSeconds(600)))
                .isInstanceOf(Watching.class);
    }

    @Test
    void timeThatNobodyWatchedDoesNotCount() {
        var next = Rollout.next(PLAN, watching(60), all(GOOD), NOON.plusSeconds(3_660));

        assertThat(next)
                .isEqualTo(new Watching(
                        NOON,
                        NOON.plus(TEN_MINUTES).plusSeconds(3_600 - 10),
                        NOON.plusSeconds(3_660),
                        Optional.empty()));
    }

    @Test
    void withoutAGuardOnlyTimeCounts() {
        var plan = new Plan(
                PLAN.canaries(), new Guards(Optional.empty(), Optional.empty(), Optional.empty(), 100), TEN_MINUTES);

        assertThat(Rollout.next(plan, watching(598), all(QUIET), NOON.plusSeconds(599)))
                .isInstanceOf(Watching.class);
        assertThat(Rollout.next(plan, watching(599), all(QUIET), NOON.plusSeconds(600)))
                .isInstanceOf(Promoted.class);
    }

    @Test
    void whatEndedStaysEnded() {
        var ended = new Promoted(NOON, "ann", "enough");

        assertThat(Rollout.next(PLAN, ended, all(QUIET), NOON.plusSeconds(60))).isSameAs(ended);
    }
}

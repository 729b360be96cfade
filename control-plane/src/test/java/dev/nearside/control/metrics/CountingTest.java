package dev.nearside.control.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.model.wire.feed.EdgeReport;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// Counters that only grow become amounts per second and minute, each request once.
class CountingTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final Selection ALL = new Selection(Optional.empty(), Optional.empty());

    private Instant now = NOON;
    private final InstantSource clock = () -> now;
    private final InMemory kept = new InMemory();

    /// Keeps minutes for as long as the test runs.
    private static final class InMemory implements MetricsRepository {
        private final Map<Minute, Tally> minutes = new HashMap<>();
        private final Map<Series, Baseline> baselines = new HashMap<>();
        private boolean isBroken;

        @Override
        public void add(Map<Minute, Tally> added, Map<Series, Baseline> moved, Map<Series, Baseline> since) {
            if (isBroken) throw new IllegalStateException("no database");
            added.forEach((minute, tally) -> minutes.merge(minute, tally, Tally::plus));
            baselines.putAll(moved);
        }

        @Override
        public Map<Series, Baseline> baselines() {
            return Map.copyOf(baselines);
        }

        @Override
        public Map<Series, Baseline> baselines(String edgeId) {
            return baselines();
        }

        @Override
        public Map<Minute, Tally> minutes(Instant from, Instant to) {
            return minutes.entrySet().stream()
                    .filter(entry -> isWithin(entry.getKey(), from, to))
                    .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        }

        @Override
        public List<Sum> sums(Instant from, Instant to, Selection selection) {
            return minutes.entrySet().stream()
                    .filter(entry -> isWithin(entry.getKey(), from, to)
                            && selection.has(entry.getKey().series()))
                    .map(entry -> new Sum(entry.getKey().start(), entry.getValue()))
                    .toList();
        }

        private static boolean isWithin(Minute minute, Instant from, Instant to) {
            return !minute.start().isBefore(from) && minute.start().isBefore(to);
        }

        @Override
        public void forgetBefore(Instant minute) {
            minutes.keySet().removeIf(key -> key.start().isBefore(minute));
        }
    }

    private static EdgeReport report(String run, Instant started, long hits) {
        return report("site", run, started, hits);
    }

    private static EdgeReport report(String distribution, String run, Instant started, long hits) {
        return new EdgeReport(
                run,
                started,
                started,
                "1",
                1,
                null,
                "epoch",
                0,
                new EdgeReport.Cache(0, 0, 0, 0, 0, true),
                List.of(new EdgeReport.Counters(distribution, hits, 0, 0, 0, 0, 0, 0, hits * 100, 0, 0, 0, 0, 0, 0, 0)),
                null,
                null);
    }

    private static long hits(List<Counting.Amount> amounts) {
        return amounts.stream()
                .mapToLong(amount -> amount.tally().of(Measure.HITS))
                .sum();
    }

    private long hitsBySecond(Counting counting) {
        return hits(counting.amounts(Counting.BY_SECOND, Duration.ofSeconds(1), ALL));
    }

    private long hitsByMinute(Counting counting) {
        return hits(counting.amounts(Duration.ofDays(1), Duration.ofMinutes(1), ALL));
    }

    @Test
    void aSecondHoldsWhatWasAddedInIt() {
        var counting = new Counting(kept, _ -> true, clock);
        counting.report("edge", report("run", NOON, 5));
        now = NOON.plusSeconds(1);
        counting.report("edge", report("run", NOON, 12));
        now = NOON.plusSeconds(2);

        var last = counting.amounts(Duration.ofSeconds(2), Duration.ofSeconds(1), ALL);

        assertThat(last).extracting(Counting.Amount::at).containsExactly(NOON, NOON.plusSeconds(1));
        assertThat(last).extracting(amount -> amount.tally().of(Measure.HITS)).containsExactly(5L, 7L);
        assertThat(last)
                .extracting(amount -> amount.tally().of(Measure.HIT_BYTES))
                .containsExactly(500L, 700L);
    }

    @Test
    void aNewRunCountsFromZero() {
        var counting = new Counting(kept, _ -> true, clock);
        counting.report("edge", report("run", NOON, 100));
        now = NOON.plusSeconds(10);
        counting.report("edge", report("next", NOON.plusSeconds(9), 3));
        now = NOON.plusSeconds(11);

        assertThat(hitsBySecond(counting)).isEqualTo(103);
    }

    @Test
    void whatWasCountedInSilenceIsSpreadOverIt() {
        var counting = new Counting(kept, _ -> true, clock);
        counting.report("edge", report("run", NOON, 0));
        now = NOON.plusSeconds(10);
        counting.report("edge", report("run", NOON, 25));
        now = NOON.plusSeconds(11);

        var amounts = counting.amounts(Duration.ofSeconds(10), Duration.ofSeconds(1), ALL);

        assertThat(amounts)
                .extracting(amount -> amount.tally().of(Measure.HITS))
                .allMatch(hits -> hits == 2 || hits == 3);
        assertThat(hits(amounts)).isEqualTo(25);
    }

    @Test
    void aRestartCountsNothingTwiceAndLosesNothing() {
        var counting = new Counting(kept, _ -> true, clock);
        counting.report("edge", report("run", NOON, 100));
        counting.write();
        now = NOON.plusSeconds(30);
        counting.report("edge", report("run", NOON, 140));
        // Killed here: the last 40 were not written.

        now = NOON.plusSeconds(60);
        var restarted = new Counting(kept, _ -> true, clock);
        restarted.report("edge", report("run", NOON, 150));
        now = NOON.plusSeconds(61);

        assertThat(hitsByMinute(restarted)).isEqualTo(150);
        assertThat(hitsBySecond(restarted)).isEqualTo(150);
        restarted.write();
        assertThat(hitsByMinute(restarted)).isEqualTo(150);
    }

    @Test
    void whatCouldNotBeWrittenIsWrittenTheNextTime() {
        var counting = new Counting(kept, _ -> true, clock);
        counting.report("edge", report("run", NOON, 10));
        kept.isBroken = true;
        org.assertj.core.api.Assertions.assertThatThrownBy(counting::write).hasMessage("no database");
        kept.isBroken = false;
        counting.report("edge", report("run", NOON, 15));
        counting.write();

        assertThat(hitsByMinute(counting)).isEqualTo(15);
        assertThat(hitsByMinute(new Counting(kept, _ -> true, clock))).isEqualTo(15);
    }

    @Test
    void whatBelongsToNoDistributionIsNotCounted() {
        var counting = new Counting(kept, "site"::equals, clock);
        counting.report("edge", report("made-up", "run", NOON, 1));
        counting.report("edge", report("site", "run", NOON, 2));
        counting.write();

        assertThat(hitsByMinute(counting)).isEqualTo(2);
        assertThat(kept.baselines).containsOnlyKeys(new Series("edge", "site"));
    }

    @Test
    void moreThanMemoryHoldsIsShownByItsMinutes() {
        var counting = new Counting(kept, _ -> true, clock, 1_000);
        now = NOON.plusSeconds(899);
        var before = NOON.minusSeconds(1_000);
        for (int i = 0; i < 20; i++) counting.report("edge", report("site-" + i, "run", before, 9_000));
        now = NOON.plusSeconds(900);

        assertThat(counting.inMemory()).isLessThan(1_000 + 20 * 60);
        assertThat(hitsBySecond(counting)).isEqualTo(20 * 9_000L);
        counting.write();
        assertThat(hitsBySecond(counting)).isEqualTo(20 * 9_000L);
        assertThat(hitsByMinute(counting)).isEqualTo(20 * 9_000L);
    }

    @Test
    void noAmountTurnsOver() {
        var counting = new Counting(kept, _ -> true, clock);
        for (int run = 0; run < 4; run++) {
            counting.report("edge", report("site", "run" + run, NOON.minusSeconds(800), Long.MAX_VALUE / 100));
        }
        now = NOON.plusSeconds(1);

        assertThat(counting.amounts(Counting.BY_SECOND, Duration.ofSeconds(1), ALL))
                .allSatisfy(amount ->
                        assertThat(amount.tally().of(Measure.HIT_BYTES)).isNotNegative());
        var whole = Tally.of(_ -> Long.MAX_VALUE);
        assertThat(whole.plus(whole).of(Measure.HITS)).isEqualTo(Long.MAX_VALUE);
        assertThat(LongStream.range(0, 900)
                        .map(i -> whole.share((int) i, 900).of(Measure.HITS))
                        .sum())
                .isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aSelectionSeesItsOwnSeries() {
        var counting = new Counting(kept, _ -> true, clock);
        counting.report("one", report("run", NOON, 1));
        counting.report("two", report("run", NOON, 2));
        now = NOON.plusSeconds(1);

        var ofTwo = new Selection(Optional.of("two"), Optional.of("site"));
        var ofNobody = new Selection(Optional.empty(), Optional.of("other"));

        assertThat(hits(counting.amounts(Duration.ofSeconds(5), Duration.ofSeconds(1), ofTwo)))
                .isEqualTo(2);
        assertThat(hits(counting.amounts(Duration.ofHours(1), Duration.ofMinutes(1), ofTwo)))
                .isEqualTo(2);
        assertThat(hits(counting.amounts(Duration.ofSeconds(5), Duration.ofSeconds(1), ofNobody)))
                .isZero();
    }
}

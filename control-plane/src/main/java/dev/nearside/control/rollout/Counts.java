package dev.nearside.control.rollout;

import dev.nearside.model.wire.feed.EdgeReport;
import dev.nearside.model.wire.feed.LatencyScale;
import java.util.Collections;
import java.util.List;
import java.util.function.LongBinaryOperator;
import java.util.stream.IntStream;

/// What some edges answered.
///
/// @param fromCache how many of the requests were answered from the cache (the request hit ratio of DESIGN §6)
/// @param serverErrors how many were answered with a status of 500 or above
/// @param latency how many got their first byte in each step of [LatencyScale]
public record Counts(long requests, long fromCache, long serverErrors, List<Long> latency) {
    public static final Counts NOTHING = new Counts(0, 0, 0, Collections.nCopies(LatencyScale.STEPS, 0L));

    private static final double PERCENTILE = 0.95;

    public Counts {
        latency = List.copyOf(latency);
        if (latency.size() != LatencyScale.STEPS) {
            throw new IllegalArgumentException(
                    "%d steps of latency (expected: %d)".formatted(latency.size(), LatencyScale.STEPS));
        }
    }

    /// What an edge counted since its process started; nothing if it is of a release that does not say enough.
    static Counts of(EdgeReport report) {
        var service = report.service();
        if (service == null || service.latency().size() != LatencyScale.STEPS) return NOTHING;
        long requests = 0;
        long fromCache = 0;
        for (var counters : report.counters()) {
            long cached = counters.hits() + counters.refreshHits() + counters.stales() + counters.collapsed();
            fromCache += cached;
            requests += cached + counters.misses() + counters.passes() + counters.errors();
        }
        return new Counts(requests, fromCache, service.serverErrors(), service.latency());
    }

    public Counts plus(Counts other) {
        return with(other, Long::sum);
    }

    /// What was added since an earlier count; counters never run backwards.
    Counts since(Counts earlier) {
        return with(earlier, (now, before) -> Math.max(now - before, 0));
    }

    private Counts with(Counts other, LongBinaryOperator operator) {
        return new Counts(
                operator.applyAsLong(requests, other.requests),
                operator.applyAsLong(fromCache, other.fromCache),
                operator.applyAsLong(serverErrors, other.serverErrors),
                IntStream.range(0, LatencyScale.STEPS)
                        .mapToObj(i -> operator.applyAsLong(latency.get(i), other.latency.get(i)))
                        .toList());
    }

    /// In per cent of the requests; there must be some.
    double serverErrorRate() {
        return 100.0 * serverErrors / requests;
    }

    /// In per cent of the requests; there must be some.
    double hitRatio() {
        return 100.0 * fromCache / requests;
    }

    /// How long 95 of 100 viewers waited for the first byte at most, in milliseconds; 0 if nobody was counted.
    double latency95() {
        long all = latency.stream().mapToLong(Long::longValue).sum();
        double wanted = all * PERCENTILE;
        double passed = 0;
        for (int i = 0; i < LatencyScale.STEPS && all > 0; i++) {
            long here = latency.get(i);
            if (here > 0 && passed + here >= wanted) {
                double from = i == 0 ? 0 : LatencyScale.upToMillis(i - 1);
                return from + (LatencyScale.upToMillis(i) - from) * (wanted - passed) / here;
            }
            passed += here;
        }
        return 0;
    }
}

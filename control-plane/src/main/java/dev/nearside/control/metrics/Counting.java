package dev.nearside.control.metrics;

import dev.nearside.control.metrics.MetricsRepository.Baseline;
import dev.nearside.control.metrics.MetricsRepository.Minute;
import dev.nearside.model.wire.feed.EdgeReport;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Turns the edges' ever-growing counters into amounts per second and per minute, each request counted once.
///
/// Seconds stay in memory for a quarter of an hour. Minutes go to the database, together with the counters they
/// were taken from: after a crash the next report makes up for whatever had not been written.
public final class Counting {
    private static final Logger LOG = LoggerFactory.getLogger(Counting.class);

    /// How far back there is one amount per second.
    public static final Duration BY_SECOND = Duration.ofMinutes(15);

    /// Edges report every second; one that was silent for so long may have talked to another control plane.
    private static final Duration AWAY = Duration.ofSeconds(3);

    /// How long minutes are kept.
    public static final Duration BY_MINUTE = Duration.ofDays(31);

    private final MetricsRepository repository;
    private final InstantSource clock;

    private final ReentrantLock lock = new ReentrantLock();
    private final TreeMap<Long, Map<Series, Tally>> seconds = new TreeMap<>();
    private final Map<Series, Baseline> baselines;
    private final Map<Series, Baseline> written;
    private Map<Minute, Tally> unwritten = new HashMap<>();
    private Map<Series, Baseline> moved = new HashMap<>();
    private Map<Minute, Tally> beingWritten = Map.of();

    public Counting(MetricsRepository repository, InstantSource clock) {
        this.repository = repository;
        this.clock = clock;
        this.baselines = new HashMap<>(repository.baselines());
        this.written = new HashMap<>(baselines);
        var now = clock.instant();
        // The seconds of before this start are gone: their minutes are shown evenly.
        repository
                .minutes(now.minus(BY_SECOND), now)
                .forEach((minute, tally) ->
                        spread(minute.series(), tally, minute.start().getEpochSecond(), 60, now.getEpochSecond()));
    }

    /// What some series counted in the step that begins at an instant.
    public record Amount(Instant at, Tally tally) {}

    /// Takes in the counters of one edge.
    public void report(String edgeId, EdgeReport report) {
        var now = clock.instant();
        if (hasBeenAway(edgeId, report, now)) catchUp(repository.baselines(edgeId));
        lock.lock();
        try {
            for (var counters : report.counters()) {
                var series = new Series(edgeId, counters.distributionId());
                var total = Tally.of(counters);
                var same = Optional.ofNullable(baselines.get(series))
                        .filter(before -> before.runId().equals(report.runId()));
                var added = same.map(before -> total.since(before.tally())).orElse(total);
                var baseline = new Baseline(report.runId(), total, now);
                baselines.put(series, baseline);
                if (added.isNothing()) continue;
                moved.put(series, baseline);
                count(series, added, same.map(Baseline::reportedAt).orElse(report.startTime()), now);
            }
            forget(now);
        } finally {
            lock.unlock();
        }
    }

    /// Whether another control plane may have counted for this edge lately.
    private boolean hasBeenAway(String edgeId, EdgeReport report, Instant now) {
        lock.lock();
        try {
            return report.counters().stream()
                    .map(counters -> baselines.get(new Series(edgeId, counters.distributionId())))
                    .anyMatch(
                            last -> last == null || last.reportedAt().plus(AWAY).isBefore(now));
        } finally {
            lock.unlock();
        }
    }

    private void catchUp(Map<Series, Baseline> stored) {
        lock.lock();
        try {
            stored.forEach((series, baseline) -> {
                var known = baselines.get(series);
                if (known != null && !baseline.reportedAt().isAfter(known.reportedAt())) return;
                baselines.put(series, baseline);
                if (!moved.containsKey(series)) written.put(series, baseline);
            });
        } finally {
            lock.unlock();
        }
    }

    /// Counts what was added between two instants, evenly: nobody knows better.
    private void count(Series series, Tally added, Instant since, Instant now) {
        long last = now.getEpochSecond();
        long first = Math.clamp(since.getEpochSecond() + 1, last - BY_SECOND.toSeconds() + 1, last);
        int count = (int) (last - first + 1);
        spread(series, added, first, count, last);
        for (int i = 0; i < count; i++) {
            var minute = Instant.ofEpochSecond(first + i).truncatedTo(ChronoUnit.MINUTES);
            unwritten.merge(new Minute(minute, series), added.share(i, count), Tally::plus);
        }
    }

    private void spread(Series series, Tally tally, long first, int count, long last) {
        for (int i = 0; i < count && first + i <= last; i++) {
            seconds.computeIfAbsent(first + i, _ -> new HashMap<>()).merge(series, tally.share(i, count), Tally::plus);
        }
    }

    private void forget(Instant now) {
        seconds.headMap(now.getEpochSecond() - BY_SECOND.toSeconds() - 60).clear();
    }

    /// Writes what is not written yet.
    public void write() {
        Map<Minute, Tally> minutes;
        Map<Series, Baseline> upTo;
        Map<Series, Baseline> since;
        lock.lock();
        try {
            if (unwritten.isEmpty() || !beingWritten.isEmpty()) return;
            minutes = unwritten;
            upTo = moved;
            since = Map.copyOf(written);
            beingWritten = minutes;
            unwritten = new HashMap<>();
            moved = new HashMap<>();
        } finally {
            lock.unlock();
        }
        boolean isWritten = false;
        try {
            repository.add(minutes, upTo, since);
            isWritten = true;
        } finally {
            lock.lock();
            try {
                beingWritten = Map.of();
                if (isWritten) written.putAll(upTo);
                if (!isWritten) {
                    LOG.warn("the last counts could not be written; they are kept for the next time");
                    minutes.forEach((minute, tally) -> unwritten.merge(minute, tally, Tally::plus));
                    upTo.forEach(moved::putIfAbsent);
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /// Forgets minutes that are too old.
    public void forgetOldMinutes() {
        repository.forgetBefore(clock.instant().minus(BY_MINUTE));
    }

    /// The amounts of the latest steps, oldest first, one for each step even if nothing was counted.
    ///
    /// @param step whole seconds; whole minutes for a range beyond [#BY_SECOND]
    public List<Amount> amounts(Duration range, Duration step, Selection selection) {
        long width = step.toSeconds();
        long now = clock.instant().getEpochSecond();
        // The second being counted is left out: it would always look low.
        long end = width == 1 ? now : (now / width + 1) * width;
        long start = end - Math.max(range.toSeconds() / width, 1) * width;
        var sums = range.compareTo(BY_SECOND) <= 0
                ? secondSums(start, end, width, selection)
                : minuteSums(start, end, width, selection);
        var amounts = new ArrayList<Amount>();
        for (long at = start; at < end; at += width) {
            amounts.add(new Amount(Instant.ofEpochSecond(at), sums.getOrDefault(at, Tally.NOTHING)));
        }
        return amounts;
    }

    private Map<Long, Tally> secondSums(long start, long end, long width, Selection selection) {
        var sums = new HashMap<Long, Tally>();
        lock.lock();
        try {
            seconds.subMap(start, end)
                    .forEach((second, tallies) -> tallies.forEach((series, tally) -> {
                        if (selection.has(series)) sums.merge(Math.floorDiv(second, width) * width, tally, Tally::plus);
                    }));
        } finally {
            lock.unlock();
        }
        return sums;
    }

    private Map<Long, Tally> minuteSums(long start, long end, long width, Selection selection) {
        var sums = new HashMap<Long, Tally>();
        lock.lock();
        try {
            for (var unsaved : List.of(unwritten, beingWritten)) {
                unsaved.forEach((minute, tally) -> {
                    long at = minute.start().getEpochSecond();
                    if (at >= start && at < end && selection.has(minute.series())) {
                        sums.merge(Math.floorDiv(at, width) * width, tally, Tally::plus);
                    }
                });
            }
        } finally {
            lock.unlock();
        }
        for (var sum : repository.sums(Instant.ofEpochSecond(start), Instant.ofEpochSecond(end), selection)) {
            sums.merge(Math.floorDiv(sum.minute().getEpochSecond(), width) * width, sum.tally(), Tally::plus);
        }
        return sums;
    }
}

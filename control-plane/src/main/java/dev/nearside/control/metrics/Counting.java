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
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Turns the edges' ever-growing counters into amounts per second and per minute, each request counted once.
///
/// Seconds stay in memory for a quarter of an hour, or for as long as there is room for them; what was before is shown
/// as its minutes, evenly. Minutes go to the database, together with the counters they were taken from: after a crash
/// the next report makes up for whatever had not been written.
public final class Counting {
    private static final Logger LOG = LoggerFactory.getLogger(Counting.class);

    /// How far back there is one amount per second.
    public static final Duration BY_SECOND = Duration.ofMinutes(15);

    /// Edges report every second; one that was silent for so long may have talked to another control plane.
    private static final Duration AWAY = Duration.ofSeconds(3);

    /// How long minutes are kept.
    public static final Duration BY_MINUTE = Duration.ofDays(31);

    private static final int MINUTE = 60;

    /// Each takes some two hundred bytes.
    private static final int BYTES_PER_AMOUNT = 1024;

    private final MetricsRepository repository;
    private final Predicate<String> isDistribution;
    private final InstantSource clock;
    private final long mostInMemory;

    private final ReentrantLock lock = new ReentrantLock();
    private final TreeMap<Long, Map<Series, Tally>> seconds = new TreeMap<>();
    /// How many amounts those are.
    private long inMemory;
    /// From which second on they are in memory; begins with a minute.
    private long inMemoryFrom;

    private final Map<Series, Baseline> baselines;
    private final Map<Series, Baseline> written;
    private Map<Minute, Tally> unwritten = new HashMap<>();
    private Map<Series, Baseline> moved = new HashMap<>();
    private Map<Minute, Tally> beingWritten = Map.of();

    /// Goes on where an earlier start left off.
    ///
    /// @param isDistribution whether there is or was a distribution of an id: edges cannot make up any
    public Counting(MetricsRepository repository, Predicate<String> isDistribution, InstantSource clock) {
        this(repository, isDistribution, clock, Runtime.getRuntime().maxMemory() / BYTES_PER_AMOUNT);
    }

    /// @param mostInMemory how many amounts of a second there is room for
    Counting(MetricsRepository repository, Predicate<String> isDistribution, InstantSource clock, long mostInMemory) {
        this.repository = repository;
        this.isDistribution = isDistribution;
        this.clock = clock;
        this.mostInMemory = mostInMemory;
        this.baselines = new HashMap<>(repository.baselines());
        this.written = new HashMap<>(baselines);
        var now = clock.instant();
        // The seconds of before this start are gone.
        this.inMemoryFrom = minuteOf(now.getEpochSecond());
        repository
                .minutes(Instant.ofEpochSecond(inMemoryFrom), now)
                .forEach((minute, tally) ->
                        spread(minute.series(), tally, minute.start().getEpochSecond(), MINUTE, now.getEpochSecond()));
    }

    /// What some series counted in the step that begins at an instant.
    public record Amount(Instant at, Tally tally) {}

    /// Takes in the counters of one edge.
    public void report(String edgeId, EdgeReport report) {
        var now = clock.instant();
        var known = report.counters().stream()
                .filter(counters -> isDistribution.test(counters.distributionId()))
                .toList();
        if (hasBeenAway(edgeId, known, now)) catchUp(repository.baselines(edgeId));
        lock.lock();
        try {
            makeRoom(known.size() * BY_SECOND.toSeconds(), now);
            for (var counters : known) {
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
    private boolean hasBeenAway(String edgeId, List<EdgeReport.Counters> counted, Instant now) {
        lock.lock();
        try {
            return counted.stream()
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
            if (first + i < inMemoryFrom) continue;
            var second = seconds.computeIfAbsent(first + i, _ -> new HashMap<>());
            int before = second.size();
            second.merge(series, tally.share(i, count), Tally::plus);
            inMemory += second.size() - before;
        }
    }

    long inMemory() {
        lock.lock();
        try {
            return inMemory;
        } finally {
            lock.unlock();
        }
    }

    private void forget(Instant now) {
        long oldest = minuteOf(now.getEpochSecond() - BY_SECOND.toSeconds() - MINUTE);
        if (oldest > inMemoryFrom) keepFrom(oldest);
    }

    /// Forgets the oldest seconds, minute by minute, until there is room for more; this minute is kept in any case.
    private void makeRoom(long more, Instant now) {
        long thisMinute = minuteOf(now.getEpochSecond());
        while (inMemory + more > mostInMemory && inMemoryFrom < thisMinute) keepFrom(inMemoryFrom + MINUTE);
    }

    private void keepFrom(long second) {
        var gone = seconds.headMap(second);
        inMemory -= gone.values().stream().mapToLong(Map::size).sum();
        gone.clear();
        inMemoryFrom = second;
    }

    private static long minuteOf(long second) {
        return Math.floorDiv(second, MINUTE) * MINUTE;
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
        long from;
        lock.lock();
        try {
            from = Math.clamp(inMemoryFrom, start, end);
            seconds.subMap(from, end)
                    .forEach((second, tallies) -> tallies.forEach((series, tally) -> {
                        if (selection.has(series)) sums.merge(Math.floorDiv(second, width) * width, tally, Tally::plus);
                    }));
        } finally {
            lock.unlock();
        }
        addEvenly(sums, start, from, width, selection);
        return sums;
    }

    /// The seconds that are not in memory, by their minutes.
    private void addEvenly(Map<Long, Tally> sums, long start, long end, long width, Selection selection) {
        if (start >= end) return;
        BiConsumer<Minute, Tally> add = (minute, tally) -> {
            if (!selection.has(minute.series())) return;
            long first = minute.start().getEpochSecond();
            for (int i = 0; i < MINUTE; i++) {
                if (first + i < start || first + i >= end) continue;
                sums.merge(Math.floorDiv(first + i, width) * width, tally.share(i, MINUTE), Tally::plus);
            }
        };
        lock.lock();
        try {
            unwritten.forEach(add);
            beingWritten.forEach(add);
        } finally {
            lock.unlock();
        }
        repository
                .minutes(Instant.ofEpochSecond(minuteOf(start)), Instant.ofEpochSecond(end))
                .forEach(add);
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

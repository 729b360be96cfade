package dev.nearside.edge.health;

import dev.nearside.edge.respond.ResultClass;
import dev.nearside.model.wire.feed.EdgeReport;
import dev.nearside.model.wire.feed.LatencyScale;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;

/// Counts what was answered since the process started, by distribution and result class (DESIGN §6).
public final class Tally {

    /// Requests that reached no distribution.
    public static final String NO_DISTRIBUTION = "-";

    private final ConcurrentHashMap<String, Counts> byDistribution = new ConcurrentHashMap<>();
    private final LongAdder serverErrors = new LongAdder();
    private final LongAdder[] waits = new LongAdder[LatencyScale.STEPS];

    public Tally() {
        Arrays.setAll(waits, _ -> new LongAdder());
    }

    /// The counts of one distribution.
    public static final class Counts {
        private final Map<ResultClass, LongAdder> requests = adders();
        private final Map<ResultClass, LongAdder> bytes = adders();
        private final LongAdder originBytes = new LongAdder();

        private static Map<ResultClass, LongAdder> adders() {
            var adders = new EnumMap<ResultClass, LongAdder>(ResultClass.class);
            for (var result : ResultClass.values()) adders.put(result, new LongAdder());
            return adders;
        }

        private static LongAdder of(Map<ResultClass, LongAdder> adders, ResultClass result) {
            return Objects.requireNonNull(adders.get(result), "every class has an adder");
        }

        public long requests(ResultClass result) {
            return of(requests, result).sum();
        }

        /// Body bytes sent to viewers.
        public long bytes(ResultClass result) {
            return of(bytes, result).sum();
        }

        /// Body bytes received from origins.
        public long originBytes() {
            return originBytes.sum();
        }
    }

    public void answered(String distribution, ResultClass result, long bodyBytes) {
        var counts = of(distribution);
        Counts.of(counts.requests, result).increment();
        Counts.of(counts.bytes, result).add(bodyBytes);
    }

    /// How an answer ended that did not come straight from memory, and how long its viewer waited for the first byte.
    public void waited(int status, long nanos) {
        if (status >= 500) serverErrors.increment();
        waits[LatencyScale.step(nanos)].increment();
    }

    public void receivedFromOrigin(String distribution, long bodyBytes) {
        of(distribution).originBytes.add(bodyBytes);
    }

    public void forEach(BiConsumer<String, Counts> each) {
        byDistribution.forEach(each);
    }

    /// As an edge reports them.
    public List<EdgeReport.Counters> counters() {
        return byDistribution.entrySet().stream()
                .map(entry -> counters(entry.getKey(), entry.getValue()))
                .toList();
    }

    /// As an edge reports it. Whoever was answered and not timed had their answer straight from memory.
    public EdgeReport.Service service() {
        var latency = new ArrayList<>(Arrays.stream(waits).map(LongAdder::sum).toList());
        long timed = latency.stream().mapToLong(Long::longValue).sum();
        long answered = 0;
        for (var counts : byDistribution.values()) {
            for (var result : ResultClass.values()) answered += counts.requests(result);
        }
        latency.set(0, latency.getFirst() + Math.max(answered - timed, 0));
        return new EdgeReport.Service(serverErrors.sum(), latency);
    }

    private static EdgeReport.Counters counters(String distribution, Counts counts) {
        return new EdgeReport.Counters(
                distribution,
                counts.requests(ResultClass.HIT),
                counts.requests(ResultClass.REFRESH_HIT),
                counts.requests(ResultClass.STALE),
                counts.requests(ResultClass.COLLAPSED),
                counts.requests(ResultClass.MISS),
                counts.requests(ResultClass.PASS),
                counts.requests(ResultClass.ERROR),
                counts.bytes(ResultClass.HIT),
                counts.bytes(ResultClass.REFRESH_HIT),
                counts.bytes(ResultClass.STALE),
                counts.bytes(ResultClass.COLLAPSED),
                counts.bytes(ResultClass.MISS),
                counts.bytes(ResultClass.PASS),
                counts.bytes(ResultClass.ERROR),
                counts.originBytes());
    }

    private Counts of(String distribution) {
        var counts = byDistribution.get(distribution);
        return counts != null ? counts : byDistribution.computeIfAbsent(distribution, _ -> new Counts());
    }
}

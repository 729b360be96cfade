package dev.nearside.edge.origin;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ConcurrentHashMap;

/// What viewers' requests have taught this node about origins and their addresses.
///
/// Three failures in a row, and a place is left alone: for a second, then two, four, up to a minute. After each pause
/// one request tries it, while the others still keep away.
public final class Health {

    private static final int FAILURES = 3;
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    /// Where something may fail: a name, or one of its addresses.
    sealed interface Place {
        record Name(OriginAddress origin) implements Place {}

        record Address(InetAddress address, int port) implements Place {}
    }

    /// @param until nobody tries before; only of those that have failed often enough
    private record Illness(int failures, Duration pause, Instant until) {
        boolean isLeftAlone() {
            return failures >= FAILURES;
        }
    }

    private final InstantSource clock;
    private final ConcurrentHashMap<Place, Illness> ill = new ConcurrentHashMap<>();

    public Health(InstantSource clock) {
        this.clock = clock;
    }

    /// Whether a request may go there. If it is the one that tries after a pause, the next one waits as long again.
    boolean mayTry(Place place) {
        var illness = ill.get(place);
        if (illness == null || !illness.isLeftAlone()) return true;
        var now = clock.instant();
        if (now.isBefore(illness.until())) return false;
        var trial = new Illness(illness.failures(), illness.pause(), now.plus(illness.pause()));
        return ill.replace(place, illness, trial);
    }

    void worked(Place place) {
        if (!ill.isEmpty()) ill.remove(place);
    }

    void failed(Place place) {
        var now = clock.instant();
        ill.compute(place, (_, known) -> {
            if (known == null) return new Illness(1, FIRST_PAUSE, now);
            int failures = known.failures() + 1;
            if (failures < FAILURES) return new Illness(failures, FIRST_PAUSE, now);
            var pause = failures == FAILURES ? FIRST_PAUSE : known.pause().multipliedBy(2);
            var bounded = pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
            return new Illness(failures, bounded, now.plus(bounded));
        });
    }
}

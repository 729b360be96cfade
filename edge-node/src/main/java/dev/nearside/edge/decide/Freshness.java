package dev.nearside.edge.decide;

import dev.nearside.edge.http.StoredResponse;
import dev.nearside.edge.http.Told;
import java.time.Duration;
import java.time.Instant;

/// How old a stored response is, and how long it was allowed to live.
public record Freshness(Duration age, Duration lifetime) {

    public static Freshness evaluate(StoredResponse stored, TtlRules ttl, Instant now) {
        var told = stored.told();
        var onArrival = ageOnArrival(stored, told);
        var age = onArrival.plus(atLeastZero(Duration.between(stored.receivedAt(), now)));
        return new Freshness(age, lifetime(stored, told, ttl, onArrival));
    }

    public boolean isFresh() {
        return age.compareTo(lifetime) < 0;
    }

    /// How long it stays fresh; negative once it is stale.
    public Duration left() {
        return lifetime.minus(age);
    }

    /// Whether it is stale for less than that long.
    boolean isWithin(Duration window) {
        return age.compareTo(lifetime.plus(window)) < 0;
    }

    /// RFC 9111, section 4.2.3. We trust whichever clock claims the greater age.
    private static Duration ageOnArrival(StoredResponse stored, Told told) {
        var inFlight = atLeastZero(Duration.between(stored.requestedAt(), stored.receivedAt()));
        var claimed = told.age().plus(inFlight);
        if (told.date().isEmpty()) return claimed;
        // A Date has whole seconds: the part of a second that it dropped is nobody's age.
        var apparent = Duration.between(told.date().get(), stored.receivedAt()).minusMillis(999);
        return apparent.compareTo(claimed) > 0 ? apparent : claimed;
    }

    private static Duration lifetime(StoredResponse stored, Told told, TtlRules ttl, Duration onArrival) {
        var max = ttl.bounds().max();
        boolean refused = Storability.refusesReuse(stored.status(), told.cacheControl());
        if (stored.status() >= 400) {
            if (refused) return ttl.errorMinimum(stored.status());
            var said = saidLifetime(stored, told);
            return said.isNegative() ? ttl.errorMinimum(stored.status()) : smaller(said, max);
        }
        var said = refused ? Duration.ZERO : saidLifetime(stored, told);
        var lifetime = smaller(said.isNegative() ? whenSilent(stored, told, ttl) : said, max);
        if (!ttl.hasMinimum()) return lifetime;
        // The minimum is counted from arrival: what a cache before us aged is not held against it.
        var least = onArrival.plus(ttl.bounds().min());
        return lifetime.compareTo(least) < 0 ? least : lifetime;
    }

    /// RFC 9111, section 4.2.1; negative if the origin said nothing.
    private static Duration saidLifetime(StoredResponse stored, Told told) {
        var seconds = told.cacheControl().lifetime();
        if (seconds.isPresent()) return seconds.get();
        if (told.expires().isEmpty() || told.cacheControl().targeted()) return Duration.ofSeconds(-1);
        var end = told.expires().get();
        return atLeastZero(Duration.between(told.date().orElse(stored.receivedAt()), end));
    }

    /// RFC 9111, section 4.2.2, where the policy says so: what has not changed for long will not change soon.
    private static Duration whenSilent(StoredResponse stored, Told told, TtlRules ttl) {
        if (!ttl.reuse().heuristicFreshness() || told.lastModified().isEmpty())
            return ttl.bounds().whenSilent();
        var unchanged = Duration.between(told.lastModified().get(), told.date().orElse(stored.receivedAt()));
        return atLeastZero(unchanged.dividedBy(10));
    }

    private static Duration smaller(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }

    private static Duration atLeastZero(Duration duration) {
        return duration.isNegative() ? Duration.ZERO : duration;
    }
}

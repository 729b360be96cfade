package dev.nearside.edge.decide;

import dev.nearside.edge.decide.Reckoning.Step;
import dev.nearside.edge.http.StoredResponse;
import dev.nearside.edge.http.Told;
import java.time.Duration;
import java.time.Instant;

/// How old a stored response is, and how long it was allowed to live.
///
/// @param invalidated whether a soft invalidation ended the life, before its time
public record Freshness(Duration age, Duration lifetime, boolean invalidated) {

    private static final Duration UNSAID = Duration.ofSeconds(-1);

    public Freshness(Duration age, Duration lifetime) {
        this(age, lifetime, false);
    }

    public static Freshness evaluate(StoredResponse stored, TtlRules ttl, Instant now) {
        return evaluate(stored, ttl, now, Reckoning.UNHEARD);
    }

    /// The same, told step by step.
    public static Freshness evaluate(StoredResponse stored, TtlRules ttl, Instant now, Reckoning reckoning) {
        var told = stored.told();
        var onArrival = ageOnArrival(stored, told, reckoning);
        var since = atLeastZero(Duration.between(stored.receivedAt(), now));
        reckoning.step(Step.SINCE_ARRIVAL, since, true);
        var age = onArrival.plus(since);
        var lifetime = lifetime(stored, told, ttl, onArrival, reckoning);
        var marked = stored.staleSince();
        if (marked.isEmpty()) return new Freshness(age, lifetime);
        // The age that it had, or would have had, at that moment; windows of staleness are counted from there.
        var ended = onArrival.plus(Duration.between(stored.receivedAt(), marked.get()));
        boolean cut = ended.compareTo(lifetime) < 0;
        reckoning.step(Step.SOFT_INVALIDATION, ended, cut);
        return new Freshness(age, cut ? ended : lifetime, cut);
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
    private static Duration ageOnArrival(StoredResponse stored, Told told, Reckoning reckoning) {
        var inFlight = atLeastZero(Duration.between(stored.requestedAt(), stored.receivedAt()));
        var claimed = told.age().plus(inFlight);
        // A Date has whole seconds: the part of a second that it dropped is nobody's age.
        var apparent = told.date().isEmpty()
                ? Duration.ZERO
                : Duration.between(told.date().get(), stored.receivedAt()).minusMillis(999);
        boolean byDate = apparent.compareTo(claimed) > 0;
        reckoning.step(Step.AGE_FIELD, told.age(), !byDate);
        reckoning.step(Step.IN_FLIGHT, inFlight, !byDate);
        reckoning.step(Step.SINCE_DATE, atLeastZero(apparent), byDate);
        return byDate ? apparent : claimed;
    }

    private static Duration lifetime(
            StoredResponse stored, Told told, TtlRules ttl, Duration onArrival, Reckoning reckoning) {
        boolean refused = Storability.refusesReuse(stored.status(), told.cacheControl());
        if (refused) reckoning.step(Step.REFUSED_REUSE, Duration.ZERO, true);
        var said = refused ? UNSAID : saidLifetime(stored, told, reckoning);
        if (stored.status() >= 400) {
            if (said.isNegative()) {
                var minimum = ttl.errorMinimum(stored.status());
                reckoning.step(Step.ERROR_MINIMUM, minimum, true);
                return minimum;
            }
            return atMost(ttl.bounds().max(), said, reckoning);
        }
        var wanted = refused ? Duration.ZERO : said.isNegative() ? whenSilent(stored, told, ttl, reckoning) : said;
        var lifetime = atMost(ttl.bounds().max(), wanted, reckoning);
        if (!ttl.hasMinimum()) return lifetime;
        // The minimum is counted from arrival: what a cache before us aged is not held against it.
        var least = onArrival.plus(ttl.bounds().min());
        boolean raised = lifetime.compareTo(least) < 0;
        reckoning.step(Step.MIN_TTL, least, raised);
        return raised ? least : lifetime;
    }

    /// RFC 9111, section 4.2.1; negative if the origin said nothing.
    private static Duration saidLifetime(StoredResponse stored, Told told, Reckoning reckoning) {
        var control = told.cacheControl();
        var seconds = control.lifetime();
        if (seconds.isPresent()) {
            reckoning.step(control.sMaxAge().isPresent() ? Step.S_MAXAGE : Step.MAX_AGE, seconds.get(), true);
            return seconds.get();
        }
        if (told.expires().isEmpty() || control.targeted()) return UNSAID;
        var end = told.expires().get();
        var left = atLeastZero(Duration.between(told.date().orElse(stored.receivedAt()), end));
        reckoning.step(Step.EXPIRES, left, true);
        return left;
    }

    /// RFC 9111, section 4.2.2, where the policy says so: what has not changed for long will not change soon.
    private static Duration whenSilent(StoredResponse stored, Told told, TtlRules ttl, Reckoning reckoning) {
        if (!ttl.reuse().heuristicFreshness() || told.lastModified().isEmpty()) {
            reckoning.step(Step.DEFAULT_TTL, ttl.bounds().whenSilent(), true);
            return ttl.bounds().whenSilent();
        }
        var unchanged = Duration.between(told.lastModified().get(), told.date().orElse(stored.receivedAt()));
        var tenth = atLeastZero(unchanged.dividedBy(10));
        reckoning.step(Step.HEURISTIC, tenth, true);
        return tenth;
    }

    private static Duration atMost(Duration max, Duration lifetime, Reckoning reckoning) {
        boolean cut = lifetime.compareTo(max) > 0;
        reckoning.step(Step.MAX_TTL, max, cut);
        return cut ? max : lifetime;
    }

    private static Duration atLeastZero(Duration duration) {
        return duration.isNegative() ? Duration.ZERO : duration;
    }
}

package dev.nearside.edge.decide;

import dev.nearside.edge.http.StoredResponse;
import dev.nearside.edge.http.Validators;
import dev.nearside.edge.http.Variants;
import java.time.Instant;
import java.util.Optional;

/// What the edge will do with one request, settled before any byte moves.
public sealed interface CacheDecision {

    /// Serve it.
    record Hit(StoredResponse stored, Freshness freshness) implements CacheDecision {}

    /// Serve it stale, and refresh it meanwhile.
    record HitWhileRefreshing(StoredResponse stored, Freshness freshness) implements CacheDecision {}

    /// Ask the origin whether it is still good.
    ///
    /// @param whenOriginFails what may be served then, if {@link #mayServeStale} still says so at that time
    record Revalidate(StoredResponse stored, Validators validators, Why why, Optional<StoredResponse> whenOriginFails)
            implements CacheDecision {}

    /// Fetch it.
    ///
    /// @param whenOriginFails what may be served then, if {@link #mayServeStale} still says so at that time
    record Miss(Why why, Optional<StoredResponse> whenOriginFails) implements CacheDecision {}

    /// Ask the origin and keep nothing; nobody shares the answer.
    record Pass(Why why) implements CacheDecision {}

    /// Operators grep for these words, which they read as `not-found` and so on.
    enum Why {
        NOT_FOUND,
        VARIANT_NOT_FOUND,
        NO_LONGER_STORABLE,
        STALE,
        STALE_WITHOUT_VALIDATOR,
        UNPROVEN,
        UNPROVEN_WITHOUT_VALIDATOR,
        METHOD_NOT_CACHEABLE,
        CACHING_DISABLED,
        PATH_AMBIGUOUS
    }

    /// The decision on one request.
    ///
    /// @param variants what responses to the request's key differ by, if they do
    /// @param found what lies under the request's key, or its variant's
    /// @param proven whether no invalidation can have been missed since it was fetched; what is not proven is
    ///     never served without asking the origin
    static CacheDecision decide(
            Asked asked,
            Optional<Variants> variants,
            Optional<StoredResponse> found,
            TtlRules ttl,
            boolean proven,
            Instant now) {
        if (ttl.disableCaching()) return new Pass(Why.CACHING_DISABLED);
        if (!asked.methodCacheable()) return new Pass(Why.METHOD_NOT_CACHEABLE);
        if (asked.ambiguous()) return new Pass(Why.PATH_AMBIGUOUS);
        if (found.isEmpty()) {
            return new Miss(variants.isPresent() ? Why.VARIANT_NOT_FOUND : Why.NOT_FOUND, Optional.empty());
        }

        var stored = found.get();
        var validators = stored.told().validators();
        if (Storability.refusal(stored.status(), stored.told(), ttl).isPresent()) {
            return new Miss(Why.NO_LONGER_STORABLE, Optional.empty());
        }
        if (!proven) {
            return validators.present()
                    ? new Revalidate(stored, validators, Why.UNPROVEN, Optional.empty())
                    : new Miss(Why.UNPROVEN_WITHOUT_VALIDATOR, Optional.empty());
        }
        var freshness = Freshness.evaluate(stored, ttl, now);
        if (freshness.isFresh()) return new Hit(stored, freshness);
        if (Staleness.servedWhileRefreshing(stored, freshness, ttl)) return new HitWhileRefreshing(stored, freshness);
        var spare = Staleness.servedOnError(stored, freshness, ttl) ? found : Optional.<StoredResponse>empty();
        return validators.present()
                ? new Revalidate(stored, validators, Why.STALE, spare)
                : new Miss(Why.STALE_WITHOUT_VALIDATOR, spare);
    }

    /// Whether a proven response may stand in for an origin that cannot be reached or answers 5xx (CF§3.3).
    static boolean mayServeStale(StoredResponse stored, TtlRules ttl, Instant now) {
        var freshness = Freshness.evaluate(stored, ttl, now);
        return freshness.isFresh() || Staleness.servedOnError(stored, freshness, ttl);
    }
}

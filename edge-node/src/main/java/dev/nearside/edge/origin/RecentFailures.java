package dev.nearside.edge.origin;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.nearside.edge.http.LogPosition;
import dev.nearside.edge.http.Tags;
import dev.nearside.edge.key.CacheKey;
import dev.nearside.edge.store.CacheStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Keys whose origin has just failed. It is left alone for the error caching minimum: until then viewers get what
/// stands in for it, or the same error, and nobody waits for another attempt (CF§3.3, §3.4).
public final class RecentFailures {

    /// What is forgotten too early costs one attempt.
    private static final int MOST = 10_000;

    private record Failure(OriginOutcome.Failed what, Instant until, LogPosition position) {}

    private final Cache<CacheKey, Failure> failures =
            Caffeine.newBuilder().maximumSize(MOST).build();
    private final CacheStore store;

    public RecentFailures(CacheStore store) {
        this.store = store;
    }

    /// Begins a pause.
    ///
    /// @param pause how long the origin is not asked again; zero to ask it at once
    public void remember(CacheKey key, OriginOutcome.Failed what, Duration pause, Instant now) {
        if (!pause.isZero()) failures.put(key, new Failure(what, now.plus(pause), store.position()));
    }

    /// How the origin failed, if it is to be left alone still. An invalidation ends the pause.
    public Optional<OriginOutcome.Failed> find(CacheKey key, Instant now) {
        var failure = failures.getIfPresent(key);
        if (failure == null) return Optional.empty();
        if (now.isBefore(failure.until()) && !store.isReached(key, Tags.NONE, failure.position()))
            return Optional.of(failure.what());
        failures.asMap().remove(key, failure);
        return Optional.empty();
    }
}

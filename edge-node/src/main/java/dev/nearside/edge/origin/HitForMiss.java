package dev.nearside.edge.origin;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.nearside.edge.http.LogPosition;
import dev.nearside.edge.key.CacheKey;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/// Remembers for a while which keys bring answers that nobody can share, so that the requests for them do not wait for
/// one another. A storable answer ends it, and so does an invalidation.
final class HitForMiss {

    private static final Duration WHILE = Duration.ofMinutes(1);
    private static final int MOST = 20_000;

    /// Why nobody can share the answers.
    enum Why {
        NOT_STORABLE,
        /// They are stored, and each request has to have them confirmed for itself.
        NEVER_FRESH
    }

    private record Known(Why why, LogPosition since) {}

    private final Cache<CacheKey, Known> keys;

    HitForMiss(InstantSource clock) {
        this.keys = Caffeine.newBuilder()
                .maximumSize(MOST)
                .expireAfterWrite(WHILE)
                .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
                .build();
    }

    /// @param since the log position known when the fetch of the answer began
    void remember(CacheKey key, Why why, LogPosition since) {
        keys.put(key, new Known(why, since));
    }

    void forget(CacheKey key) {
        keys.invalidate(key);
    }

    /// @param isDead whether a position is from before an invalidation of the key
    Optional<Why> find(CacheKey key, Predicate<LogPosition> isDead) {
        var known = keys.getIfPresent(key);
        if (known == null) return Optional.empty();
        if (!isDead.test(known.since())) return Optional.of(known.why());
        keys.invalidate(key);
        return Optional.empty();
    }
}

package dev.nearside.load.replay;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.nearside.load.trace.Trace;

/// Caffeine as it is: W-TinyLFU with a window that adapts itself, weighed in units.
final class CaffeineCache implements Contender {

    private final Space space;
    private final Cache<Long, Integer> cache;

    CaffeineCache(Space space) {
        this.space = space;
        this.cache = Caffeine.newBuilder()
                .maximumWeight(space.capacity())
                .weigher((Long _, Integer units) -> units)
                // On this thread, so that every run decides alike.
                .executor(Runnable::run)
                .build();
    }

    @Override
    public boolean request(int object) {
        var key = Trace.hash(object);
        if (cache.getIfPresent(key) != null) return true;
        if (space.fits(object)) cache.put(key, space.units()[object]);
        return false;
    }
}

package dev.nearside.load.proof;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// Which version of everything the origin has, and which is the oldest that a viewer may still be given.
///
/// A version is a sum of changes to the path, its folder and its tag, so it grows whatever changed.
final class Versions {

    private final Map<String, AtomicLong> current = new ConcurrentHashMap<>();
    private final Map<String, AtomicLong> confirmed = new ConcurrentHashMap<>();

    /// What an origin answers with now.
    long current(Thing thing) {
        return 1 + sum(current, thing);
    }

    /// No older one may be served to who asks from now on.
    long oldest(Thing thing) {
        return 1 + sum(confirmed, thing);
    }

    private static long sum(Map<String, AtomicLong> changes, Thing thing) {
        return of(changes, thing.path()) + of(changes, thing.folder() + '*') + of(changes, '#' + thing.tag());
    }

    private static long of(Map<String, AtomicLong> changes, String line) {
        var number = changes.get(line);
        return number == null ? 0 : number.get();
    }

    /// The origin changes what a line of an invalidation reaches.
    ///
    /// @return to be {@linkplain #confirm confirmed} when no edge serves what was there before
    long change(String line) {
        return current.computeIfAbsent(line, _ -> new AtomicLong()).incrementAndGet();
    }

    void confirm(String line, long change) {
        confirmed.computeIfAbsent(line, _ -> new AtomicLong()).accumulateAndGet(change, Math::max);
    }
}

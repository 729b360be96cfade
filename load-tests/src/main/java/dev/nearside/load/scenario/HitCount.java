package dev.nearside.load.scenario;

import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;

/// How many answers came from a cache, by their own `X-Cache`.
public final class HitCount {

    private final LongAdder answers = new LongAdder();
    private final LongAdder hits = new LongAdder();

    /// Hits that were refreshed at the origin count: their bytes came from the cache.
    void note(String xCache) {
        answers.increment();
        if (xCache.toLowerCase(Locale.ROOT).contains("hit from")) hits.increment();
    }

    public long answers() {
        return answers.sum();
    }

    /// In percent; zero while nothing was answered.
    public double ratio() {
        var all = answers.sum();
        return all == 0 ? 0 : 100.0 * hits.sum() / all;
    }
}

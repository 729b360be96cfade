package dev.nearside.control.metrics;

import dev.nearside.model.wire.feed.EdgeReport.Counters;

/// What edges count. The classes of requests are disjoint and add up to all requests, and so do their bytes.
public enum Measure {
    HITS,
    REFRESH_HITS,
    STALES,
    COLLAPSED,
    MISSES,
    PASSES,
    ERRORS,
    HIT_BYTES,
    REFRESH_HIT_BYTES,
    STALE_BYTES,
    COLLAPSED_BYTES,
    MISS_BYTES,
    PASS_BYTES,
    ERROR_BYTES,
    ORIGIN_BYTES;

    long of(Counters counters) {
        return switch (this) {
            case HITS -> counters.hits();
            case REFRESH_HITS -> counters.refreshHits();
            case STALES -> counters.stales();
            case COLLAPSED -> counters.collapsed();
            case MISSES -> counters.misses();
            case PASSES -> counters.passes();
            case ERRORS -> counters.errors();
            case HIT_BYTES -> counters.hitBytes();
            case REFRESH_HIT_BYTES -> counters.refreshHitBytes();
            case STALE_BYTES -> counters.staleBytes();
            case COLLAPSED_BYTES -> counters.collapsedBytes();
            case MISS_BYTES -> counters.missBytes();
            case PASS_BYTES -> counters.passBytes();
            case ERROR_BYTES -> counters.errorBytes();
            case ORIGIN_BYTES -> counters.originBytes();
        };
    }
}

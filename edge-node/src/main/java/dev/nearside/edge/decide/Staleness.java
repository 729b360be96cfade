package dev.nearside.edge.decide;

import dev.nearside.edge.http.StoredResponse;
import java.time.Duration;

/// When a stale response may still be served (CF§3.3; RFC 5861; RFC 9111, section 4.2.4).
final class Staleness {

    private Staleness() {}

    /// At once, while it is being refreshed.
    static boolean servedWhileRefreshing(StoredResponse stored, Freshness freshness, TtlRules ttl) {
        var window = stored.told().cacheControl().staleWhileRevalidate();
        return window.isPresent() && !isForbidden(stored, ttl) && isOpen(window.get(), freshness, ttl);
    }

    /// When the origin cannot be reached or fails.
    static boolean servedOnError(StoredResponse stored, Freshness freshness, TtlRules ttl) {
        if (stored.status() >= 500 || isForbidden(stored, ttl)) return false;
        if (servedWhileRefreshing(stored, freshness, ttl)) return true;
        var told = stored.told().cacheControl();
        var window = told.staleIfError();
        if (window.isPresent()) return isOpen(window.get(), freshness, ttl);
        // Unasked, a page stands in for a broken origin, but an old "not found" does not. And RFC 9111,
        // section 5.2.2.10: s-maxage includes the meaning of proxy-revalidate.
        return stored.status() < 400 && told.sMaxAge().isEmpty();
    }

    private static boolean isForbidden(StoredResponse stored, TtlRules ttl) {
        var told = stored.told().cacheControl();
        return told.mustRevalidate()
                || told.proxyRevalidate()
                || (Storability.refusesReuse(stored.status(), told) && !ttl.hasMinimum());
    }

    /// Past Max TTL a window is closed, whatever it says.
    private static boolean isOpen(Duration window, Freshness freshness, TtlRules ttl) {
        return freshness.isWithin(window)
                && freshness.age().compareTo(ttl.bounds().max()) < 0;
    }
}

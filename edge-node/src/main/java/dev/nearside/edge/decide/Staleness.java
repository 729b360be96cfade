package dev.nearside.edge.decide;

import dev.nearside.edge.http.StoredResponse;
import java.time.Duration;

/// When a stale response may still be served (CF§3.3; RFC 5861; RFC 9111, section 4.2.4).
public final class Staleness {

    /// Whether it may, or the first reason why not.
    public enum Verdict {
        OPEN,
        NOT_SAID,
        MUST_REVALIDATE,
        REFUSED_REUSE,
        S_MAXAGE,
        ERROR_STATUS,
        WINDOW_ENDED,
        MAX_TTL_ENDED
    }

    private Staleness() {}

    /// At once, while it is being refreshed.
    public static Verdict whileRefreshing(StoredResponse stored, Freshness freshness, TtlRules ttl) {
        var window = stored.told().cacheControl().staleWhileRevalidate();
        return window.isEmpty() ? Verdict.NOT_SAID : within(window.get(), stored, freshness, ttl);
    }

    /// When the origin cannot be reached or fails.
    public static Verdict onError(StoredResponse stored, Freshness freshness, TtlRules ttl) {
        if (stored.status() >= 500) return Verdict.ERROR_STATUS;
        if (whileRefreshing(stored, freshness, ttl) == Verdict.OPEN) return Verdict.OPEN;
        var told = stored.told().cacheControl();
        var window = told.staleIfError();
        if (window.isPresent()) return within(window.get(), stored, freshness, ttl);
        var forbidden = forbidden(stored, ttl);
        if (forbidden != Verdict.OPEN) return forbidden;
        // Unasked, a page stands in for a broken origin, but an old "not found" does not. And RFC 9111,
        // section 5.2.2.10: s-maxage includes the meaning of proxy-revalidate.
        if (stored.status() >= 400) return Verdict.ERROR_STATUS;
        return told.sMaxAge().isPresent() ? Verdict.S_MAXAGE : Verdict.OPEN;
    }

    static boolean servedWhileRefreshing(StoredResponse stored, Freshness freshness, TtlRules ttl) {
        return whileRefreshing(stored, freshness, ttl) == Verdict.OPEN;
    }

    static boolean servedOnError(StoredResponse stored, Freshness freshness, TtlRules ttl) {
        return onError(stored, freshness, ttl) == Verdict.OPEN;
    }

    private static Verdict within(Duration window, StoredResponse stored, Freshness freshness, TtlRules ttl) {
        var forbidden = forbidden(stored, ttl);
        if (forbidden != Verdict.OPEN) return forbidden;
        if (!freshness.isWithin(window)) return Verdict.WINDOW_ENDED;
        // Past Max TTL a window is closed, whatever it says.
        return freshness.age().compareTo(ttl.bounds().max()) < 0 ? Verdict.OPEN : Verdict.MAX_TTL_ENDED;
    }

    private static Verdict forbidden(StoredResponse stored, TtlRules ttl) {
        var told = stored.told().cacheControl();
        if (told.mustRevalidate() || told.proxyRevalidate()) return Verdict.MUST_REVALIDATE;
        return Storability.refusesReuse(stored.status(), told) && !ttl.hasMinimum()
                ? Verdict.REFUSED_REUSE
                : Verdict.OPEN;
    }
}

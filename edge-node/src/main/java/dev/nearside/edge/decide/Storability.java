package dev.nearside.edge.decide;

import dev.nearside.edge.http.CacheControl;
import dev.nearside.edge.http.Headers;
import dev.nearside.edge.http.HopByHop;
import dev.nearside.edge.http.HttpDate;
import dev.nearside.edge.http.LogPosition;
import dev.nearside.edge.http.StoredResponse;
import dev.nearside.edge.http.Told;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// Whether a response may be stored, and what of its head (RFC 9111, section 3; CF§3.4, §3.5).
public sealed interface Storability {

    /// It may be.
    ///
    /// @param head as it is stored
    record Storable(StoredResponse head) implements Storability {}

    record NotStorable(Why why) implements Storability {}

    /// Written to the access log as is; operators grep for these words.
    enum Why {
        CACHING_DISABLED,
        METHOD_NOT_CACHEABLE,
        PATH_AMBIGUOUS,
        HEAD_HAS_NO_BODY,
        STATUS_NOT_CACHEABLE,
        STATUS_WITHOUT_LIFETIME,
        AUTHORIZED,
        VARIES_ON_ANYTHING,
        NOT_UNDERSTOOD,
        NO_STORE,
        PRIVATE,
        NO_CACHE,
        NEVER_FRESH
    }

    /// Statuses whose responses live by the common rules.
    Set<Integer> ORDINARY = Set.of(200, 203, 204, 300, 301, 302, 303);
    /// Redirects that are kept only if `Cache-Control` says anything.
    Set<Integer> SAYING_REDIRECTS = Set.of(307, 308);
    /// Errors that are kept for the error minimum where the origin says nothing.
    Set<Integer> KEPT_ERRORS = Set.of(404, 410, 414, 500, 501, 502, 503, 504);
    /// Errors that are kept only for a lifetime in seconds.
    Set<Integer> ERRORS_WITH_SECONDS = Set.of(400, 403, 405, 412, 415);
    /// Kept errors that always heed `no-store`, `no-cache` and `private`.
    Set<Integer> HEEDING_ERRORS = Set.of(404, 410, 414, 501);

    /// The verdict on a response that has just arrived.
    ///
    /// @param requestedAt when the request that brought the response was sent
    /// @param receivedAt when its head arrived
    /// @param position the log position known when the fetch began
    static Storability evaluate(
            Asked asked,
            int status,
            Headers response,
            TtlRules ttl,
            Instant requestedAt,
            Instant receivedAt,
            LogPosition position) {
        if (ttl.disableCaching()) return new NotStorable(Why.CACHING_DISABLED);
        if (!asked.methodCacheable()) return new NotStorable(Why.METHOD_NOT_CACHEABLE);
        if (asked.ambiguous()) return new NotStorable(Why.PATH_AMBIGUOUS);
        if (asked.method().equals("HEAD")) return new NotStorable(Why.HEAD_HAS_NO_BODY);

        var told = Told.by(response);
        var control = told.cacheControl();
        var refusal = refusal(status, told, ttl);
        if (refusal.isPresent()) return new NotStorable(refusal.get());
        if (asked.authorized() && !mayShareAuthorized(control)) return new NotStorable(Why.AUTHORIZED);

        var head = new StoredResponse(
                status, storedFields(response, told, ttl, receivedAt), requestedAt, receivedAt, position);
        var fresh = Freshness.evaluate(head, ttl, receivedAt).isFresh();
        return fresh || told.validators().present() || hasStaleWindow(control)
                ? new Storable(head)
                : new NotStorable(Why.NEVER_FRESH);
    }

    /// Why the response itself may not be kept under these rules; asked again at every lookup.
    static Optional<Why> refusal(int status, Told told, TtlRules ttl) {
        if (told.varyAny()) return Optional.of(Why.VARIES_ON_ANYTHING);
        if (status < 200 || status == 206 || status == 304 || status == 416) {
            return Optional.of(Why.STATUS_NOT_CACHEABLE);
        }
        if (!hasLifetime(status, told, ttl)) return Optional.of(Why.STATUS_WITHOUT_LIFETIME);
        var control = told.cacheControl();
        if (control.mustUnderstand() && !isUnderstood(status)) return Optional.of(Why.NOT_UNDERSTOOD);
        if (!refusesReuse(status, control) || mayIgnoreRefusal(status, ttl)) return Optional.empty();
        if (refusesStoring(status, control)) return Optional.of(Why.NO_STORE);
        if (control.isPrivate()) return Optional.of(Why.PRIVATE);
        return status >= 400 && control.noCache() ? Optional.of(Why.NO_CACHE) : Optional.empty();
    }

    /// Whether any of `no-store`, `no-cache` and `private` holds for the response as a whole.
    static boolean refusesReuse(int status, CacheControl control) {
        return control.noCache() || control.isPrivate() || refusesStoring(status, control);
    }

    private static boolean mayIgnoreRefusal(int status, TtlRules ttl) {
        if (!ttl.reuse().overridesOrigin()) return false;
        return status < 400 ? ttl.hasMinimum() : KEPT_ERRORS.contains(status) && !HEEDING_ERRORS.contains(status);
    }

    private static boolean hasLifetime(int status, Told told, TtlRules ttl) {
        if (ORDINARY.contains(status) || KEPT_ERRORS.contains(status)) return true;
        var control = told.cacheControl();
        if (SAYING_REDIRECTS.contains(status)) return control.said();
        if (control.lifetime().isPresent()) return true;
        if (ERRORS_WITH_SECONDS.contains(status)) return false;
        if (told.expires().isPresent() && !control.targeted()) return true;
        // RFC 9111, section 4.2.2: what is marked as cacheable need not have a status that is so by itself.
        return ttl.reuse().heuristicFreshness()
                && control.isPublic()
                && told.lastModified().isPresent();
    }

    /// RFC 9111, section 5.2.2.3: who understands a status need not mind the `no-store` beside `must-understand`.
    private static boolean refusesStoring(int status, CacheControl control) {
        return control.noStore() && !(control.mustUnderstand() && isUnderstood(status));
    }

    private static boolean isUnderstood(int status) {
        return ORDINARY.contains(status)
                || SAYING_REDIRECTS.contains(status)
                || KEPT_ERRORS.contains(status)
                || ERRORS_WITH_SECONDS.contains(status);
    }

    /// RFC 9111, section 3.5.
    static boolean mayShareAuthorized(CacheControl control) {
        return control.isPublic()
                || control.mustRevalidate()
                || control.sMaxAge().isPresent();
    }

    private static boolean hasStaleWindow(CacheControl control) {
        return control.staleWhileRevalidate().filter(window -> !window.isZero()).isPresent()
                || control.staleIfError().filter(window -> !window.isZero()).isPresent();
    }

    /// Without what ends with the connection, and what belongs to one viewer unless the policy says replay; with the
    /// date of arrival if there was none (RFC 9110, section 6.6.1).
    static Headers storedFields(Headers response, Told told, TtlRules ttl, Instant receivedAt) {
        var dropped = new HashSet<>(HopByHop.names(response));
        if (!ttl.reuse().replaysSetCookie()) {
            dropped.add("set-cookie");
            dropped.add("set-cookie2");
        }
        dropped.addAll(told.cacheControl().privateFields());
        dropped.addAll(told.cacheControl().noCacheFields());
        var kept = response.withoutAny(dropped);
        return told.date().isPresent() ? kept : kept.with("Date", HttpDate.format(receivedAt));
    }
}

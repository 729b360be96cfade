package dev.nearside.edge.respond;

import dev.nearside.edge.decide.CacheDecision;
import dev.nearside.edge.decide.Freshness;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// How this cache handled a request, for `Cache-Status` (RFC 9211).
///
/// @param forwarded why the request went to the origin; empty if it did not
/// @param originStatus what the origin answered, if it did
/// @param ttl seconds of freshness left, below zero if stale
/// @param detail a decision's own word
public record CacheStatus(
        boolean hit,
        Optional<Forwarded> forwarded,
        OptionalInt originStatus,
        OptionalLong ttl,
        boolean stored,
        boolean collapsed,
        Optional<String> detail) {

    /// Why a request went to the origin (RFC 9211, section 2.2).
    public enum Forwarded {
        BYPASS("bypass"),
        METHOD("method"),
        URI_MISS("uri-miss"),
        VARY_MISS("vary-miss"),
        STALE("stale"),
        PARTIAL("partial"),
        REQUEST("request");

        private final String word;

        Forwarded(String word) {
            this.word = word;
        }

        /// The registered word for a decision's own.
        public static Forwarded of(CacheDecision.Why why) {
            return switch (why) {
                case NOT_FOUND, NO_LONGER_STORABLE -> URI_MISS;
                case VARIANT_NOT_FOUND -> VARY_MISS;
                case STALE,
                        STALE_WITHOUT_VALIDATOR,
                        UNPROVEN,
                        UNPROVEN_WITHOUT_VALIDATOR,
                        SOFTLY_INVALIDATED,
                        SOFTLY_INVALIDATED_WITHOUT_VALIDATOR -> STALE;
                case METHOD_NOT_CACHEABLE -> METHOD;
                case CACHING_DISABLED, PATH_AMBIGUOUS -> BYPASS;
            };
        }
    }

    public static CacheStatus hit(Freshness freshness) {
        return new CacheStatus(
                true,
                Optional.empty(),
                OptionalInt.empty(),
                OptionalLong.of(seconds(freshness.left())),
                false,
                false,
                Optional.empty());
    }

    public static CacheStatus forwarded(Forwarded why, OptionalInt originStatus, boolean stored) {
        return new CacheStatus(
                false, Optional.of(why), originStatus, OptionalLong.empty(), stored, false, Optional.empty());
    }

    public static CacheStatus collapsed(Forwarded why) {
        return new CacheStatus(
                false, Optional.of(why), OptionalInt.empty(), OptionalLong.empty(), false, true, Optional.empty());
    }

    /// The same, of a response that was judged fresh or stale.
    public CacheStatus living(Freshness freshness) {
        return new CacheStatus(
                hit, forwarded, originStatus, OptionalLong.of(seconds(freshness.left())), stored, collapsed, detail);
    }

    /// The request ended here, before the cache was asked.
    public static CacheStatus refused(String detail) {
        return new CacheStatus(
                false, Optional.empty(), OptionalInt.empty(), OptionalLong.empty(), false, false, Optional.of(detail));
    }

    /// The same, with a word of explanation.
    ///
    /// @param word as the decision has it: capital letters and underscores
    public CacheStatus because(String word) {
        return new CacheStatus(hit, forwarded, originStatus, ttl, stored, collapsed, Optional.of(word));
    }

    /// A decision's word as operators read it, here, in the access log and in explanations: `STALE_IF_ERROR` is
    /// `stale-if-error`.
    public static String token(String word) {
        return word.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public String toString() {
        var text = new StringBuilder("nearside");
        if (hit) text.append("; hit");
        forwarded.ifPresent(why -> text.append("; fwd=").append(why.word));
        originStatus.ifPresent(status -> text.append("; fwd-status=").append(status));
        ttl.ifPresent(seconds -> text.append("; ttl=").append(seconds));
        if (stored) text.append("; stored");
        if (collapsed) text.append("; collapsed");
        detail.ifPresent(word -> text.append("; detail=").append(token(word)));
        return text.toString();
    }

    static long left(Freshness freshness) {
        return seconds(freshness.left());
    }

    /// Rounded up, so that `ttl=0` is never said of what is still fresh.
    private static long seconds(Duration left) {
        return left.isNegative()
                ? left.toSeconds()
                : left.plusNanos(999_999_999).toSeconds();
    }
}

package dev.nearside.edge.explain;

import dev.nearside.edge.decide.CacheDecision;
import dev.nearside.edge.http.Variants;
import dev.nearside.edge.route.Routed;
import dev.nearside.edge.route.Routed.Route;
import java.time.Duration;
import java.util.Optional;

/// One sentence for an operator at three in the morning.
public final class Sentence {

    private Sentence() {}

    public static String refused(Routed.Why why, String host, String path) {
        return switch (why) {
            case URL_TOO_LONG -> "Refused: the URL is longer than 8,192 characters.";
            case BAD_PATH -> "Refused: the path holds a NUL, another control character or a backslash.";
            case UNKNOWN_HOST ->
                "Refused: no distribution has the alias %s, nor a wildcard that covers it.".formatted(host);
            case DISTRIBUTION_DISABLED -> "Refused: the distribution of %s is disabled.".formatted(host);
            case HTTPS_ONLY -> "Refused: the behavior of %s answers HTTPS only.".formatted(path);
            case METHOD_NOT_ALLOWED -> "Refused: the behavior of %s does not allow this method.".formatted(path);
            case GEO_BLOCKED -> "Refused: the distribution of %s is not open to the viewer's country.".formatted(host);
            case BODY_NOT_ALLOWED -> "Refused: a GET or HEAD with a body is answered by nobody.";
        };
    }

    public static String noSnapshot() {
        return "Refused: this edge has no snapshot yet.";
    }

    public static String loop(Route route) {
        return "Refused: by its CDN-Loop the request has been through distribution %s before, or through too many."
                .formatted(route.distribution().name());
    }

    public static String webSocket() {
        return "Passed through to the origin: the viewer asks to talk in WebSocket frames.";
    }

    public static String redirected(String location) {
        return "Redirected to %s: the behavior wants HTTPS.".formatted(location);
    }

    /// What a decision means.
    ///
    /// @param stored what lies under the key, if the decision is about something
    public static String of(
            CacheDecision decision, Route route, Optional<StoredWords> stored, Optional<Variants> variants) {
        return switch (decision) {
            case CacheDecision.Hit _ ->
                stored.map(words -> "Served from the cache: the copy is %s old and stays fresh for another %s (%s)."
                                .formatted(
                                        time(words.freshness().age()),
                                        time(words.freshness().left()),
                                        words.lifeBy()))
                        .orElse("Served from the cache.");
            case CacheDecision.HitWhileRefreshing _ ->
                ended(stored) + "; stale-while-revalidate lets it be served while it is refreshed.";
            case CacheDecision.Revalidate(var _, var validators, var why, var spare) ->
                (why == CacheDecision.Why.UNPROVEN ? unproven() : ended(stored))
                        + "; the origin is asked whether it is still good (%s)"
                                .formatted(validators.etag().isPresent() ? "ETag" : "Last-Modified")
                        + failing(why, spare.isPresent());
            case CacheDecision.Miss(var why, var spare) -> missed(why, route, stored, variants, spare.isPresent());
            case CacheDecision.Pass(var why) -> passed(why, route);
        };
    }

    /// Of an origin that is not asked again so soon.
    public static String leftAlone(String meanwhile) {
        return " But the origin has just failed and is not asked again yet: %s.".formatted(meanwhile);
    }

    /// Of an object in slices, where some are not stored that the answer needs.
    public static String sliceMissing() {
        return " Not all of what is asked for is stored; the slices that are missing are brought from the origin.";
    }

    /// Of a distribution with a geo restriction.
    public static String countryUnknown() {
        return " The viewer's country is unknown (see --geoip of the edge), so the geo restriction lets it in.";
    }

    private static String missed(
            CacheDecision.Why why,
            Route route,
            Optional<StoredWords> stored,
            Optional<Variants> variants,
            boolean standsIn) {
        return switch (why) {
            case NOT_FOUND -> "Fetched from the origin: nothing is stored under this key.";
            case VARIANT_NOT_FOUND ->
                "Fetched from the origin: copies for other values of %s are stored, none for these."
                        .formatted(variants.map(Variants::on)
                                .map(on -> String.join(", ", on))
                                .orElse("request headers"));
            case NO_LONGER_STORABLE ->
                "Fetched from the origin: cache policy %s no longer lets the stored copy be used (%s)."
                        .formatted(
                                route.cachePolicy().name(),
                                stored.map(words -> words.object().notStorable())
                                        .orElse("it was not storable"));
            case STALE_WITHOUT_VALIDATOR ->
                ended(stored) + ", and it has no ETag or Last-Modified to ask with; it is fetched anew"
                        + failing(why, standsIn);
            case UNPROVEN_WITHOUT_VALIDATOR ->
                unproven() + ", and it has no ETag or Last-Modified to ask with; it is fetched anew.";
            case STALE, UNPROVEN, METHOD_NOT_CACHEABLE, CACHING_DISABLED, PATH_AMBIGUOUS ->
                "Fetched from the origin: " + why + ".";
        };
    }

    private static String passed(CacheDecision.Why why, Route route) {
        return switch (why) {
            case METHOD_NOT_CACHEABLE ->
                "Sent to the origin past the cache: answers to %s are not cached by this behavior."
                        .formatted(route.request().method());
            case CACHING_DISABLED ->
                "Sent to the origin past the cache: cache policy %s, with all its TTLs zero, caches nothing."
                        .formatted(route.cachePolicy().name());
            case PATH_AMBIGUOUS ->
                "Sent to the origin past the cache: decoded once more the path could belong to another behavior.";
            case NOT_FOUND,
                    VARIANT_NOT_FOUND,
                    NO_LONGER_STORABLE,
                    STALE,
                    STALE_WITHOUT_VALIDATOR,
                    UNPROVEN,
                    UNPROVEN_WITHOUT_VALIDATOR -> "Sent to the origin past the cache: " + why + ".";
        };
    }

    private static String ended(Optional<StoredWords> stored) {
        return stored.map(words -> "The stored copy's life of %s (%s) ended %s ago"
                        .formatted(
                                time(words.freshness().lifetime()),
                                words.lifeBy(),
                                time(words.freshness().left().negated())))
                .orElse("The stored copy is stale");
    }

    private static String unproven() {
        return "An invalidation of the stored copy may have been missed";
    }

    private static String failing(CacheDecision.Why why, boolean standsIn) {
        if (standsIn) return "; should the origin fail, the copy stands in.";
        return why == CacheDecision.Why.UNPROVEN ? "." : "; should the origin fail, the viewer gets an error.";
    }

    /// Coarse enough to be read at night.
    static String time(Duration duration) {
        if (duration.compareTo(Duration.ofMinutes(2)) < 0) {
            long millis = duration.toMillis();
            return millis % 1000 == 0 || millis > 10_000 ? millis / 1000 + " s" : millis / 1000.0 + " s";
        }
        if (duration.compareTo(Duration.ofHours(2)) < 0) return duration.toMinutes() + " min";
        if (duration.compareTo(Duration.ofDays(2)) < 0) return duration.toHours() + " h";
        return duration.toDays() + " days";
    }
}

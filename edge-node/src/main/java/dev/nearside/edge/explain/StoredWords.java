package dev.nearside.edge.explain;

import dev.nearside.edge.decide.Freshness;
import dev.nearside.edge.decide.Reckoning;
import dev.nearside.edge.decide.Staleness;
import dev.nearside.edge.decide.Storability;
import dev.nearside.edge.decide.TtlRules;
import dev.nearside.edge.http.StoredResponse;
import dev.nearside.model.wire.api.Explanation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// How a stored response is judged at a moment: its age, its lifetime, and what they were reckoned from.
///
/// @param lifeBy what the lifetime comes from, in words
public record StoredWords(Explanation.StoredObject object, Freshness freshness, String lifeBy) {

    /// What decides on reuse; the rest of a head is the viewers' business.
    private static final Set<String> TELLING = Set.of(
            "age",
            "cache-control",
            "cdn-cache-control",
            "date",
            "etag",
            "expires",
            "last-modified",
            "surrogate-control",
            "vary");

    /// The judgement on a response at a moment.
    ///
    /// @param proven whether no later invalidation can have been missed
    public static StoredWords of(StoredResponse stored, TtlRules ttl, boolean proven, Instant now) {
        var reckoned = new ArrayList<Reckoned>();
        var freshness = Freshness.evaluate(
                stored, ttl, now, (step, value, counts) -> reckoned.add(new Reckoned(step, value, counts)));
        var ageSteps = reckoned.stream().filter(step -> isOfAge(step.step())).toList();
        var lifeSteps = reckoned.stream().filter(step -> !isOfAge(step.step())).toList();
        var object = new Explanation.StoredObject(
                stored.status(),
                stored.headers().fields().stream()
                        .filter(field -> TELLING.contains(field.name().toLowerCase(Locale.ROOT)))
                        .map(field -> new Explanation.Header(field.name(), field.value()))
                        .toList(),
                stored.requestedAt(),
                stored.receivedAt(),
                stored.position().epoch(),
                stored.position().number(),
                stored.tags().names(),
                proven,
                Storability.refusal(stored.status(), stored.told(), ttl)
                        .map(Enum::name)
                        .orElse(null),
                seconds(freshness.age()),
                seconds(freshness.lifetime()),
                freshness.isFresh(),
                ageSteps(ageSteps),
                lifetimeSteps(lifeSteps),
                windows(stored, freshness, ttl));
        return new StoredWords(object, freshness, lifeBy(lifeSteps, stored));
    }

    private record Reckoned(Reckoning.Step step, Duration value, boolean counts) {}

    /// An age is a sum of all that counts; of lifetimes only the last one that counts does.
    private static List<Explanation.Step> ageSteps(List<Reckoned> reckoned) {
        return reckoned.stream()
                .map(step -> new Explanation.Step(name(step.step()), seconds(step.value()), step.counts()))
                .toList();
    }

    private static List<Explanation.Step> lifetimeSteps(List<Reckoned> reckoned) {
        var winner = winner(reckoned);
        return reckoned.stream()
                .map(step -> new Explanation.Step(
                        name(step.step()),
                        seconds(step.value()),
                        winner.filter(won -> won.equals(step)).isPresent()))
                .toList();
    }

    private static Optional<Reckoned> winner(List<Reckoned> reckoned) {
        return reckoned.reversed().stream().filter(Reckoned::counts).findFirst();
    }

    private static String lifeBy(List<Reckoned> reckoned, StoredResponse stored) {
        boolean targeted = stored.told().cacheControl().targeted();
        return winner(reckoned)
                .map(won -> switch (won.step()) {
                    case S_MAXAGE, MAX_AGE -> name(won.step()) + (targeted ? " of a field for CDNs" : "");
                    default -> name(won.step());
                })
                .orElse("nothing");
    }

    private static boolean isOfAge(Reckoning.Step step) {
        return switch (step) {
            case AGE_FIELD, IN_FLIGHT, SINCE_DATE, SINCE_ARRIVAL -> true;
            case REFUSED_REUSE,
                    S_MAXAGE,
                    MAX_AGE,
                    EXPIRES,
                    HEURISTIC,
                    DEFAULT_TTL,
                    ERROR_MINIMUM,
                    MAX_TTL,
                    MIN_TTL,
                    SOFT_INVALIDATION -> false;
        };
    }

    private static String name(Reckoning.Step step) {
        return switch (step) {
            case AGE_FIELD -> "Age that it arrived with";
            case IN_FLIGHT -> "time of the fetch";
            case SINCE_DATE -> "arrival less Date";
            case SINCE_ARRIVAL -> "time since arrival";
            case REFUSED_REUSE -> "no-store, no-cache or private";
            case S_MAXAGE -> "s-maxage";
            case MAX_AGE -> "max-age";
            case EXPIRES -> "Expires less Date";
            case HEURISTIC -> "a tenth of the time since Last-Modified";
            case DEFAULT_TTL -> "Default TTL";
            case ERROR_MINIMUM -> "minimum TTL of errors";
            case MAX_TTL -> "Max TTL";
            case MIN_TTL -> "Min TTL, from arrival";
            case SOFT_INVALIDATION -> "age when a soft invalidation came";
        };
    }

    private static List<Explanation.Window> windows(StoredResponse stored, Freshness freshness, TtlRules ttl) {
        var told = stored.told().cacheControl();
        return List.of(
                window(
                        "while it is refreshed",
                        told.staleWhileRevalidate(),
                        freshness,
                        Staleness.whileRefreshing(stored, freshness, ttl)),
                window(
                        "when the origin fails",
                        told.staleIfError(),
                        freshness,
                        Staleness.onError(stored, freshness, ttl)));
    }

    private static Explanation.Window window(
            String name, Optional<Duration> length, Freshness freshness, Staleness.Verdict verdict) {
        boolean open = !freshness.isFresh() && verdict == Staleness.Verdict.OPEN;
        return new Explanation.Window(
                name,
                length.map(StoredWords::seconds).orElse(null),
                open,
                freshness.isFresh() ? "it is fresh" : words(verdict));
    }

    private static String words(Staleness.Verdict verdict) {
        return switch (verdict) {
            case OPEN -> "allowed";
            case NOT_SAID -> "the origin did not say stale-while-revalidate";
            case MUST_REVALIDATE -> "must-revalidate or proxy-revalidate forbids it";
            case REFUSED_REUSE -> "no-store, no-cache or private forbids it";
            case S_MAXAGE -> "s-maxage forbids it where no window is given";
            case ERROR_STATUS -> "an old error stands in for nothing";
            case WINDOW_ENDED -> "the window has ended";
            case MAX_TTL_ENDED -> "past Max TTL no window is open";
        };
    }

    static double seconds(Duration duration) {
        return duration.toSeconds() + duration.toMillisPart() / 1000.0;
    }
}

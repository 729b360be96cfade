package dev.nearside.edge.explain;

import dev.nearside.edge.http.Headers;
import dev.nearside.edge.http.Variants;
import dev.nearside.edge.key.CacheKey;
import dev.nearside.edge.key.CacheKeys;
import dev.nearside.edge.key.Selection;
import dev.nearside.edge.route.Routed.Route;
import dev.nearside.model.policy.NameSelection;
import dev.nearside.model.wire.api.Explanation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What an object is kept under, part by part, and why each is one.
public final class KeyWords {

    private KeyWords() {}

    /// The parts of the key that a request is looked up by.
    ///
    /// @param under the key, or the key of the variant
    /// @param variants what responses to the key differ by, if they do
    /// @param sent the request's headers as they go to the origin
    public static Explanation.Key of(
            Route route, Selection selection, CacheKey under, Optional<Variants> variants, Headers sent) {
        var policy = "cache policy " + route.cachePolicy().name();
        var parts = new ArrayList<Explanation.KeyPart>();
        parts.add(part(
                "distribution",
                null,
                route.distribution().id().value(),
                "distributions share nothing with each other"));
        if (route.request().is("OPTIONS")) {
            parts.add(part("method", null, "OPTIONS", "answers to OPTIONS are no answers to GET or HEAD"));
        }
        if (route.selectors().sendsHeader("host")) {
            CacheKeys.port(route.request())
                    .ifPresent(port -> parts.add(part(
                            "port", null, port, "the origin sees Host, and may write its port into what it answers")));
        }
        parts.add(part("path", null, route.request().rawPath(), "always, as the viewer has sent it"));
        parts.add(part(
                "policy",
                null,
                route.selectors().shape(),
                "what " + policy + " selects, so that no other policy's objects are met"));
        parts.add(part(
                "query",
                null,
                selection.query().orElse(null),
                policy + " keys on " + words(route.selectors().keyedQuery(), "query parameters")));
        parts.add(part("accept-encoding", null, selection.coding().keyed().orElse(null), codings(route, policy)));
        for (var header : selection.headers()) {
            parts.add(part(
                    "header",
                    header.name(),
                    header.value()
                            .map(value -> Masked.value(header.name(), value))
                            .orElse(null),
                    policy + " lists it"));
        }
        parts.add(part(
                "cookies",
                null,
                selection.cookies().map(Masked::cookies).orElse(null),
                policy + " keys on " + words(route.selectors().keyedCookies(), "cookies")));
        for (var name : variants.map(Variants::on).orElse(List.of())) {
            parts.add(part(
                    "variant",
                    name,
                    sent.joined(name)
                            .map(value -> Masked.value(name, value.strip()))
                            .orElse(null),
                    "a stored response says Vary: " + name + ", and the origin gets to see it"));
        }
        return new Explanation.Key(
                digest(under), parts, variants.map(Variants::on).orElse(List.of()));
    }

    private static Explanation.KeyPart part(
            String part, @Nullable String name, @Nullable String value, String because) {
        return new Explanation.KeyPart(part, name, value, because);
    }

    private static String digest(CacheKey key) {
        var digest = key.digest();
        return "%016x%016x".formatted(digest.high(), digest.low());
    }

    private static String codings(Route route, String policy) {
        boolean gzip = route.selectors().gzip();
        boolean brotli = route.selectors().brotli();
        if (!gzip && !brotli) return policy + " tells no encodings apart";
        return policy + " tells " + (gzip && brotli ? "Brotli and gzip" : gzip ? "gzip" : "Brotli") + " apart";
    }

    private static String words(NameSelection selection, String things) {
        return switch (selection) {
            case NameSelection.None() -> "no " + things;
            case NameSelection.All() -> "all " + things;
            case NameSelection.Only(var names) -> "these %s: %s".formatted(things, sorted(names));
            case NameSelection.AllExcept(var names) -> "all %s but %s".formatted(things, sorted(names));
            case NameSelection.Matching(var patterns) -> "%s that match %s".formatted(things, sorted(patterns));
        };
    }

    private static String sorted(Iterable<String> names) {
        var list = new ArrayList<String>();
        names.forEach(list::add);
        list.sort(null);
        return String.join(", ", list);
    }
}

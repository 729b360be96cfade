package dev.nearside.edge.key;

import dev.nearside.edge.http.Cookies;
import dev.nearside.edge.http.QueryString;
import dev.nearside.edge.route.Routed.Route;
import dev.nearside.model.policy.NameSelection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a cache policy selects of one request: the parts of its key beside distribution, method and path.
///
/// @param headers one for each keyed header, in the order of their names
/// @param query as the viewer sent it, less what the policy leaves out
/// @param cookies as the value of a `Cookie` header, sorted
/// @param coding the normalised `Accept-Encoding` (CF§2.5)
/// @param authorized whether an `Authorization` goes to the origin that the key does not tell apart
public record Selection(
        List<Keyed> headers,
        Optional<String> query,
        Optional<String> cookies,
        AcceptedCodings coding,
        boolean authorized) {

    /// A header in the key; a missing one is a value of its own.
    public record Keyed(String name, Optional<String> value) {}

    public Selection {
        headers = List.copyOf(headers);
    }

    public static Selection of(Route route) {
        var request = route.request();
        var selectors = route.selectors();
        return new Selection(
                headers(route),
                switch (selectors.keyedQuery()) {
                    case NameSelection.None() -> Optional.empty();
                    case NameSelection.All() -> request.rawQuery();
                    case NameSelection.Only _, NameSelection.AllExcept _, NameSelection.Matching _ ->
                        QueryString.select(request.rawQuery(), selectors.keyedQuery()::selects);
                },
                selectors.keyedCookies() instanceof NameSelection.None
                        ? Optional.empty()
                        : Cookies.of(request.headers())
                                .select(selectors.keyedCookies()::selects)
                                .written(),
                AcceptedCodings.of(request, selectors.gzip(), selectors.brotli()),
                selectors.authorizationOutsideKey() && request.headers().has("Authorization"));
    }

    private static List<Keyed> headers(Route route) {
        var names = route.selectors().keyedHeaders();
        if (names.isEmpty()) return List.of();
        var request = route.request();
        var keyed = new ArrayList<Keyed>(names.size());
        for (var name : names) {
            keyed.add(new Keyed(
                    name,
                    switch (name) {
                        case "host" -> Optional.of(request.authority());
                        case "x-forwarded-for" -> Optional.of(request.forwardedFor());
                        default -> request.headers().joined(name);
                    }));
        }
        return keyed;
    }
}

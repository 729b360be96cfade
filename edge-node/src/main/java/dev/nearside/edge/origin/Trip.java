package dev.nearside.edge.origin;

import dev.nearside.edge.decide.Asked;
import dev.nearside.edge.decide.TtlRules;
import dev.nearside.edge.http.StoredResponse;
import dev.nearside.edge.http.Variants;
import dev.nearside.edge.key.CacheKey;
import dev.nearside.edge.key.CacheKeys;
import dev.nearside.edge.key.Selection;
import dev.nearside.edge.route.Routed.Route;
import java.util.Optional;

/// One request's need of an origin.
///
/// @param key that concurrent trips are collapsed by
/// @param variants what responses to the key are known to differ by
/// @param known what is to be revalidated; empty to fetch it anew
/// @param spare what may be served if the origin fails
public record Trip(
        Route route,
        Selection selection,
        Hop hop,
        Asked asked,
        TtlRules ttl,
        CacheKey key,
        Optional<Variants> variants,
        Optional<Known> known,
        Optional<StoredResponse> spare) {

    /// A stored response and the key that it lies under.
    public record Known(StoredResponse response, CacheKey under) {}

    /// The same need with nothing to revalidate.
    Trip anew() {
        return new Trip(route, selection, hop, asked, ttl, key, variants, Optional.empty(), spare);
    }

    String distribution() {
        return route.distribution().id().value();
    }

    /// What is sent over the route, or over the one to the second origin of a group.
    ForwardedRequest request(Route to) {
        return known.map(stored -> ForwardedRequest.revalidate(
                        to, selection, hop, stored.response().told().validators()))
                .orElseGet(() -> ForwardedRequest.fetch(to, selection, hop));
    }

    /// The key of this request among the variants.
    CacheKey variant(Optional<Variants> on) {
        return on.map(names -> CacheKeys.variant(key, names, request(route).headers()))
                .orElse(key);
    }
}

package dev.nearside.edge;

import dev.nearside.edge.decide.Asked;
import dev.nearside.edge.decide.TtlRules;
import dev.nearside.edge.key.CacheKey;
import dev.nearside.edge.key.CacheKeys;
import dev.nearside.edge.key.Selection;
import dev.nearside.edge.route.Routed;
import dev.nearside.edge.viewer.Viewer;

/// What a routed request asks of the cache, whoever made it and whatever for.
///
/// @param isTold whether the route says all of the viewer that the origin is told
record Inquiry(
        Viewer viewer,
        Routed.Route route,
        Selection selection,
        Asked asked,
        TtlRules ttl,
        CacheKey key,
        boolean isTold) {

    static Inquiry of(Viewer viewer, Routed.Route route) {
        var selection = Selection.of(route);
        var asked = new Asked(
                route.request().method(), route.cachesMethod(), route.path().ambiguous(), selection.authorized());
        return new Inquiry(
                viewer,
                route,
                selection,
                asked,
                TtlRules.of(route.cachePolicy(), route.distribution()),
                CacheKeys.of(route, selection), // key
                false);
    }

    /// The same inquiry by a route with more said about the viewer, which its key does not tell apart.
    Inquiry on(Routed.Route told) {
        return new Inquiry(viewer, told, selection, asked, ttl, key, true);
    }
}

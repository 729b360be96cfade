package dev.nearside.edge.origin;

import dev.nearside.edge.decide.Asked;
import dev.nearside.edge.decide.TtlRules;
import dev.nearside.edge.http.ByteRange;
import dev.nearside.edge.http.Headers;
import dev.nearside.edge.http.Representation;
import dev.nearside.edge.http.Sliced;
import dev.nearside.edge.http.StoredResponse;
import dev.nearside.edge.http.Tags;
import dev.nearside.edge.http.Variants;
import dev.nearside.edge.key.CacheKey;
import dev.nearside.edge.key.CacheKeys;
import dev.nearside.edge.key.Selection;
import dev.nearside.edge.route.Routed.Route;
import io.vertx.core.Future;
import java.util.Optional;

/// One request's need of an origin.
///
/// @param key that concurrent trips are collapsed by
/// @param variants what responses to the key are known to differ by
/// @param known what is to be revalidated; empty to fetch it anew
/// @param spare what may be served if the origin fails
/// @param extent how much of the object is asked for
/// @param gone completed when the viewer waits no more; empty if the edge itself wants the answer
public record Trip(
        Route route,
        Selection selection,
        Hop hop,
        Asked asked,
        TtlRules ttl,
        CacheKey key,
        Optional<Variants> variants,
        Optional<Known> known,
        Optional<StoredResponse> spare,
        Extent extent,
        Optional<Future<Void>> gone) {

    /// What is stored, and the key that it lies under.
    public record Known(Representation stored, CacheKey under) {

        StoredResponse head() {
            return stored.head();
        }
    }

    /// How much of an object an origin is asked for.
    public sealed interface Extent {

        record Whole() implements Extent {}

        /// The aligned slice with this number.
        record Slice(long index) implements Extent {}

        /// What the viewer wants, for this viewer alone.
        record AsAsked(ByteRange range) implements Extent {}
    }

    /// The same need with nothing to revalidate.
    Trip anew() {
        return new Trip(
                route, selection, hop, asked, ttl, key, variants, Optional.empty(), spare, extentOf(route), gone);
    }

    /// The same need of an object that comes whole or not at all.
    Trip whole() {
        return over(new Extent.Whole());
    }

    /// The same need of an object whose parts cannot be kept. Of several ranges none goes to the origin, which might
    /// send all of them, as often as they overlap.
    Trip asAsked() {
        var ranges = ByteRange.asked(route.request());
        return over(ranges.size() == 1 ? new Extent.AsAsked(ranges.getFirst()) : new Extent.Whole());
    }

    private Trip over(Extent other) {
        return new Trip(route, selection, hop, asked, ttl, key, variants, known, spare, other, gone);
    }

    /// The same need, as long as this viewer has it.
    public Trip until(Future<Void> viewerGone) {
        return new Trip(
                route, selection, hop, asked, ttl, key, variants, known, spare, extent, Optional.of(viewerGone));
    }

    /// How much to ask for of an object of which nothing is known: for a viewer who wants a part, the slice that it
    /// probably begins in.
    public static Extent extentOf(Route route) {
        var ranges = ByteRange.asked(route.request());
        return ranges.isEmpty()
                ? new Extent.Whole()
                : new Extent.Slice(Sliced.index(ByteRange.likelyFirstByte(ranges)));
    }

    /// How much to ask for of an object that is known in slices: the one that the answer to the viewer begins in.
    public static Extent extentOf(Route route, Sliced known) {
        if (!route.request().is("GET")) return new Extent.Whole();
        var first = ByteRange.firstByte(route.request(), known.head().told(), known.total());
        return new Extent.Slice(Sliced.index(first.orElse(0)));
    }

    String distribution() {
        return route.distribution().id().value();
    }

    /// A head with the tags that a response gave it.
    StoredResponse tagged(StoredResponse head, Headers response) {
        var tags = Tags.in(response, route.distribution().tagHeader());
        return tags.equals(head.tags()) ? head : head.tagged(tags);
    }

    /// The same after a 304: it says other tags, or the stored ones stay (RFC 9111, section 3.2).
    StoredResponse retagged(StoredResponse head, Headers from304) {
        boolean says = route.distribution().tagHeader().filter(from304::has).isPresent();
        return says ? tagged(head, from304) : head;
    }

    /// What is sent over the route, or over the one to the second origin of a group.
    public ForwardedRequest request(Route to) {
        var request = known.map(stored -> ForwardedRequest.revalidate(
                        to, selection, hop, stored.head().told().validators()))
                .orElseGet(() -> plain(to));
        return switch (extent) {
            case Extent.Whole() -> request;
            case Extent.Slice(var index) ->
                request.with("Range", Sliced.slice(index).written());
            case Extent.AsAsked(var range) -> {
                var ranged = request.with("Range", range.written());
                yield route.request()
                        .headers()
                        .first("If-Range")
                        .map(said -> ranged.with("If-Range", said))
                        .orElse(ranged);
            }
        };
    }

    /// The same, for one more slice of what is stored, if it still is what the origin has.
    ForwardedRequest request(Route to, Sliced.Version version, long index) {
        return plain(to)
                .with("Range", Sliced.slice(index).written())
                .with("If-Range", version.validator().text());
    }

    private ForwardedRequest plain(Route to) {
        return ForwardedRequest.fetch(to, selection, hop);
    }

    /// The key of this request among the variants.
    CacheKey variant(Optional<Variants> on) {
        return on.map(names -> CacheKeys.variant(key, names, plain(route).headers()))
                .orElse(key);
    }
}

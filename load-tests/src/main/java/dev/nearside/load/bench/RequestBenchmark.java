package dev.nearside.load.bench;

import dev.nearside.edge.decide.Asked;
import dev.nearside.edge.decide.CacheDecision;
import dev.nearside.edge.decide.TtlRules;
import dev.nearside.edge.http.StoredResponse;
import dev.nearside.edge.http.ViewerRequest;
import dev.nearside.edge.key.CacheKey;
import dev.nearside.edge.key.CacheKeys;
import dev.nearside.edge.route.Routed;
import dev.nearside.edge.route.RoutingTable;
import java.time.Instant;
import java.util.Optional;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/// The pure part of the way of a request: route, key, decide.
@State(Scope.Thread)
public class RequestBenchmark {

    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    private final RoutingTable routes = Sample.routes();
    private final ViewerRequest picture = Sample.request(Sample.path(4711), Optional.empty());
    private final ViewerRequest page = Sample.request("/pages/coats", Optional.of("utm_source=mail&page=3&sort=price"));
    private final Routed.Route pictureRoute = Sample.route(routes, picture);
    private final Routed.Route pageRoute = Sample.route(routes, page);
    private final Asked asked = new Asked("GET", true, false, false);
    private final TtlRules ttl = TtlRules.of(pictureRoute.cachePolicy(), pictureRoute.distribution());
    private final Optional<StoredResponse> fresh = Optional.of(Sample.response(NOON.minusSeconds(60)));
    private final Optional<StoredResponse> stale = Optional.of(Sample.response(NOON.minusSeconds(100_000)));

    @Benchmark
    public Routed route() {
        return routes.route(picture);
    }

    @Benchmark
    public CacheKey keyOfPath() {
        return CacheKeys.of(pictureRoute);
    }

    @Benchmark
    public CacheKey keyOfPathQueryHeaderCookie() {
        return CacheKeys.of(pageRoute);
    }

    @Benchmark
    public CacheKey routeAndKey() {
        return CacheKeys.of(Sample.route(routes, picture));
    }

    @Benchmark
    public CacheKey.Digest routeAndKeyAndDigest() {
        return CacheKeys.of(Sample.route(routes, picture)).digest();
    }

    @Benchmark
    public CacheDecision decideOnFresh() {
        return CacheDecision.decide(asked, Optional.empty(), fresh, ttl, true, NOON);
    }

    @Benchmark
    public CacheDecision decideOnStale() {
        return CacheDecision.decide(asked, Optional.empty(), stale, ttl, true, NOON);
    }

    @Benchmark
    public CacheDecision decideOnNothing() {
        return CacheDecision.decide(asked, Optional.empty(), Optional.empty(), ttl, true, NOON);
    }
}

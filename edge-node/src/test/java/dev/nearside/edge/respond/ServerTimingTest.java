package dev.nearside.edge.respond;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.edge.http.Headers;
import dev.nearside.edge.http.ViewerRequest;
import dev.nearside.edge.respond.ViewerHead.Part;
import dev.nearside.edge.route.Routed.Route;
import dev.nearside.edge.route.Sites;
import dev.nearside.model.policy.PolicyId;
import dev.nearside.model.policy.ResponseHeadersPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerTimingTest {

    private static final RandomGenerator NEVER_NEEDED = () -> {
        throw new AssertionError("nothing is drawn");
    };

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # way       | origin ms | the origin's own | told
        HIT         | -         | db;dur=5         | cdn-cache-hit,cdn-pop;desc="edge-1",cdn-rid;desc="req-1",cdn-hit-layer;desc="EDGE"
        STALE       | -         | -                | cdn-cache-hit,cdn-pop;desc="edge-1",cdn-rid;desc="req-1",cdn-hit-layer;desc="EDGE"
        COLLAPSED   | -         | db;dur=5         | cdn-cache-hit,cdn-pop;desc="edge-1",cdn-rid;desc="req-1",cdn-hit-layer;desc="EDGE"
        REFRESH_HIT | 12        | db;dur=5         | cdn-upstream-fbl;dur=12,cdn-cache-refresh,cdn-pop;desc="edge-1",cdn-rid;desc="req-1"
        MISS        | 12        | -                | cdn-upstream-layer;desc="EDGE",cdn-upstream-fbl;dur=12,cdn-cache-miss,cdn-pop;desc="edge-1",cdn-rid;desc="req-1"
        MISS        | 12        | db;dur=5         | db;dur=5,cdn-upstream-layer;desc="EDGE",cdn-upstream-fbl;dur=12,cdn-cache-miss,cdn-pop;desc="edge-1",cdn-rid;desc="req-1"
        PASS        | 7         | -                | cdn-upstream-layer;desc="EDGE",cdn-upstream-fbl;dur=7,cdn-cache-miss,cdn-pop;desc="edge-1",cdn-rid;desc="req-1"
        -           | -         | -                | cdn-pop;desc="edge-1",cdn-rid;desc="req-1"
        """)
    void tellsTheWayInCloudFrontsOrder(String way, String upstream, String origins, String told) {
        assertThat(timing(
                        route(100, get()),
                        way.equals("-") ? Optional.empty() : Optional.of(ResultClass.valueOf(way)),
                        upstream.equals("-")
                                ? Optional.empty()
                                : Optional.of(Duration.ofMillis(Long.parseLong(upstream))),
                        origins.equals("-") ? Headers.EMPTY : Headers.of("Server-Timing", origins),
                        NEVER_NEEDED))
                .isEqualTo(told);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # percent | drawn   | Pragma                  | told
        100       | 99.9999 | -                       | true
        0         | 0       | -                       | false
        0         | 0       | server-timing           | true
        0         | 0       | no-cache, Server-Timing | true
        0         | 0       | no-cache                | false
        50        | 49.9999 | -                       | true
        50        | 50      | -                       | false
        0.0001    | 0.00005 | -                       | true
        0.0001    | 0.0001  | -                       | false
        """)
    void someAreDrawnAndWhoAsksIsTold(double percent, double drawn, String pragma, boolean told) {
        var request = pragma.equals("-") ? get() : get("Pragma", pragma);
        var random = new Random() {
            @Override
            public double nextDouble(double bound) {
                return drawn;
            }
        };

        var value =
                timing(route(percent, request), Optional.of(ResultClass.HIT), Optional.empty(), Headers.EMPTY, random);

        assertThat(value != null).isEqualTo(told);
    }

    @Test
    void theShareOfThoseWhoAreToldIsTheRate() {
        var random = new Random(1);
        int told = 0;
        for (int i = 0; i < 10_000; i++) {
            var value = timing(route(30, get()), Optional.of(ResultClass.HIT), Optional.empty(), Headers.EMPTY, random);
            if (value != null) told++;
        }
        assertThat(told).isBetween(2_800, 3_200);
    }

    @Test
    void whoIsNotToldGetsNoOldFiguresOnAHitAndTheOriginsOnAMiss() {
        var origins = Headers.of("Server-Timing", "db;dur=5");

        assertThat(timing(route(0, get()), Optional.of(ResultClass.HIT), Optional.empty(), origins, NEVER_NEEDED))
                .isNull();
        assertThat(timing(
                        route(0, get()),
                        Optional.of(ResultClass.MISS),
                        Optional.of(Duration.ofMillis(3)),
                        origins,
                        NEVER_NEEDED))
                .isEqualTo("db;dur=5");
    }

    @Test
    void withoutThePolicyNothingChanges() {
        var origins = Headers.of("Server-Timing", "db;dur=5");
        var route = Sites.route(Sites.KEY_OF_PATH, Sites.SENDS_NOTHING, get("Pragma", "server-timing"));

        assertThat(timing(route, Optional.of(ResultClass.HIT), Optional.empty(), origins, NEVER_NEEDED))
                .isEqualTo("db;dur=5");
    }

    @Test
    void onlyOurHeaderIsEndedWithTheTimeItTook() {
        var ours = new Headers.Field("Server-Timing", "cdn-cache-hit,cdn-rid;desc=\"req-1\"");
        var origins = new Headers.Field("Server-Timing", "cdn-cache-hit,cdn-rid;desc=\"another\"");

        assertThat(ServerTiming.ended(ours, "req-1", 12_999_999))
                .isEqualTo("cdn-cache-hit,cdn-rid;desc=\"req-1\",cdn-downstream-fbl;dur=12");
        assertThat(ServerTiming.ended(origins, "req-1", 12_999_999)).isEqualTo(origins.value());
    }

    private static @Nullable String timing(
            Route route,
            Optional<ResultClass> way,
            Optional<Duration> upstream,
            Headers headers,
            RandomGenerator random) {
        var head = new ViewerHead(200, headers, new Part.None(), ResultClass.HIT);
        return new ServerTiming("edge-1", random)
                .applied(Optional.of(route), way, upstream, head)
                .headers()
                .joined("Server-Timing")
                .orElse(null);
    }

    private static ViewerRequest get(String... headers) {
        return Sites.request("GET http://a.example/a", headers);
    }

    private static Route route(double percent, ViewerRequest request) {
        var route = Sites.route(Sites.KEY_OF_PATH, Sites.SENDS_NOTHING, request);
        var policy = new ResponseHeadersPolicy(
                new PolicyId("timed"),
                "timed",
                Optional.empty(),
                List.of(),
                List.of(),
                Set.of(),
                Optional.of(new ResponseHeadersPolicy.ServerTiming(percent)));
        return new Route(
                route.distribution(),
                route.behavior(),
                route.cachePolicy(),
                route.originRequestPolicy(),
                Optional.of(policy),
                route.origin(),
                route.failover(),
                route.request(),
                route.path(),
                route.selectors());
    }
}

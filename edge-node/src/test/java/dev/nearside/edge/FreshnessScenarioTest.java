package dev.nearside.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.nearside.edge.ScriptedOrigin.Say;
import dev.nearside.edge.http.HttpDate;
import io.vertx.core.Future;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How long things live, through the front door: each end is met 1 ms before, and when it has come.
class FreshnessScenarioTest {

    @TempDir
    Path folder;

    @AutoClose
    private final ScriptedOrigin origin = new ScriptedOrigin();

    private final HandMovedClock clock = new HandMovedClock();

    @AutoClose
    private RunningEdge edge;

    @BeforeEach
    void start() throws IOException {
        edge = new RunningEdge(folder, configuration(origin.port()), clock);
    }

    @Test
    void whatHasNotChangedForLongLivesForATenthOfThatTime() throws Exception {
        origin.on("/old", Say.ok("old", "Date", date(0), "Last-Modified", date(-100)));
        get("/old");

        assertThat(tripsAfter("/old", 9_999)).isEqualTo(1);
        assertThat(tripsAfter("/old", 1)).isEqualTo(2);
    }

    @Test
    void anErrorLivesAsLongAsTheDistributionSaysOfIt() throws Exception {
        origin.on("/gone", Say.status(404));
        origin.on("/broken", Say.status(500));
        get("/gone");
        assertThat(tripsAfter("/gone", 2_999)).isEqualTo(1);
        assertThat(tripsAfter("/gone", 1)).isEqualTo(2);
        get("/broken");
        assertThat(tripsAfter("/broken", 6_999)).isEqualTo(1);
        assertThat(tripsAfter("/broken", 1)).isEqualTo(2);
    }

    @Test
    void aFailingOriginIsLeftAloneForAWhile() throws Exception {
        origin.on("/page", Say.ok("page", "Cache-Control", "max-age=5"));
        get("/page");
        origin.on("/page", Say.status(503));
        clock.pass(Duration.ofSeconds(5));

        assertThat(get("/page").body()).isEqualTo("page");
        assertThat(tripsAfter("/page", 9_999)).isEqualTo(2);
        origin.on("/page", Say.ok("new page", "Cache-Control", "max-age=5"));
        clock.pass(Duration.ofMillis(1));
        assertThat(get("/page").body()).isEqualTo("new page");
    }

    @Test
    void anErrorOfTheEdgeItselfIsRepeatedForAWhile() throws Exception {
        // In a coding that nobody asked for: not to be passed on.
        try (var blunt = new RecordingOrigin().saying(_ -> "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n");
                var before = new RunningEdge(
                        Files.createDirectory(folder.resolve("other")), configuration(blunt.port()), clock)) {
            assertThat(before.get("/x").statusCode()).isEqualTo(502);
            int asked = blunt.seen().size();
            clock.pass(Duration.ofMillis(9_999));
            assertThat(before.get("/x").statusCode()).isEqualTo(502);
            assertThat(blunt.seen()).hasSize(asked);
            clock.pass(Duration.ofMillis(1));
            assertThat(before.get("/x").statusCode()).isEqualTo(502);
            assertThat(blunt.seen()).hasSizeGreaterThan(asked);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"must-revalidate", "proxy-revalidate", "no-cache", "s-maxage=5"})
    void whatMustNotBeServedStaleIsNotWhenTheOriginFails(String directive) throws Exception {
        origin.on("/page", Say.ok("page", "Cache-Control", "max-age=5, " + directive, "ETag", "\"1\""));
        get("/page");
        origin.on("/page", Say.status(503));
        clock.pass(Duration.ofSeconds(5));

        var answer = get("/page");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).doesNotContain("page");
    }

    @Test
    void aRefreshThatFailsLeavesTheStaleResponseWhereItIs() throws Exception {
        origin.on("/feed", Say.ok("feed", "Cache-Control", "max-age=5, stale-while-revalidate=20"));
        get("/feed");
        origin.on("/feed", Say.status(503));
        clock.pass(Duration.ofSeconds(5));

        // The trip before may still be writing to disk for a moment, and there is no second one beside it.
        await().until(() -> {
            assertThat(get("/feed").body()).isEqualTo("feed");
            return origin.trips("/feed").size() == 2;
        });
        clock.pass(Duration.ofMillis(19_999));
        assertThat(get("/feed").body()).isEqualTo("feed");
    }

    @Test
    void a304SaysHowLongTheStoredResponseLivesFromNowOn() throws Exception {
        origin.on("/a", Say.ok("a", "Cache-Control", "max-age=5", "ETag", "W/\"1\""));
        get("/a");
        origin.on("/a", Say.status(304, "Cache-Control", "max-age=9", "ETag", "W/\"1\"", "X-Note", "confirmed"));
        clock.pass(Duration.ofSeconds(5));

        var confirmed = get("/a");

        assertThat(confirmed.body()).isEqualTo("a");
        assertThat(confirmed.headers().firstValue("X-Note")).contains("confirmed");
        assertThat(origin.trips("/a").get(1).headers().first("If-None-Match")).contains("W/\"1\"");
        assertThat(tripsAfter("/a", 8_999)).isEqualTo(2);
        assertThat(tripsAfter("/a", 1)).isEqualTo(3);
    }

    @Test
    void aViewerWhoHasItAlreadyIsToldSo() throws Exception {
        origin.on(
                "/a",
                Say.ok(
                        "a",
                        "Cache-Control",
                        "max-age=60",
                        "ETag",
                        "\"1\"",
                        "Date",
                        date(0),
                        "Last-Modified",
                        date(-100)));
        get("/a");

        assertThat(get("/a", "If-None-Match", "\"0\", W/\"1\"").statusCode()).isEqualTo(304);
        assertThat(get("/a", "If-None-Match", "\"0\"").statusCode()).isEqualTo(200);
        assertThat(get("/a", "If-Modified-Since", date(-100)).statusCode()).isEqualTo(304);
        assertThat(get("/a", "If-Modified-Since", date(-101)).statusCode()).isEqualTo(200);
        assertThat(get("/a", "If-None-Match", "\"0\"", "If-Modified-Since", date(-100))
                        .statusCode())
                .isEqualTo(200);
        assertThat(origin.trips("/a")).hasSize(1);
    }

    @Test
    void cookiesAreReplayedOnlyWhereThePolicySaysSo() throws Exception {
        var cookies = new AtomicInteger();
        for (var path : new String[] {"/a", "/replayed/a"}) {
            origin.on(
                    path,
                    _ -> Future.succeededFuture(Say.ok(
                            "a", "Cache-Control", "max-age=60", "Set-Cookie", "n=" + cookies.incrementAndGet())));
        }

        assertThat(get("/a").headers().allValues("Set-Cookie")).containsExactly("n=1");
        assertThat(get("/a").headers().allValues("Set-Cookie")).isEmpty();
        assertThat(get("/replayed/a").headers().allValues("Set-Cookie")).containsExactly("n=2");
        assertThat(get("/replayed/a").headers().allValues("Set-Cookie")).containsExactly("n=2");
    }

    @Test
    void originsMayAddressTheEdgeAlone() throws Exception {
        origin.on("/a", Say.ok("a", "Cache-Control", "no-store", "Surrogate-Control", "max-age=5;nearside"));

        assertThat(get("/a").headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(origin.trips("/a").getFirst().headers().first("Surrogate-Capability"))
                .contains("nearside=\"Surrogate/1.0\"");
        assertThat(tripsAfter("/a", 4_999)).isEqualTo(1);
        assertThat(tripsAfter("/a", 1)).isEqualTo(2);
    }

    @Test
    void aMethodThatNobodyKnowsPassesWhereAnyIsAllowed() throws Exception {
        origin.on("/any/a", Say.ok("a", "Cache-Control", "max-age=60"));
        get("/any/a");

        assertThat(edge.ask("M-SEARCH", "/any/a").statusCode()).isEqualTo(200);
        assertThat(edge.ask("TRACE", "/any/a").statusCode()).isEqualTo(403);
        assertThat(edge.ask("M-SEARCH", "/a").statusCode()).isEqualTo(403);
        get("/any/a");
        assertThat(origin.trips("/any/a")).hasSize(3);
    }

    @Test
    void aChangeThatCameWithABodyOutdatesWhatItsAnswerRefersTo() throws Exception {
        origin.on("/any/list", Say.ok("list", "Cache-Control", "max-age=60"));
        origin.on("/any/make", Say.status(201, "Location", "/any/list"));
        get("/any/list");

        edge.ask("POST", "/any/make", HttpRequest.BodyPublishers.ofString("one more"));

        get("/any/list");
        assertThat(origin.trips("/any/list")).hasSize(2);
    }

    private HttpResponse<String> get(String path, String... headers) throws Exception {
        return edge.read(path, headers);
    }

    /// How often the origin has been asked once a viewer has come that much later.
    private int tripsAfter(String path, long millis) throws Exception {
        clock.pass(Duration.ofMillis(millis));
        get(path);
        return origin.trips(path).size();
    }

    private String date(long seconds) {
        return HttpDate.format(clock.instant().plusSeconds(seconds));
    }

    private static String configuration(int originPort) {
        return """
                {"cachePolicies": [
                   {"name": "guessing", "minTTL": 0, "defaultTTL": 0, "maxTTL": 3600, "heuristicFreshness": true},
                   {"name": "replaying", "minTTL": 0, "defaultTTL": 0, "maxTTL": 3600, "replaySetCookie": true,
                     "cookiesConfig": {"cookieBehavior": "all"}}],
                 "originRequestPolicies": [{"name": "cookies", "cookiesConfig": {"cookieBehavior": "all"}}],
                 "distributions": [{"name": "demo", "enabled": true, "aliases": ["127.0.0.1"],
                  "origins": [{"id": "site", "domainName": "127.0.0.1", "httpPort": %d,
                    "originProtocolPolicy": "http-only"}],
                  "customErrorResponses": [{"errorCode": 404, "errorCachingMinTTL": 3},
                    {"errorCode": 500, "errorCachingMinTTL": 7}],
                  "defaultCacheBehavior": {"targetOriginId": "site",
                    "cachePolicyId": "guessing", "originRequestPolicyId": "cookies"},
                  "cacheBehaviors": [
                    {"pathPattern": "/replayed/*", "targetOriginId": "site", "cachePolicyId": "replaying"},
                    {"pathPattern": "/any/*", "targetOriginId": "site", "cachePolicyId": "guessing",
                      "allowedMethods": ["*"]}]}]}
                """.formatted(originPort);
    }
}

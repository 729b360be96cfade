package dev.nearside.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.nearside.edge.ScriptedOrigin.Say;
import dev.nearside.edge.log.LogFormat;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What every answer carries, and how it is told of in the log.
class EveryAnswerScenarioTest {

    @TempDir
    Path folder;

    @AutoClose
    private final ScriptedOrigin origin = new ScriptedOrigin();

    private final HandMovedClock clock = new HandMovedClock();

    @AutoClose
    private RunningEdge edge;

    @BeforeEach
    void start() throws IOException {
        edge = new RunningEdge(
                folder,
                """
                {"distributions": [{"name": "demo", "enabled": true, "aliases": ["localhost", "127.0.0.1"],
                  "origins": [{"id": "site", "domainName": "127.0.0.1", "httpPort": %d,
                    "originProtocolPolicy": "http-only"}],
                  "defaultCacheBehavior": {"targetOriginId": "site", "responseHeadersPolicyId": "policy",
                    "cachePolicyId": "plain"},
                  "cacheBehaviors": [{"pathPattern": "/api/*", "targetOriginId": "site",
                    "allowedMethods": ["GET", "HEAD", "OPTIONS"], "cachePolicyId": "CachingDisabled",
                    "responseHeadersPolicyId": "policy"}]}],
                 "cachePolicies": [{"id": "plain", "name": "plain", "minTTL": 0, "defaultTTL": 60, "maxTTL": 600}],
                 "responseHeadersPolicies": [{"id": "policy", "name": "policy",
                   "corsConfig": {"accessControlAllowOrigins": ["https://*.example.org"],
                     "accessControlAllowHeaders": ["*"], "accessControlAllowMethods": ["GET", "PUT"],
                     "accessControlAllowCredentials": false, "originOverride": true}}]}
                """.formatted(origin.port()),
                clock,
                node -> node.called("front-7").logging(LogFormat.JSON));
    }

    @Test
    void cacheStatusTellsTheWholeWay() throws Exception {
        origin.on(
                "/page",
                asked -> Future.succeededFuture(
                        asked.headers().has("If-None-Match")
                                ? Say.status(304)
                                : Say.ok("x", "Cache-Control", "max-age=60", "ETag", "\"1\"")));
        origin.on("/private", Say.ok("x", "Cache-Control", "private"));
        origin.on("/api/x", Say.ok("x"));

        assertThat(status("/page")).isEqualTo("nearside; fwd=uri-miss; fwd-status=200; ttl=60; stored");
        clock.pass(Duration.ofSeconds(7));
        assertThat(status("/page")).isEqualTo("nearside; hit; ttl=53");
        clock.pass(Duration.ofSeconds(60));
        assertThat(status("/page")).isEqualTo("nearside; fwd=stale; fwd-status=304; ttl=60; stored");
        assertThat(status("/private")).isEqualTo("nearside; fwd=uri-miss; fwd-status=200; detail=private");
        assertThat(status("/api/x")).isEqualTo("nearside; fwd=bypass; fwd-status=200");
    }

    @Test
    void theLogNamesTheClassBesideTheResultType() throws Exception {
        var release = Promise.<Say>promise();
        origin.on("/slow", _ -> release.future());
        origin.on("/api/x", Say.ok("x"));
        var together =
                IntStream.range(0, 2).mapToObj(_ -> edge.getAsync("/slow")).toList();
        await().until(() -> origin.trips("/slow").size() == 1);
        release.complete(Say.ok("0123456789", "Cache-Control", "max-age=60, stale-while-revalidate=60"));
        for (var answer : together) answer.join();
        edge.get("/slow", "Range", "bytes=2-4");
        edge.get("/api/x");
        edge.get("/nothing");

        await().untilAsserted(() -> assertThat(edge.logged()).hasSize(5));
        assertThat(edge.logged())
                .anySatisfy(line -> assertThat(line).contains("\"class\":\"miss\""))
                .anySatisfy(line -> assertThat(line)
                        .contains("\"class\":\"hit\"", "\"sc-range-start\":\"2\"", "\"sc-range-end\":\"4\""))
                .anySatisfy(line -> assertThat(line).contains("\"class\":\"pass\"", "\"x-edge-result-type\":\"Miss\""))
                .anySatisfy(
                        line -> assertThat(line).contains("\"class\":\"error\"", "\"x-edge-result-type\":\"Error\""));
    }

    @Test
    void aPreflightIsAnsweredByTheOriginAndToldWhatThePolicySays() throws Exception {
        origin.on("/api/x", Say.status(204, "Allow", "GET, PUT"));

        var answer = edge.send(
                "OPTIONS", "/api/x", "Origin", "https://w.example.org", "Access-Control-Request-Method", "PUT");

        assertThat(answer.statusCode()).isEqualTo(204);
        assertThat(header(answer, "Allow")).isEqualTo("GET, PUT");
        assertThat(header(answer, "Access-Control-Allow-Origin")).isEqualTo("https://w.example.org");
        assertThat(header(answer, "Access-Control-Allow-Methods")).isEqualTo("GET, PUT");
        assertThat(header(answer, "Access-Control-Allow-Headers")).isEqualTo("*");
        assertThat(edge.send("OPTIONS", "/page", "Origin", "https://w.example.org")
                        .statusCode())
                .as("where OPTIONS is not allowed")
                .isEqualTo(403);
    }

    @Test
    void whatIsStoredKnowsNothingOfWhoAsked() throws Exception {
        origin.on("/page", Say.ok("x", "Cache-Control", "max-age=60"));
        edge.get("/page", "Origin", "https://a.example.org");

        var other = edge.get("/page", "Origin", "https://b.example.org");
        var nobody = edge.get("/page");

        assertThat(header(other, "X-Cache")).isEqualTo("Hit from nearside");
        assertThat(header(other, "Access-Control-Allow-Origin")).isEqualTo("https://b.example.org");
        assertThat(nobody.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
        for (var answer : List.of(other, nobody))
            assertThat(header(answer, "Vary")).isEqualTo("Origin");
    }

    @Test
    void anErrorMadeHereIsReadByPeopleAndPrograms() throws Exception {
        var html = edge.send("DELETE", "/page", "Accept", "text/html");
        var json = edge.send("DELETE", "/page", "Accept", "application/json, */*");

        assertThat(new String(html.body(), StandardCharsets.UTF_8)).startsWith("<!doctype html>");
        assertThat(new String(json.body(), StandardCharsets.UTF_8)).startsWith("{\"title\": \"Forbidden\"");
        for (var answer : List.of(html, json)) {
            assertThat(answer.statusCode()).isEqualTo(403);
            assertThat(header(answer, "Cache-Control")).isEqualTo("no-store");
            assertThat(header(answer, "Via")).isEqualTo("1.1 front-7 (nearside)");
            assertThat(header(answer, "X-Nearside-Id")).isNotEmpty();
            assertThat(header(answer, "Cache-Status")).isEqualTo("nearside; detail=method-not-allowed");
        }
    }

    @Test
    void theOriginIsToldThePseudonymToo() throws Exception {
        edge.get("/page");

        assertThat(origin.trips("/page").getFirst().headers().joined("Via")).contains("1.1 front-7 (nearside)");
    }

    private String status(String path) throws Exception {
        return header(edge.get(path), "Cache-Status");
    }

    private static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElseThrow();
    }
}

package dev.nearside.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.nearside.edge.ScriptedOrigin.Say;
import dev.nearside.edge.http.Headers;
import dev.nearside.edge.log.LogFormat;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What viewers get in place of errors (CF§1.7).
class CustomErrorsScenarioTest {

    @TempDir
    Path folder;

    private final ScriptedOrigin origin = new ScriptedOrigin();
    private final ScriptedOrigin pages = new ScriptedOrigin();
    private final HandMovedClock clock = new HandMovedClock();
    private RunningEdge edge;

    @BeforeEach
    void start() throws IOException {
        edge = new RunningEdge(
                folder,
                configuration(origin.port(), pages.port(), deadPort()),
                clock,
                node -> node.logging(LogFormat.JSON));
        pages.on("/errors/404.html", Say.ok("nothing here", "Cache-Control", "max-age=600", "ETag", "\"e\""));
        pages.on("/errors/down.html", Say.ok("we are down", "Cache-Control", "max-age=600"));
        pages.on("/errors/no.html", Say.ok("not for you", "Cache-Control", "max-age=600"));
    }

    /// Where nobody listens any more.
    private static int deadPort() throws IOException {
        try (var gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return gone.getLocalPort();
        }
    }

    @AfterEach
    void stop() {
        edge.close();
        origin.close();
        pages.close();
    }

    @Test
    void anErrorOfTheOriginIsAnsweredWithThePageAndItsStatus() throws Exception {
        origin.on("/gone", Say.status(404, "X-From", "site"));

        var first = edge.get("/gone?x=1");
        var second = edge.get("/gone?x=1");

        for (var answer : new HttpResponse<?>[] {first, second}) {
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(header(answer, "X-Cache")).isEqualTo("Error from nearside");
            assertThat(header(answer, "X-From")).isNull();
            assertThat(header(answer, "X-Page")).as("the page's own policy").isEqualTo("1");
        }
        assertThat(text(first)).isEqualTo("nothing here");
        assertThat(text(second)).isEqualTo("nothing here");
        assertThat(header(first, "Cache-Status")).contains("fwd-status=404");
        assertThat(pages.trips("/errors/404.html")).as("the page is cached").hasSize(1);
        assertThat(pages.trips("/errors/404.html").getFirst().target()).isEqualTo("/errors/404.html");
        assertThat(origin.trips("/gone")).as("the error is cached").hasSize(1);
    }

    @Test
    void anErrorWithABodyIsStoredThoughItsViewerGetsThePage() throws Exception {
        origin.on(
                "/gone", new Say(404, Headers.EMPTY, Say.ok("x".repeat(900_000)).body()));

        edge.get("/gone");
        await().untilAsserted(() ->
                assertThat(header(edge.get("/gone"), "Cache-Status")).contains("hit"));
        assertThat(origin.trips("/gone")).hasSize(1);
    }

    @Test
    void theLogTellsTheReplacedStatusAndThatItWasAnError() throws Exception {
        edge.get("/gone");

        await().untilAsserted(() -> assertThat(edge.logged())
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .contains("\"sc-status\":\"200\"")
                        .contains("\"cs-uri-stem\":\"/gone\"")
                        .contains("\"x-edge-result-type\":\"Error\"")));
    }

    @Test
    void errorsMadeHereAreReplacedToo() throws Exception {
        var answer = edge.send("POST", "/any");

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(text(answer)).isEqualTo("not for you");
        assertThat(pages.trips("/errors/no.html").getFirst().method()).isEqualTo("GET");
    }

    @Test
    void thePagesOriginIsToldWhatFailedAndNotByTheViewer() throws Exception {
        origin.on("/gone/away", Say.status(404));

        edge.get("/gone/away?x=1", "CloudFront-Error-Uri", "/forged");

        var asked = pages.trips("/errors/404.html").getFirst().headers();
        assertThat(asked.all("CloudFront-Error-Uri")).containsExactly("/gone/away");
        assertThat(asked.all("CloudFront-Error-Args")).containsExactly("x=1");
        assertThat(origin.trips("/gone/away").getFirst().headers().has("CloudFront-Error-Uri"))
                .isFalse();
    }

    @Test
    void aUrlThatIsTooLongIsReplacedToo() throws Exception {
        var answer = edge.get("/" + "x".repeat(8_195));

        assertThat(answer.statusCode()).isEqualTo(414);
        assertThat(text(answer)).isEqualTo("not for you");
    }

    @Test
    void anOriginThatCannotBeReachedIsReplacedToo() throws Exception {
        var answer = edge.get("/dead/x");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(text(answer)).isEqualTo("we are down");
    }

    @Test
    void staleContentIsPreferred() throws Exception {
        origin.on("/page", Say.ok("old", "Cache-Control", "max-age=10"));
        edge.get("/page");
        origin.on("/page", Say.status(502));
        clock.pass(Duration.ofSeconds(11));

        var answer = edge.get("/page");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(text(answer)).isEqualTo("old");
        assertThat(pages.trips("/errors/down.html")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 404, 500})
    void whereThereIsNoPageTheErrorStays(int status) throws Exception {
        origin.on("/gone", Say.status(404, "X-From", "site"));
        pages.on("/errors/404.html", Say.status(status, "Location", "/elsewhere"));

        var answer = edge.get("/gone");

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(header(answer, "X-From")).isEqualTo("site");
        assertThat(pages.trips("/errors/404.html"))
                .as("never again for the page itself")
                .hasSize(1);
        assertThat(pages.trips("/errors/down.html")).isEmpty();
    }

    @Test
    void aStatusWithoutAPageStays() throws Exception {
        origin.on("/odd", Say.status(500, "X-From", "site"));

        assertThat(header(edge.get("/odd"), "X-From")).isEqualTo("site");
    }

    @Test
    void conditionsAndRangesAreNotThePages() throws Exception {
        origin.on("/gone", Say.status(404));
        edge.get("/gone");

        var answer = edge.get("/gone", "If-None-Match", "\"e\"", "Range", "bytes=0-1");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(text(answer)).isEqualTo("nothing here");
    }

    @Test
    void aHeadGetsTheHeadOfThePage() throws Exception {
        origin.on("/gone", Say.status(404));
        edge.get("/gone");

        var answer = edge.send("HEAD", "/gone");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(header(answer, "Content-Length")).isEqualTo("12");
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void whatIsMalformedGetsAPlainAnswer() throws Exception {
        var answer = edge.raw("GET /%00 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 400 ").doesNotContain("too bad");
        assertThat(pages.trips("/errors/400.html")).isEmpty();
    }

    private static String text(HttpResponse<byte[]> answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    private static @Nullable String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse(null);
    }

    private static String configuration(int originPort, int pagesPort, int deadPort) {
        return """
                {"distributions": [{"name": "demo", "enabled": true, "aliases": ["localhost", "127.0.0.1"],
                  "origins": [
                    {"id": "site", "domainName": "127.0.0.1", "httpPort": %d, "originProtocolPolicy": "http-only"},
                    {"id": "pages", "domainName": "127.0.0.1", "httpPort": %d, "originProtocolPolicy": "http-only"},
                    {"id": "dead", "domainName": "127.0.0.1", "httpPort": %d, "originProtocolPolicy": "http-only"}],
                  "defaultCacheBehavior": {"targetOriginId": "site", "cachePolicyId": "short"},
                  "cacheBehaviors": [
                    {"pathPattern": "/errors/*", "targetOriginId": "pages", "cachePolicyId": "short",
                     "originRequestPolicyId": "failed",
                     "responseHeadersPolicyId": "mark"},
                    {"pathPattern": "/dead/*", "targetOriginId": "dead", "cachePolicyId": "short"}],
                  "customErrorResponses": [
                    {"errorCode": 400, "responsePagePath": "/errors/400.html", "responseCode": 400},
                    {"errorCode": 403, "responsePagePath": "/errors/no.html", "responseCode": 403},
                    {"errorCode": 404, "responsePagePath": "/errors/404.html", "responseCode": 200},
                    {"errorCode": 414, "responsePagePath": "/errors/no.html", "responseCode": 414},
                    {"errorCode": 500, "errorCachingMinTTL": 1},
                    {"errorCode": 502, "responsePagePath": "/errors/down.html", "responseCode": 503}]}],
                 "cachePolicies": [{"id": "short", "name": "short", "minTTL": 0, "defaultTTL": 60, "maxTTL": 600}],
                 "originRequestPolicies": [{"id": "failed", "name": "failed", "headersConfig":
                   {"headerBehavior": "whitelist", "headers": ["CloudFront-Error-Uri", "CloudFront-Error-Args"]}}],
                 "responseHeadersPolicies": [{"id": "mark", "name": "mark",
                   "customHeadersConfig": [{"header": "X-Page", "value": "1", "override": true}]}]}
                """.formatted(originPort, pagesPort, deadPort);
    }
}

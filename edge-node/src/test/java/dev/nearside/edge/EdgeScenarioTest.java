package dev.nearside.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.nearside.edge.ScriptedOrigin.Say;
import dev.nearside.edge.http.Headers;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A real edge on a free port, a scripted origin, a hand-moved clock.
class EdgeScenarioTest {

    @TempDir
    Path folder;

    private final ScriptedOrigin origin = new ScriptedOrigin();
    private final HandMovedClock clock = new HandMovedClock();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private Edge edge;

    @BeforeEach
    void start() throws IOException {
        write(configuration(origin.port()));
        edge = startEdge();
    }

    @AfterEach
    void stop() {
        edge.close();
        origin.close();
        client.close();
    }

    @Test
    void theSecondViewerGetsAHit() throws Exception {
        origin.on("/logo.svg", Say.ok("<svg/>", "Cache-Control", "max-age=60", "ETag", "\"1\""));

        var first = get("/logo.svg");
        clock.pass(Duration.ofSeconds(7));
        var second = get("/logo.svg");

        assertThat(first.statusCode()).isEqualTo(200);
        assertThat(first.headers().firstValue("X-Cache")).contains("Miss from nearside");
        assertThat(first.headers().firstValue("Age")).isEmpty();
        assertThat(second.body()).isEqualTo("<svg/>");
        assertThat(second.headers().firstValue("X-Cache")).contains("Hit from nearside");
        assertThat(second.headers().firstValue("Age")).contains("7");
        assertThat(second.headers().firstValue("Via")).isPresent();
        assertThat(second.headers().firstValue("Cache-Status").orElseThrow()).startsWith("nearside; hit");
        assertThat(origin.trips("/logo.svg")).hasSize(1);
    }

    @Test
    void viewersWhoArriveTogetherShareOneTrip() throws Exception {
        var release = Promise.<Say>promise();
        origin.on("/slow", _ -> release.future());

        var answers = IntStream.range(0, 100).mapToObj(_ -> getAsync("/slow")).toList();
        await().until(() -> origin.trips("/slow").size() == 1);
        release.complete(Say.ok("once", "Cache-Control", "max-age=60"));

        for (var answer : answers) assertThat(answer.get().body()).isEqualTo("once");
        assertThat(origin.trips("/slow")).hasSize(1);
    }

    @Test
    void anUncacheableAnswerIsNotShared() throws Exception {
        var release = Promise.<Void>promise();
        origin.on(
                "/mine",
                asked -> release.future()
                        .map(_ -> Say.ok(
                                asked.headers().first("X-Nearside-Id").orElseThrow(), "Cache-Control", "private")));

        var answers = IntStream.range(0, 10).mapToObj(_ -> getAsync("/mine")).toList();
        await().until(() -> !origin.trips("/mine").isEmpty());
        release.complete();

        assertThat(answers.stream().map(answer -> answer.join().body())).doesNotHaveDuplicates();
    }

    @Test
    void aLargeBodyComesWholeFromOriginAndFromDisk() throws Exception {
        awaitReady();
        var bytes = new byte[20 << 20];
        new Random(7).nextBytes(bytes);
        var whole = Buffer.buffer(bytes);
        var pieces = IntStream.range(0, 320)
                .mapToObj(i -> whole.slice(i << 16, (i + 1) << 16))
                .toList();
        origin.on("/video", new Say(200, Headers.of("Cache-Control", "max-age=60"), pieces));

        var first = client.send(request("/video").build(), HttpResponse.BodyHandlers.ofByteArray());
        var second = client.send(request("/video").build(), HttpResponse.BodyHandlers.ofByteArray());

        assertThat(first.body()).hasSize(bytes.length);
        assertThat(Arrays.equals(first.body(), bytes)).isTrue();
        assertThat(second.body()).hasSize(bytes.length);
        assertThat(Arrays.equals(second.body(), bytes)).isTrue();
        assertThat(second.headers().firstValue("X-Cache")).contains("Hit from nearside");
        assertThat(origin.trips("/video")).hasSize(1);
    }

    @Test
    void whoComesLateToABodyTooLargeToStoreGetsAllOfIt() throws Exception {
        var bytes = new byte[40 << 20];
        new Random(11).nextBytes(bytes);
        origin.on("/film", new Say(200, Headers.of("Cache-Control", "max-age=60"), List.of(Buffer.buffer(bytes))));

        try (var early = client.send(request("/film").build(), HttpResponse.BodyHandlers.ofInputStream())
                .body()) {
            assertThat(early.readNBytes(10 << 20)).hasSize(10 << 20);
            var late = client.send(request("/film").build(), HttpResponse.BodyHandlers.ofByteArray());

            assertThat(Arrays.equals(late.body(), bytes)).isTrue();
        }
    }

    @Test
    void aPartOfWhatIsStoredIsServedAlone() throws Exception {
        origin.on("/digits", Say.ok("0123456789", "Cache-Control", "max-age=60", "ETag", "\"1\""));
        get("/digits");

        var part = client.send(
                request("/digits").header("Range", "bytes=2-5").build(), HttpResponse.BodyHandlers.ofString());

        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.body()).isEqualTo("2345");
        assertThat(part.headers().firstValue("Content-Range")).contains("bytes 2-5/10");
    }

    @Test
    void aViewerWhoWantsAPartLeavesTheWholeForTheNext() throws Exception {
        var body = "0123456789".repeat(100_000);
        origin.on("/video", Say.ok(body, "Cache-Control", "max-age=60"));

        var part = client.send(
                request("/video").header("Range", "bytes=0-9").build(), HttpResponse.BodyHandlers.ofString());
        await().untilAsserted(() ->
                assertThat(get("/video").headers().firstValue("X-Cache")).contains("Hit from nearside"));

        assertThat(part.body()).isEqualTo("0123456789");
        assertThat(get("/video").body()).isEqualTo(body);
        assertThat(origin.trips("/video")).hasSize(1);
    }

    @Test
    void aStaleResponseIsRevalidated() throws Exception {
        origin.on("/page", Say.ok("hello", "Cache-Control", "max-age=10", "ETag", "\"1\""));
        get("/page");
        origin.on("/page", Say.status(304, "ETag", "\"1\"", "Cache-Control", "max-age=20"));
        clock.pass(Duration.ofSeconds(11));

        var refreshed = get("/page");
        clock.pass(Duration.ofSeconds(15));
        var hit = get("/page");

        assertThat(refreshed.body()).isEqualTo("hello");
        assertThat(refreshed.headers().firstValue("X-Cache")).contains("RefreshHit from nearside");
        assertThat(origin.trips("/page").get(1).headers().first("If-None-Match"))
                .contains("\"1\"");
        assertThat(hit.headers().firstValue("X-Cache")).contains("Hit from nearside");
    }

    @Test
    void aStaleResponseStandsInForAnOriginInTrouble() throws Exception {
        origin.on("/page", Say.ok("hello", "Cache-Control", "max-age=10"));
        get("/page");
        origin.on("/page", Say.status(503));
        clock.pass(Duration.ofSeconds(11));

        var answer = get("/page");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("hello");
    }

    @Test
    void aStaleHeadStandsInForAnOriginThatIsDown() throws Exception {
        origin.on("/page", Say.ok("hello", "Cache-Control", "max-age=10"));
        get("/page");
        origin.close();
        clock.pass(Duration.ofSeconds(11));

        var head = client.send(
                request("/page")
                        .method("HEAD", HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());

        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.headers().firstValue("Content-Length")).contains("5");
    }

    @Test
    void aStaleResponseIsServedWhileItIsRefreshed() throws Exception {
        origin.on("/feed", Say.ok("old", "Cache-Control", "max-age=10, stale-while-revalidate=60"));
        get("/feed");
        origin.on("/feed", Say.ok("new", "Cache-Control", "max-age=10"));
        clock.pass(Duration.ofSeconds(11));

        assertThat(get("/feed").body()).isEqualTo("old");
        await().until(() -> get("/feed").body().equals("new"));
        assertThat(origin.trips("/feed")).hasSize(2);
    }

    @Test
    void responsesThatVaryAreToldApart() throws Exception {
        origin.on(
                "/hello",
                asked -> Future.succeededFuture(Say.ok(
                        asked.headers().first("Accept-Language").orElse("none"),
                        "Cache-Control",
                        "max-age=60",
                        "Vary",
                        "Accept-Language")));

        for (var how : List.of("uri-miss vary-miss", "hit hit")) {
            var german = get("/hello", "Accept-Language", "de");
            var french = get("/hello", "Accept-Language", "fr");
            assertThat(german.body()).isEqualTo("de");
            assertThat(french.body()).isEqualTo("fr");
            assertThat(how(german) + " " + how(french)).isEqualTo(how);
        }
        assertThat(origin.trips("/hello")).hasSize(2);
    }

    @Test
    void anOriginThatIsDownIsABadGatewayWithoutInternals() throws Exception {
        origin.close();

        var answer = get("/anything");

        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(answer.headers().firstValue("X-Nearside-Id")).isPresent();
        assertThat(answer.body()).doesNotContain("127.0.0.1").doesNotContain("Exception");
    }

    @Test
    void aPostGoesThroughWithItsBody() throws Exception {
        origin.on(
                "/api/user/orders",
                asked -> Future.succeededFuture(Say.ok(asked.method() + " " + asked.body() + " "
                        + asked.headers().first("Cookie").orElse(""))));

        var answer = client.send(
                request("/api/user/orders")
                        .header("Cookie", "session=7")
                        .POST(HttpRequest.BodyPublishers.ofString("two apples"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());

        assertThat(answer.body()).isEqualTo("POST two apples session=7");
    }

    @Test
    void aSetCookieReachesItsViewerAndNobodyElse() throws Exception {
        origin.on("/page", Say.ok("hello", "Cache-Control", "max-age=60", "Set-Cookie", "session=7"));

        assertThat(get("/page").headers().firstValue("Set-Cookie")).contains("session=7");
        assertThat(get("/page").headers().firstValue("Set-Cookie")).isEmpty();
        assertThat(origin.trips("/page")).hasSize(1);
    }

    @Test
    void aRequestForAnUnknownHostIsForbidden() throws Exception {
        assertThat(raw("GET / HTTP/1.1\r\nHost: other.example\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 403 ");
    }

    @Test
    void anAmbiguousHostEndsTheConnection() throws Exception {
        assertThat(raw("GET / HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 400 ");
        assertThat(raw("GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n"))
                .startsWith("HTTP/1.1 400 ");
        assertThat(raw("GET http://other.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                .startsWith("HTTP/1.1 400 ");
        assertThat(origin.trips("/")).isEmpty();
    }

    @Test
    void aRefusedBodyEndsTheConnection() throws Exception {
        assertThat(raw("POST /logo.svg HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\n"))
                .startsWith("HTTP/1.1 403 ");
    }

    @Test
    void aDistributionThatPointsAtItselfEndsInOneAnswer() throws Exception {
        write(configuration(edge.port()));
        await().untilAsserted(() -> {
            clock.pass(Duration.ofMinutes(1)); // past the old origin's 404
            assertThat(get("/loop").statusCode()).isEqualTo(508);
        });
    }

    @Test
    void aLoopbackOriginNeedsTheOperatorsWord() throws Exception {
        edge.close();
        edge = SmallNode.in(folder).withoutOriginsOnLoopback().start(clock);
        origin.on("/logo.svg", Say.ok("<svg/>"));

        assertThat(get("/logo.svg").statusCode()).isEqualTo(502);
        assertThat(origin.trips("/logo.svg")).isEmpty();
    }

    @Test
    void whatWasStoredSurvivesARestart() throws Exception {
        awaitReady();
        origin.on("/static/logo.svg", Say.ok("<svg/>", "Cache-Control", "max-age=60"));
        get("/static/logo.svg");

        edge.close();
        edge = startEdge();
        awaitReady();

        assertThat(get("/static/logo.svg").headers().firstValue("X-Cache")).contains("Hit from nearside");
        assertThat(origin.trips("/static/logo.svg")).hasSize(1);
    }

    @Test
    void aChangedFileIsFollowedAndABadOneIsNot() throws Exception {
        origin.on("/logo.svg", Say.ok("<svg/>"));
        assertThat(get("/logo.svg").statusCode()).isEqualTo(200);

        write("{ not json");
        write(configuration(origin.port()).replace("\"enabled\": true", "\"enabled\": false"));

        await().untilAsserted(() -> assertThat(get("/logo.svg").statusCode()).isEqualTo(403));
    }

    @Test
    void aBadConfigurationIsRefusedWithEveryProblem() throws Exception {
        edge.close();
        write(configuration(origin.port())
                .replace("\"pathPattern\": \"/api/user/*\"", "\"pathPattern\": \"/a b\"")
                .replace("\"defaultRootObject\": \"index.html\"", "\"defaultRootObject\": \"/x\""));

        assertThatThrownBy(this::startEdge)
                .hasMessageContaining("cacheBehaviors[1].pathPattern")
                .hasMessageContaining("defaultRootObject");
    }

    @Test
    void everyRequestIsCountedOnceAndLogged() throws Exception {
        origin.on("/logo.svg", Say.ok("<svg/>", "Cache-Control", "max-age=60"));
        get("/logo.svg");
        get("/logo.svg");
        get("/gone");

        await().untilAsserted(() -> assertThat(management("/metrics"))
                .contains("nearside_requests_total{distribution=\"demo\",result=\"hit\"} 1\n")
                .contains("nearside_requests_total{distribution=\"demo\",result=\"miss\"} 1\n")
                .contains("nearside_requests_total{distribution=\"demo\",result=\"error\"} 1\n")
                .endsWith("# EOF\n"));
        var log = folder.resolve("data/access-log/access.log");
        await().untilAsserted(() -> assertThat(Files.readAllLines(log))
                .hasSize(5)
                .anySatisfy(line -> assertThat(line).contains("\tHit\t"))
                .allSatisfy(line -> assertThat(line)
                        .satisfiesAnyOf(
                                head -> assertThat(head).startsWith("#"),
                                fields -> assertThat(fields.split("\t", -1)).hasSize(33))));
    }

    @Test
    void whoLeavesInTheMiddleGivesBackWhatWasHeldForThem() throws Exception {
        try (var blunt = new BluntOrigin()
                .on("/half", "HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Length: 1000000\r\n\r\nabc")) {
            startAgain(configuration(blunt.port()));
            try (var viewer = new Socket(InetAddress.getLoopbackAddress(), edge.port())) {
                viewer.getOutputStream()
                        .write("GET /half HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                assertThat(viewer.getInputStream().read()).isEqualTo('H');
                await().untilAsserted(() -> assertThat(memoryUsed()).isGreaterThanOrEqualTo(1_000_000));
            }
            await().untilAsserted(() -> assertThat(memoryUsed()).isLessThan(100_000));
            await().until(blunt::wasLeft);
        }
    }

    private long memoryUsed() throws Exception {
        return management("/metrics")
                .lines()
                .filter(line -> line.startsWith("nearside_cache_memory_bytes "))
                .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(' ') + 1)))
                .sum();
    }

    @Test
    void anUploadThatBreaksOffDoesNotLookWholeToTheOrigin() throws Exception {
        try (var blunt = new BluntOrigin()) {
            startAgain(configuration(blunt.port()));
            try (var viewer = new Socket(InetAddress.getLoopbackAddress(), edge.port())) {
                viewer.getOutputStream().write("""
                                POST /api/user/x HTTP/1.1\r
                                Host: localhost\r
                                Transfer-Encoding: chunked\r
                                \r
                                5\r
                                apple\r
                                """.getBytes(StandardCharsets.US_ASCII));
                await().until(() -> blunt.read().contains("apple"));
            }
            await().until(blunt::wasLeft);
            assertThat(blunt.read()).doesNotContain("0\r\n\r\n");
        }
    }

    @Test
    void aSlowUploadIsNotALateOrigin() throws Exception {
        startAgain(configuration(origin.port())
                .replace("\"originProtocolPolicy\"", "\"originReadTimeout\": 1, \"originProtocolPolicy\""));
        origin.on(
                "/api/user/slow",
                asked -> Future.succeededFuture(Say.ok(asked.body().toString())));
        try (var viewer = new Socket(InetAddress.getLoopbackAddress(), edge.port())) {
            viewer.setSoTimeout(10_000);
            var out = viewer.getOutputStream();
            out.write(
                    "POST /api/user/slow HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 4\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            for (var letter : List.of("s", "l", "o", "w")) {
                await().pollDelay(Duration.ofMillis(400)).until(() -> true);
                out.write(letter.getBytes(StandardCharsets.US_ASCII));
            }
            assertThat(new String(viewer.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .startsWith("HTTP/1.1 200 ")
                    .endsWith("slow");
        }
    }

    @Test
    void anAnswerThatIsNoneIsABadGateway() throws Exception {
        try (var blunt = new BluntOrigin()
                .on("/99", "HTTP/1.1 099 X\r\nContent-Length: 2\r\n\r\nok")
                .on("/101", "HTTP/1.1 101 X\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\nok")
                .on("/1000", "HTTP/1.1 1000 X\r\nContent-Length: 2\r\n\r\nok")
                .on("/gzip", "HTTP/1.1 200 X\r\nTransfer-Encoding: gzip, chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n")) {
            startAgain(configuration(blunt.port()));
            for (var path : List.of("/99", "/101", "/1000", "/gzip")) {
                assertThat(raw("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                        .as(path)
                        .startsWith("HTTP/1.1 502 ");
            }
        }
    }

    @Test
    void http2InClearTextIsNotSpoken() throws Exception {
        try (var viewer = new Socket(InetAddress.getLoopbackAddress(), edge.port())) {
            viewer.setSoTimeout(10_000);
            viewer.getOutputStream().write("""
                    GET /gone HTTP/1.1\r
                    Host: localhost\r
                    Connection: Upgrade, HTTP2-Settings\r
                    Upgrade: h2c\r
                    HTTP2-Settings: AAMAAABkAAQAAP__\r
                    \r
                    """.getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(viewer.getInputStream().readNBytes(13), StandardCharsets.US_ASCII))
                    .isEqualTo("HTTP/1.1 404 ");
        }
    }

    @Test
    void aViewerWhoHasItAlreadyBringsItForTheNextOne() throws Exception {
        origin.on("/page", Say.ok("x".repeat(300_000), "Cache-Control", "max-age=60", "ETag", "\"1\""));

        assertThat(get("/page", "If-None-Match", "\"1\"").statusCode()).isEqualTo(304);
        await().untilAsserted(() ->
                assertThat(get("/page").headers().firstValue("X-Cache")).contains("Hit from nearside"));
        assertThat(origin.trips("/page")).hasSize(1);
    }

    private void startAgain(String configuration) throws IOException {
        edge.close();
        write(configuration);
        edge = startEdge();
    }

    private void awaitReady() {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(management("/health/ready")).isEqualTo("ready\n"));
    }

    private String management(String path) throws Exception {
        var uri = URI.create("http://127.0.0.1:" + edge.managementPort() + path);
        return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private HttpResponse<String> get(String path, String... headers) throws Exception {
        var request = request(path);
        if (headers.length > 0) request.headers(headers);
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /// The word for it in `Cache-Status`.
    private static String how(HttpResponse<String> answer) {
        var said = answer.headers().firstValue("Cache-Status").orElseThrow();
        return said.split(";", 3)[1].strip().replace("fwd=", "");
    }

    private CompletableFuture<HttpResponse<String>> getAsync(String path) {
        return client.sendAsync(request(path).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + edge.port() + path));
    }

    /// Sends bytes and reads until the edge closes the connection.
    private String raw(String request) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), edge.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    private Edge startEdge() throws IOException {
        return SmallNode.in(folder).start(clock);
    }

    private void write(String configuration) throws IOException {
        Files.writeString(folder.resolve("nearside.json"), configuration);
    }

    private static String configuration(int originPort) {
        return """
                {"distributions": [{"name": "demo", "enabled": true, "aliases": ["localhost", "127.0.0.1"],
                  "defaultRootObject": "index.html",
                  "origins": [{"id": "site", "domainName": "127.0.0.1", "httpPort": %d, "originProtocolPolicy": "http-only"}],
                  "defaultCacheBehavior": {"targetOriginId": "site",
                    "cachePolicyId": "UseOriginCacheControlHeaders-QueryStrings", "originRequestPolicyId": "AllViewer"},
                  "cacheBehaviors": [{"pathPattern": "/static/*", "targetOriginId": "site",
                    "cachePolicyId": "CachingOptimized"}, {"pathPattern": "/api/user/*", "targetOriginId": "site",
                    "allowedMethods": ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"],
                    "cachePolicyId": "CachingDisabled", "originRequestPolicyId": "AllViewer"}]}]}
                """.formatted(originPort);
    }
}

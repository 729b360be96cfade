package dev.nearside.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.aayushatharva.brotli4j.decoder.BrotliInputStream;
import dev.nearside.edge.ScriptedOrigin.Say;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What viewers get from a behavior that compresses (CF§8).
class CompressionScenarioTest {

    private static final String PAGE = "<p>the edge keeps what it has seen</p>\n".repeat(1_000);

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
    void eachKindOfViewerGetsItsOwnCodingOnceMadeAndThenStored() throws Exception {
        origin.on("/page", html("Cache-Control", "max-age=60", "ETag", "\"1\"", "Content-MD5", "x"));

        for (var result : List.of("Miss from nearside", "Hit from nearside")) {
            var brotli = edge.get("/page", "Accept-Encoding", "gzip, br");
            var gzip = edge.get("/page", "Accept-Encoding", "gzip");
            var plain = edge.get("/page");

            assertThat(List.of(brotli, gzip, plain)).allSatisfy(answer -> {
                assertThat(header(answer, "X-Cache")).isEqualTo(result);
                assertThat(header(answer, "Vary")).isEqualTo("Accept-Encoding");
            });
            assertThat(header(brotli, "Content-Encoding")).isEqualTo("br");
            assertThat(header(brotli, "ETag")).isEqualTo("W/\"1\"");
            assertThat(header(brotli, "Content-MD5")).isNull();
            assertThat(header(gzip, "Content-Encoding")).isEqualTo("gzip");
            assertThat(header(plain, "Content-Encoding")).isNull();
            assertThat(header(plain, "ETag")).isEqualTo("\"1\"");
            assertThat(brotli.body().length).isLessThan(PAGE.length() / 20);
            assertThat(decoded(brotli)).isEqualTo(PAGE);
            assertThat(decoded(gzip)).isEqualTo(PAGE);
            assertThat(decoded(plain)).isEqualTo(PAGE);
        }
        assertThat(origin.trips("/page")).hasSize(3);
    }

    @Test
    void aHeadIsToldWhatAGetIsTold() throws Exception {
        origin.on("/page", html("Cache-Control", "max-age=60", "ETag", "\"1\""));

        var before = edge.send("HEAD", "/page", "Accept-Encoding", "br");
        var got = edge.get("/page", "Accept-Encoding", "br");
        var after = edge.send("HEAD", "/page", "Accept-Encoding", "br");

        for (var head : List.of(before, after)) {
            for (var name : List.of("Content-Encoding", "ETag", "Vary")) {
                assertThat(header(head, name)).as(name).isEqualTo(header(got, name));
            }
        }
        assertThat(header(before, "Content-Length")).isNull();
        assertThat(header(after, "Content-Length")).isEqualTo(Integer.toString(got.body().length));
    }

    @Test
    void aCompressedObjectIsRevalidatedAndStaysWhatItIs() throws Exception {
        origin.on(
                "/page",
                asked -> Future.succeededFuture(
                        asked.headers().has("If-None-Match")
                                ? Say.status(
                                        304,
                                        "ETag",
                                        "\"1\"",
                                        "Cache-Control",
                                        "max-age=60",
                                        "Vary",
                                        "X-None",
                                        "Content-MD5",
                                        "x",
                                        "X-New",
                                        "1")
                                : html("Cache-Control", "max-age=60", "ETag", "\"1\"")));
        edge.get("/page", "Accept-Encoding", "br");
        clock.pass(Duration.ofSeconds(61));

        var confirmed = edge.get("/page", "Accept-Encoding", "br");
        var hit = edge.get("/page", "Accept-Encoding", "br");

        assertThat(origin.trips("/page")).hasSize(2);
        assertThat(origin.trips("/page").get(1).headers().all("If-None-Match")).containsExactly("W/\"1\"");
        assertThat(header(confirmed, "X-Cache")).isEqualTo("RefreshHit from nearside");
        for (var answer : List.of(confirmed, hit)) {
            assertThat(header(answer, "Content-Encoding")).isEqualTo("br");
            assertThat(header(answer, "ETag")).isEqualTo("W/\"1\"");
            assertThat(header(answer, "Vary")).isEqualTo("Accept-Encoding");
            assertThat(header(answer, "Content-MD5")).isNull();
            assertThat(header(answer, "X-New")).isEqualTo("1");
            assertThat(decoded(answer)).isEqualTo(PAGE);
        }
    }

    @Test
    void aViewerWhoHoldsThePlainOrTheCompressedPageIsToldSo() throws Exception {
        origin.on("/page", html("Cache-Control", "max-age=60", "ETag", "\"1\""));
        edge.get("/page", "Accept-Encoding", "br");

        var answer = edge.get("/page", "Accept-Encoding", "br", "If-None-Match", "W/\"1\"");

        assertThat(answer.statusCode()).isEqualTo(304);
        assertThat(header(answer, "ETag")).isEqualTo("W/\"1\"");
        assertThat(header(answer, "Vary")).isEqualTo("Accept-Encoding");
    }

    @Test
    void aRangeCountsCompressedBytes() throws Exception {
        origin.on("/page", html("Cache-Control", "max-age=60"));
        var whole = edge.get("/page", "Accept-Encoding", "br").body();

        var part = edge.get("/page", "Accept-Encoding", "br", "Range", "bytes=10-19");

        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(header(part, "Content-Range")).isEqualTo("bytes 10-19/" + whole.length);
        assertThat(part.body()).isEqualTo(Arrays.copyOfRange(whole, 10, 20));
    }

    @Test
    void viewersWhoArriveTogetherShareOneCompressedStream() throws Exception {
        var release = Promise.<Say>promise();
        origin.on("/slow", _ -> release.future());

        var answers = IntStream.range(0, 50)
                .mapToObj(_ -> edge.getAsync("/slow", "Accept-Encoding", "br, gzip"))
                .toList();
        await().until(() -> origin.trips("/slow").size() == 1);
        release.complete(html("Cache-Control", "max-age=60", "Content-Length", Integer.toString(PAGE.length())));

        for (var answer : answers) assertThat(decoded(answer.get())).isEqualTo(PAGE);
        assertThat(origin.trips("/slow")).hasSize(1);
    }

    @Test
    void anAnswerThatNobodySharesIsCompressedForItsViewer() throws Exception {
        origin.on("/mine", html("Cache-Control", "private"));

        var answer = edge.get("/mine", "Accept-Encoding", "gzip");

        assertThat(header(answer, "Content-Encoding")).isEqualTo("gzip");
        assertThat(decoded(answer)).isEqualTo(PAGE);
    }

    @Test
    void whatTheOriginCompressedOrForbidsToTouchPassesAsItIs() throws Exception {
        origin.on("/deflated", html("Content-Encoding", "deflate", "ETag", "\"1\"", "Cache-Control", "max-age=60"));
        origin.on("/untouchable", html("Cache-Control", "max-age=60, no-transform"));
        origin.on("/plain/page", html("Cache-Control", "max-age=60"));
        origin.on("/disabled/page", html());

        var deflated = edge.get("/deflated", "Accept-Encoding", "br");
        assertThat(header(deflated, "Content-Encoding")).isEqualTo("deflate");
        assertThat(header(deflated, "ETag")).isEqualTo("\"1\"");
        for (var path : List.of("/untouchable", "/plain/page", "/disabled/page")) {
            var answer = edge.get(path, "Accept-Encoding", "br");
            assertThat(header(answer, "Content-Encoding")).as(path).isNull();
            assertThat(decoded(answer)).isEqualTo(PAGE);
        }
    }

    @Test
    void anHttp10ViewerGetsItPlain() throws Exception {
        origin.on("/page", html("Cache-Control", "max-age=60"));

        var answer = edge.raw("GET /page HTTP/1.0\r\nHost: localhost\r\nAccept-Encoding: br, gzip\r\n\r\n");

        assertThat(answer).doesNotContain("Content-Encoding").endsWith(PAGE);
    }

    @Test
    void aBodyThatBreaksOffIsNeverStoredAndNeverLooksWhole() throws Exception {
        var served = new AtomicInteger();
        try (var unreliable = new BareOrigin(socket -> breakOff(socket, served))) {
            edge.close();
            edge = new RunningEdge(folder, configuration(unreliable.port()), clock);
            var request = "GET /half HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: br\r\n\r\n";

            for (int round = 1; round <= 2; round++) {
                assertThat(edge.raw(request))
                        .startsWith("HTTP/1.1 200 OK")
                        .containsIgnoringCase("content-encoding: br")
                        .doesNotContain("\r\n0\r\n");
                assertThat(served).hasValue(round);
            }
        }
    }

    /// Says half of what it announces.
    private static void breakOff(Socket socket, AtomicInteger served) throws IOException {
        BareOrigin.head(socket.getInputStream());
        served.incrementAndGet();
        var answer = "HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Type: text/html\r\n"
                + "Content-Length: 100000\r\n\r\n"
                + PAGE;
        socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
    }

    private static Say html(String... headers) {
        var all = new String[headers.length + 2];
        System.arraycopy(headers, 0, all, 2, headers.length);
        all[0] = "Content-Type";
        all[1] = "text/html; charset=utf-8";
        return Say.ok(PAGE, all);
    }

    private static @Nullable String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse(null);
    }

    private static String decoded(HttpResponse<byte[]> answer) throws IOException {
        var in = new ByteArrayInputStream(answer.body());
        var coding = answer.headers().firstValue("Content-Encoding").orElse("identity");
        try (var plain = switch (coding) {
            case "br" -> new BrotliInputStream(in);
            case "gzip" -> new GZIPInputStream(in);
            default -> in;
        }) {
            return new String(plain.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String configuration(int originPort) {
        return """
                {"distributions": [{"name": "demo", "enabled": true, "aliases": ["localhost", "127.0.0.1"],
                  "origins": [{"id": "site", "domainName": "127.0.0.1", "httpPort": %d,
                    "originProtocolPolicy": "http-only"}],
                  "defaultCacheBehavior": {"targetOriginId": "site", "compress": true, "cachePolicyId": "both"},
                  "cacheBehaviors": [
                    {"pathPattern": "/plain/*", "targetOriginId": "site", "cachePolicyId": "both"},
                    {"pathPattern": "/disabled/*", "targetOriginId": "site", "compress": true,
                      "cachePolicyId": "CachingDisabled"}]}],
                 "cachePolicies": [{"id": "both", "name": "both", "minTTL": 0, "defaultTTL": 60, "maxTTL": 600,
                   "enableAcceptEncodingGzip": true, "enableAcceptEncodingBrotli": true}]}
                """.formatted(originPort);
    }
}

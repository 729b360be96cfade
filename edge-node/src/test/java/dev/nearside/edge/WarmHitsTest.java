package dev.nearside.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.nearside.edge.ScriptedOrigin.Say;
import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A request that comes byte for byte as before gets by the short way what it would get by the long one.
///
/// The measure is a request that differs in a field that means nothing, and so always takes the long way.
class WarmHitsTest {

    private static final Pattern ID = Pattern.compile("(?i)(X-Nearside-Id: )[^\r]+");
    private static final Pattern LENGTH = Pattern.compile("(?i)\r\nContent-Length: (\\d+)\r\n");

    /// So often that the last ones take the short way: the first is a miss, the second makes its bytes familiar.
    private static final int OFTEN = 6;

    @TempDir
    Path folder;

    @AutoClose
    private final ScriptedOrigin origin = new ScriptedOrigin();

    private final HandMovedClock clock = new HandMovedClock();

    @AutoClose
    private RunningEdge edge;

    private int odd;

    @BeforeEach
    void start() throws IOException {
        edge = new RunningEdge(folder, configuration("plain"), clock);
        origin.on(
                "/page",
                asked -> Future.succeededFuture(
                        asked.headers().has("If-None-Match")
                                ? Say.status(304, "ETag", "\"1\"", "Cache-Control", "max-age=60")
                                : Say.ok(
                                        "0123456789",
                                        "ETag",
                                        "\"1\"",
                                        "Cache-Control",
                                        "max-age=60",
                                        "X-Text",
                                        "gr\u00fc\u00df dich")));
    }

    private String configuration(String policy) {
        return """
                {"distributions": [{"name": "demo", "enabled": true, "aliases": ["a.example"],
                  "defaultRootObject": "page", "origins": [{"id": "site", "domainName": "127.0.0.1", "httpPort": %d,
                    "originProtocolPolicy": "http-only"}],
                  "defaultCacheBehavior": {"targetOriginId": "site", "responseHeadersPolicyId": "%s",
                    "allowedMethods": ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"],
                    "cachePolicyId": "CachingOptimized"}}],
                 "responseHeadersPolicies": [
                  {"id": "plain", "name": "plain",
                   "corsConfig": {"accessControlAllowOrigins": ["https://*.example.org"],
                     "accessControlAllowHeaders": ["*"], "accessControlAllowMethods": ["GET"],
                     "accessControlAllowCredentials": false, "originOverride": true}},
                  {"id": "other", "name": "other", "customHeadersConfig":
                    [{"header": "X-Other", "value": "yes", "override": true}]}]}
                """.formatted(origin.port(), policy);
    }

    private static String get(String path, String... fields) {
        return request("GET", path, fields);
    }

    private static String request(String method, String path, String... fields) {
        return method + " " + path + " HTTP/1.1\r\nHost: a.example\r\n"
                + String.join(
                        "",
                        List.of(fields).stream().map(field -> field + "\r\n").toList()) + "\r\n";
    }

    /// The same request in other bytes.
    private String byTheLongWay(String request) {
        return request.replace("\r\n\r\n", "\r\nX-Odd: " + odd++ + "\r\n\r\n");
    }

    /// One connection that is kept.
    private final class Connection implements AutoCloseable {
        private final Socket socket;

        Connection() throws IOException {
            socket = edge.connect();
        }

        void send(String bytes) throws IOException {
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
        }

        String ask(String request) throws IOException {
            send(request);
            return answer(!request.startsWith("HEAD "));
        }

        /// The next answer, without what tells requests apart.
        String answer(boolean mayHaveBody) throws IOException {
            var bytes = new ByteArrayOutputStream();
            while (!bytes.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) bytes.write(next());
            var head = bytes.toString(StandardCharsets.ISO_8859_1);
            var length = LENGTH.matcher(head);
            var body = "";
            if (mayHaveBody && length.find()) {
                var rest = socket.getInputStream().readNBytes(Integer.parseInt(length.group(1)));
                body = new String(rest, StandardCharsets.ISO_8859_1);
            }
            return ID.matcher(head).replaceFirst("$1…") + body;
        }

        int next() throws IOException {
            int next = socket.getInputStream().read();
            if (next < 0) throw new IOException("closed");
            return next;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Accept-Encoding: br, gzip|User-Agent: somebody",
                "Range: bytes=2-5",
                "Range: bytes=-3|If-Range: \"1\"",
                "Range: bytes=1-2,5-6",
                "Range: bytes=20-",
                "If-None-Match: \"1\"",
                "If-None-Match: \"2\"",
                "If-Modified-Since: Thu, 01 Jan 2099 00:00:00 GMT",
                "Origin: https://www.example.org",
                "Origin: https://www.example.com",
                "Cookie: a=b|X-Forwarded-For: 1.2.3.4|CloudFront-Viewer-Country: DE",
                "Connection: keep-alive"
            })
    void bothWaysLeadToTheSame(String fields) throws Exception {
        var more = fields.isEmpty() ? new String[0] : fields.split("\\|", -1);
        try (var connection = new Connection()) {
            for (var method : List.of("GET", "HEAD")) {
                var request = request(method, "/page", more);
                connection.ask(get("/page", more));
                connection.ask(get("/page"));
                for (int i = 0; i < OFTEN; i++) {
                    clock.pass(Duration.ofMillis(1_700));
                    // It has several parts, each time with another text between them.
                    boolean same = !fields.contains(",5-6");
                    var shortWay = connection.ask(request);
                    var longWay = connection.ask(byTheLongWay(request));
                    if (same) assertThat(shortWay).isEqualTo(longWay);
                    else assertThat(shortWay).hasSameSizeAs(longWay);
                }
            }
        }
        assertThat(origin.trips("/page")).hasSize(fields.contains("gzip") ? 2 : 1);
    }

    @Test
    void aDateOfOursGoesOn() throws Exception {
        origin.on("/dated", Say.ok("x", "Date", "Thu, 01 Jan 2026 00:00:00 GMT", "Cache-Control", "max-age=999999999"));
        try (var connection = new Connection()) {
            for (var path : List.of("/page", "/dated")) {
                for (int i = 0; i < OFTEN; i++) {
                    clock.pass(Duration.ofSeconds(2));
                    var request = get(path);
                    var shortWay = connection.ask(request);
                    if (i > 0) assertThat(shortWay).isEqualTo(connection.ask(byTheLongWay(request)));
                }
            }
        }
    }

    @Test
    void lifeEndsInTime() throws Exception {
        try (var connection = new Connection()) {
            for (int i = 0; i < OFTEN; i++) connection.ask(get("/page"));
            clock.pass(Duration.ofSeconds(59));
            assertThat(connection.ask(get("/page")))
                    .contains("; hit; ttl=1\r\n")
                    .contains("\r\nAge: 59\r\n");
            clock.pass(Duration.ofSeconds(1));
            assertThat(connection.ask(get("/page"))).contains("fwd=stale").contains("RefreshHit from nearside");
            for (int i = 0; i < OFTEN; i++) {
                assertThat(connection.ask(get("/page")))
                        .contains("\r\nAge: 0\r\n")
                        .contains("; hit; ttl=60\r\n");
            }
        }
        assertThat(origin.trips("/page")).hasSize(2);
    }

    @Test
    void whatARequestChangesIsBroughtAnew() throws Exception {
        try (var connection = new Connection()) {
            for (int i = 0; i < OFTEN; i++) connection.ask(get("/page"));
            origin.on("/page", Say.ok("changed", "Cache-Control", "max-age=60"));

            assertThat(connection.ask(request("POST", "/page", "Content-Length: 0")))
                    .endsWith("changed");

            assertThat(connection.ask(get("/page")))
                    .contains("Miss from nearside")
                    .endsWith("changed");
            for (int i = 0; i < OFTEN; i++) {
                assertThat(connection.ask(get("/page")))
                        .contains("Hit from nearside")
                        .endsWith("changed");
            }
        }
    }

    @Test
    void aNewSnapshotHoldsAtOnce() throws Exception {
        try (var connection = new Connection()) {
            for (int i = 0; i < OFTEN; i++) connection.ask(get("/page"));
            assertThat(connection.ask(get("/page"))).doesNotContain("X-Other");

            edge.configure(configuration("other"));

            await().untilAsserted(() ->
                    assertThat(connection.ask(byTheLongWay(get("/page")))).contains("X-Other: yes"));
            for (int i = 0; i < OFTEN; i++) {
                assertThat(connection.ask(get("/page")))
                        .contains("X-Other: yes")
                        .contains("Hit from nearside");
            }
        }
    }

    /// However a client's bytes are cut, each request gets its answer, in order.
    @Test
    void requestsMayComeInAnyPieces() throws Exception {
        var release = Promise.<Say>promise();
        origin.on("/slow", _ -> release.future());
        try (var connection = new Connection()) {
            var request = get("/page");
            for (int i = 0; i < OFTEN; i++) connection.ask(request);
            for (int cut = 1; cut < request.length(); cut += 7) {
                connection.send(request.substring(0, cut));
                await().pollDelay(Duration.ofMillis(2)).until(() -> true);
                connection.send(request.substring(cut));
                assertThat(connection.answer(true))
                        .contains("Hit from nearside")
                        .endsWith("0123456789");
            }
            connection.send(request + request + request);
            for (int i = 0; i < 3; i++) assertThat(connection.answer(true)).endsWith("0123456789");

            connection.send(get("/slow"));
            await().until(() -> origin.trips("/slow").size() == 1);
            connection.send(request);
            release.complete(Say.ok("slow"));
            assertThat(connection.answer(true)).endsWith("slow");
            assertThat(connection.answer(true)).endsWith("0123456789");

            connection.send(request("POST", "/page", "Content-Length: " + request.length()) + request);
            assertThat(connection.answer(true)).contains("Miss from nearside");
        }
    }

    /// What is no plain line of a GET is left to the strict decoder.
    @ParameterizedTest
    @CsvSource(
            ignoreLeadingAndTrailingWhitespace = false,
            delimiter = '|',
            value = {
                "GET / HTTP/1.1|16",
                "GET /a%20b;c?d=e&f HTTP/1.1|29",
                "GET  / HTTP/1.1|0",
                " GET / HTTP/1.1|0",
                "GET /\u0001 HTTP/1.1|0",
                "GET / HTTP/1.1 |0",
                "GET / HTTP/1.0|0",
                "GET / HTTP/1.10|0",
                "GET /  HTTP/1.1|0",
                "GET /a b HTTP/1.1|0",
                "GET /#a HTTP/1.1|0",
                "GET /\u00fc HTTP/1.1|0",
                "GET http://a.example/ HTTP/1.1|0",
                "GET * HTTP/1.1|0",
                "GET /|0",
                "GET / HTTP/1.1$|0",
                "get / HTTP/1.1|0",
                "HEAD / HTTP/1.1|0",
                "POST / HTTP/1.1|0",
                "$GET / HTTP/1.1|0"
            })
    void onlyPlainRequestLinesAreRead(String written, int length) {
        var line = written.replace("$", "\n");
        for (var behind : List.of("\r\n", "\r\n\r\n", "\r\nHost: a.example\r\n\r\n")) {
            var head = Unpooled.copiedBuffer("xx" + line + behind, StandardCharsets.ISO_8859_1);
            assertThat(WarmHits.requestLine(head.skipBytes(2))).isEqualTo(length);
        }
        assertThat(WarmHits.requestLine(Unpooled.copiedBuffer(line + "\n", StandardCharsets.ISO_8859_1)))
                .isZero();
        assertThat(WarmHits.requestLine(Unpooled.copiedBuffer(line, StandardCharsets.ISO_8859_1)))
                .isZero();
    }

    /// Field lines that are known tell nothing of what is asked for.
    @Test
    void theSameFieldLinesMayAskForAnything() throws Exception {
        try (var connection = new Connection()) {
            for (int i = 0; i < 3 * OFTEN; i++) {
                origin.on("/" + i, Say.ok("body " + i, "Cache-Control", "max-age=60"));
                for (int again = 0; again < 2; again++) {
                    assertThat(connection.ask(get("/" + i + "?any=" + again)))
                            .contains(again == 0 ? "\r\nX-Cache: Miss" : "\r\nX-Cache: Hit")
                            .endsWith("\r\n\r\nbody " + i);
                }
                assertThat(connection.ask(get("/" + i + "\u00fc"))).startsWith("HTTP/1.1 404 ");
                assertThat(connection.ask(request("HEAD", "/" + i))).endsWith("\r\n\r\n");
            }
            connection.send("GET /1#2 HTTP/1.1\r\nHost: a.example\r\n\r\n");
            assertThat(connection.answer(true)).startsWith("HTTP/1.1 400 ");
        }
    }

    @Test
    void whoWantsNoMoreGetsNoMore() throws Exception {
        var request = get("/page", "Connection: close");
        for (int i = 0; i < OFTEN; i++) {
            try (var connection = new Connection()) {
                connection.send(request);
                assertThat(connection.answer(true)).containsIgnoringCase("\r\nConnection: close\r\n");
                assertThat(connection.socket.getInputStream().read()).isEqualTo(-1);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4_096, 4_097, 100_000})
    void bodiesOfAnyLengthArriveWhole(int length) throws Exception {
        var body = "abcdefghij".repeat(length / 10 + 1).substring(0, length);
        origin.on("/sized", Say.ok(body, "Cache-Control", "max-age=60"));
        try (var connection = new Connection()) {
            for (int i = 0; i < OFTEN; i++)
                assertThat(connection.ask(get("/sized"))).endsWith("\r\n\r\n" + body);
            for (int i = 0; i < OFTEN && length > 100; i++) {
                assertThat(connection.ask(get("/sized", "Range: bytes=7-" + (length - 2))))
                        .startsWith("HTTP/1.1 206 ")
                        .endsWith("\r\n\r\n" + body.substring(7, length - 1));
            }
        }
    }

    @Test
    void eachOneIsCountedAndLogged() throws Exception {
        var ports = new ArrayList<String>();
        for (int viewer = 0; viewer < 2; viewer++) {
            try (var connection = new Connection()) {
                ports.add(Integer.toString(connection.socket.getLocalPort()));
                for (int i = 0; i < OFTEN; i++) connection.ask(get("/page"));
            }
        }
        await().untilAsserted(() -> assertThat(edge.logged()).hasSize(2 * OFTEN));
        var lines = edge.logged().stream().map(line -> line.split("\t", -1)).toList();
        assertThat(lines).extracting(line -> line[14]).doesNotHaveDuplicates();
        for (var port : ports)
            assertThat(lines).filteredOn(line -> line[26].equals(port)).hasSize(OFTEN);
        assertThat(lines.subList(1, lines.size())).allSatisfy(line -> {
            var same = lines.get(1).clone();
            // Who asked, and how long it took.
            for (int own : new int[] {14, 18, 26, 27}) same[own] = line[own];
            assertThat(line).isEqualTo(same);
        });
    }

    /// What stands in for the root is nothing that a viewer has asked for.
    @Test
    void theLogTellsWhatWasAskedFor() throws Exception {
        try (var connection = new Connection()) {
            for (int i = 0; i < OFTEN; i++) assertThat(connection.ask(get("/"))).endsWith("0123456789");
        }
        await().untilAsserted(() -> assertThat(edge.logged()).hasSize(OFTEN));
        assertThat(edge.logged())
                .allSatisfy(line -> assertThat(line.split("\t", -1)[7]).isEqualTo("/"));
    }

    /// More than fits into the buffers of both ends.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whoSendsNoMoreGetsAllOfALongBody(boolean byTheLongWay) throws Exception {
        edge.close();
        edge = new RunningEdge(folder, configuration("plain"), clock, node -> node.caching(512, 64));
        int length = 12 << 20;
        origin.on("/big", Say.ok("x".repeat(length), "Cache-Control", "max-age=60"));
        try (var connection = new Connection()) {
            for (int i = 0; i < OFTEN; i++) connection.ask(get("/big"));
        }
        for (int i = 0; i < OFTEN; i++) {
            try (var connection = new Connection()) {
                connection.send(byTheLongWay ? byTheLongWay(get("/big")) : get("/big"));
                connection.socket.shutdownOutput();
                // One that does not read yet.
                await().pollDelay(Duration.ofMillis(200)).until(() -> true);
                assertThat(connection.answer(true)).hasSizeGreaterThan(length);
            }
        }
    }
}

package dev.nearside.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.nearside.edge.RawHttp2.Ending;
import dev.nearside.edge.accept.Certificates;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// TLS and HTTP/2 to viewers, with a viewer that keeps to the rules and one that does not.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class Http2Test {

    private Path folder;
    private RecordingOrigin origin;
    private Edge edge;
    private Vertx vertx;
    private HttpClientAgent client;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        this.folder = folder;
        origin = new RecordingOrigin();
        Files.writeString(folder.resolve("nearside.json"), """
                {"distributions": [{"name": "demo", "enabled": true,
                  "aliases": ["a.example", "b.example", "x.wild.example", "localhost"],
                  "origins": [{"id": "site", "domainName": "127.0.0.1", "httpPort": %d, "originProtocolPolicy": "http-only"}],
                  "cacheBehaviors": [{"pathPattern": "/moved/*", "targetOriginId": "site",
                    "viewerProtocolPolicy": "redirect-to-https", "cachePolicyId": "CachingDisabled"},
                   {"pathPattern": "/strict/*", "targetOriginId": "site",
                    "viewerProtocolPolicy": "https-only", "cachePolicyId": "CachingDisabled"}],
                  "defaultCacheBehavior": {"targetOriginId": "site",
                    "allowedMethods": ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"],
                    "cachePolicyId": "CachingDisabled", "originRequestPolicyId": "AllViewer"}}]}
                """.formatted(origin.port()));
        var first = PemFiles.write(folder, "a", 100, "a.example", "*.wild.example");
        var second = PemFiles.write(folder, "b", 200, "b.example");
        edge = start(folder, List.of(first, second));
        vertx = Vertx.vertx();
        client = vertx.createHttpClient(new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setUseAlpn(true)
                .setSsl(true)
                .setTrustAll(true)
                .setVerifyHost(false)
                .setForceSni(true));
    }

    static Edge start(Path folder, List<Certificates.Pair> certificates) throws IOException {
        return SmallNode.in(folder)
                .secure(certificates, Duration.ofMillis(100))
                .finishingWithin(Duration.ofSeconds(2))
                .start();
    }

    @BeforeEach
    void forget() {
        origin.forget();
    }

    @AfterAll
    void stop() throws IOException {
        client.close().await();
        vertx.close().await();
        edge.close();
        origin.close();
    }

    /// What a viewer got.
    private record Got(int status, HttpVersion version, String body, Optional<String> location) {}

    private Got ask(HttpMethod method, String host, String path, Buffer... body) {
        var options = new RequestOptions()
                .setMethod(method)
                .setServer(SocketAddress.inetSocketAddress(edge.securePort(), "127.0.0.1"))
                .setHost(host)
                .setPort(edge.securePort())
                .setURI(path);
        return client.request(options)
                // Inside, or a body that comes before anybody asks for it is lost.
                .compose(request -> sent(request, body).compose(Http2Test::got))
                .await();
    }

    private static Future<HttpClientResponse> sent(HttpClientRequest request, Buffer... body) {
        if (body.length == 0) return request.send();
        for (var piece : body) request.write(piece);
        request.end();
        return request.response();
    }

    private static Future<Got> got(HttpClientResponse response) {
        return response.body()
                .map(text -> new Got(
                        response.statusCode(),
                        response.version(),
                        text.toString(),
                        Optional.ofNullable(response.getHeader("Location"))));
    }

    @Test
    void http2IsSpokenOverTls() {
        var got = ask(HttpMethod.GET, "a.example", "/page?a=1");

        assertThat(got.status()).isEqualTo(200);
        assertThat(got.version()).isEqualTo(HttpVersion.HTTP_2);
        assertThat(got.body()).isEqualTo("/page?a=1");
        assertThat(origin.seen()).hasSize(1);
        assertThat(origin.seen().getFirst().field("Host"))
                .hasValueSatisfying(host -> assertThat(host).startsWith("a.example"));
        assertThat(origin.seen().getFirst().field("Via")).contains("2.0 edge (nearside)");
    }

    @Test
    void aBodyNeedsNoLength() {
        assertThat(ask(HttpMethod.POST, "a.example", "/form", Buffer.buffer("hello "), Buffer.buffer("world"))
                        .status())
                .isEqualTo(200);
        assertThat(ask(HttpMethod.POST, "a.example", "/form").status()).isEqualTo(200);
        assertThat(origin.seen()).extracting(RecordingOrigin.Seen::body).containsExactly("hello world", "");
    }

    @Test
    void whoComesByTlsNeedNotBeSentThere() throws IOException {
        assertThat(ask(HttpMethod.GET, "a.example", "/moved/x").status()).isEqualTo(200);
        assertThat(ask(HttpMethod.GET, "a.example", "/strict/x").status()).isEqualTo(200);
        assertThat(clear("/moved/x?a=1"))
                .startsWith("HTTP/1.1 301 ")
                .contains("\r\nLocation: https://a.example/moved/x?a=1\r\n");
        assertThat(clear("/strict/x")).startsWith("HTTP/1.1 403 ");
    }

    private String clear(String path) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), edge.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    @Test
    void http11IsSpokenToWhoWantsIt() throws IOException {
        for (var protocols : List.of(new String[] {"http/1.1"}, new String[0])) {
            assertThat(overTls(Optional.of("a.example"), "a.example", protocols))
                    .startsWith("HTTP/1.1 200 ");
        }
    }

    private String overTls(Optional<String> named, String host, String... protocols) throws IOException {
        try (var socket = RawHttp2.tls(edge.securePort(), named, protocols)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write(("GET /page HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    @Test
    void everyHostIsShownItsOwnCertificate() throws IOException {
        assertThat(shown(Optional.of("a.example"))).isEqualTo("CN=a.example");
        assertThat(shown(Optional.of("x.wild.example"))).isEqualTo("CN=a.example");
        assertThat(shown(Optional.of("b.example"))).isEqualTo("CN=b.example");
        assertThat(shown(Optional.of("unknown.example"))).isEqualTo("CN=a.example");
        assertThat(shown(Optional.empty())).isEqualTo("CN=a.example");
    }

    private String shown(Optional<String> named) throws IOException {
        return certificate(named).getSubjectX500Principal().getName();
    }

    private X509Certificate certificate(Optional<String> named) throws IOException {
        try (var socket = RawHttp2.tls(edge.securePort(), named)) {
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        }
    }

    @Test
    void aHostThatTheCertificateDoesNotCoverIsMisdirected() throws IOException {
        assertThat(overTls(Optional.of("a.example"), "b.example")).startsWith("HTTP/1.1 421 ");
        assertThat(overTls(Optional.of("a.example"), "x.wild.example")).startsWith("HTTP/1.1 200 ");
        assertThat(overTls(Optional.of("b.example"), "b.example")).startsWith("HTTP/1.1 200 ");
        assertThat(overTls(Optional.empty(), "b.example")).startsWith("HTTP/1.1 200 ");
        try (var viewer = new RawHttp2(edge.securePort(), "a.example")) {
            viewer.get(1, "b.example", "/page");
            assertThat(viewer.ending(1))
                    .isInstanceOfSatisfying(
                            Ending.Answered.class,
                            answered -> assertThat(answered.status()).isEqualTo(421));
            viewer.get(3, "a.example", "/page");
            assertThat(viewer.ending(3)).isEqualTo(new Ending.Answered(200, "/page"));
        }
    }

    @Test
    void changedCertificatesAreShownWithoutARestart() throws Exception {
        var before = certificate(Optional.of("b.example"));

        Files.writeString(folder.resolve("b.crt"), "nonsense");
        assertThat(certificate(Optional.of("b.example"))).isEqualTo(before);
        PemFiles.write(folder, "b", 300, "b.example");

        await().untilAsserted(
                        () -> assertThat(certificate(Optional.of("b.example"))).isNotEqualTo(before));
        assertThat(shown(Optional.of("a.example"))).isEqualTo("CN=a.example");
        try (var management = new Socket(InetAddress.getLoopbackAddress(), edge.managementPort())) {
            management.getOutputStream().write("GET /metrics HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(management.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .containsPattern(
                            "nearside_certificate_expiry_seconds\\{certificate=\"[^\"]*/a.crt\"} 8[56]\\d{5}\n")
                    .containsPattern("nearside_certificate_expiry_seconds\\{certificate=\"[^\"]*/b.crt\"} 259\\d{5}\n");
        }
    }

    @Test
    void aPairThatCannotBeUsedIsRefusedAtTheStart() throws IOException {
        var other = PemFiles.write(folder, "c", 10, "c.example");
        var missing = new Certificates.Pair(folder.resolve("gone.crt"), folder.resolve("gone.key"));
        var mixed = new Certificates.Pair(folder.resolve("a.crt"), other.key());
        Files.writeString(folder.resolve("bad.crt"), "nonsense");
        var bad = new Certificates.Pair(folder.resolve("bad.crt"), other.key());

        for (var pair : List.of(missing, mixed, bad)) {
            assertThatThrownBy(() -> Certificates.open(vertx, List.of(pair)))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("--certificate: " + pair.certificate())
                    .hasMessageContaining("(expected: a PEM ");
        }
    }

    @Test
    void oldTlsIsNotSpoken() throws IOException {
        assertThat(hello(0x03)).as("a handshake").isEqualTo(0x16);
        assertThat(hello(0x02)).as("an alert").isEqualTo(0x15);
        assertThat(hello(0x01)).as("an alert").isEqualTo(0x15);
    }

    /// Greets as a viewer who knows TLS 1.x at the most (RFC 5246, section 7.4.1.2).
    ///
    /// @return the kind of record that comes back
    private int hello(int minor) throws IOException {
        var body = HexFormat.of()
                .parseHex("03%02x".formatted(minor) + "07".repeat(32) + "00" // version, random, session
                        + "0004c02bc009" + "0100" // ciphers, no compression
                        + "001a" + "000a000400020017" + "000b00020100" + "000d0008000604030503"
                        + "0203"); // P-256, ECDSA
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), edge.securePort())) {
            socket.setSoTimeout(10_000);
            var hello = ByteBuffer.allocate(9 + body.length)
                    .put(new byte[] {0x16, 3, 1})
                    .putShort((short) (body.length + 4))
                    .putInt(0x01000000 | body.length)
                    .put(body);
            socket.getOutputStream().write(hello.array());
            return socket.getInputStream().read();
        }
    }

    static Stream<Arguments> malformed() {
        return Stream.of(
                row("a name in capitals", true, "A", "1"),
                row("Connection", true, "connection", "close"),
                row("Keep-Alive", true, "keep-alive", "1"),
                row("Proxy-Connection", true, "proxy-connection", "close"),
                row("Transfer-Encoding", true, "transfer-encoding", "chunked"),
                row("Upgrade", true, "upgrade", "h2c"),
                row("TE but trailers", true, "te", "gzip"),
                row("a name with a space", true, "a b", "1"),
                row("a name with a colon", true, "a:b", "1"),
                row("an empty name", true, "", "1"),
                row("a line break in a value", true, "a", "1\r\nb: 2"),
                row("NUL in a value", true, "a", "1\u00002"),
                row("a line feed in a value", true, "a", "1\n2"),
                row("two lengths", false, "content-length", "5", "content-length", "6"),
                row("a length with a plus", false, "content-length", "+5"),
                row("a length that is none", false, "content-length", "five"),
                row("another Host", true, "host", "b.example"),
                row("two Hosts", true, "host", "a.example", "host", "b.example"),
                row("a pseudo-field behind a field", true, "a", "1", ":path", "/other"),
                row("an unknown pseudo-field", true, ":protocol", "websocket"),
                row("a pseudo-field of answers", true, ":status", "200"));
    }

    private static Arguments row(String what, boolean ends, String... more) {
        return Arguments.of(what, ends, more);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("malformed")
    void aMalformedHeadReachesNoOrigin(String what, boolean ends, String[] more) throws IOException {
        var plain = List.of(
                ":method", ends ? "GET" : "POST", ":scheme", "https", ":authority", "a.example", ":path", "/page");
        try (var viewer = new RawHttp2(edge.securePort(), "a.example")) {
            viewer.headers(
                    1, ends, Stream.concat(plain.stream(), Stream.of(more)).toArray(String[]::new));
            if (!ends) viewer.data(1, true, "hello");
            refused(viewer, 1);
        }
    }

    static Stream<Arguments> targets() {
        return Stream.of(
                Arguments.of("no path", new String[] {":method", "GET", ":scheme", "https", ":authority", "a.example"}),
                Arguments.of(
                        "an empty path",
                        new String[] {":method", "GET", ":scheme", "https", ":authority", "a.example", ":path", ""}),
                Arguments.of(
                        "no method", new String[] {":scheme", "https", ":authority", "a.example", ":path", "/page"}),
                Arguments.of("no scheme", new String[] {":method", "GET", ":authority", "a.example", ":path", "/page"}),
                Arguments.of("no host", new String[] {":method", "GET", ":scheme", "https", ":path", "/page"}),
                Arguments.of("a user", new String[] {
                    ":method", "GET", ":scheme", "https", ":authority", "me@a.example", ":path", "/page"
                }),
                Arguments.of("a host with a path", new String[] {
                    ":method", "GET", ":scheme", "https", ":authority", "a.example/x", ":path", "/page"
                }),
                Arguments.of("two paths", new String[] {
                    ":method", "GET", ":scheme", "https", ":authority", "a.example", ":path", "/page", ":path", "/other"
                }),
                Arguments.of("a path with a space", new String[] {
                    ":method", "GET", ":scheme", "https", ":authority", "a.example", ":path", "/page HTTP/1.1"
                }),
                Arguments.of("a path with a line break", new String[] {
                    ":method", "GET", ":scheme", "https", ":authority", "a.example", ":path", "/page\r\na: 1"
                }),
                Arguments.of("a path without a slash", new String[] {
                    ":method", "GET", ":scheme", "https", ":authority", "a.example", ":path", "page"
                }),
                Arguments.of("a fragment", new String[] {
                    ":method", "GET", ":scheme", "https", ":authority", "a.example", ":path", "/page#top"
                }),
                Arguments.of("a method with a space", new String[] {
                    ":method", "GET /x", ":scheme", "https", ":authority", "a.example", ":path", "/page"
                }),
                Arguments.of("asterisk", new String[] {
                    ":method", "OPTIONS", ":scheme", "https", ":authority", "a.example", ":path", "*"
                }),
                Arguments.of("CONNECT", new String[] {":method", "CONNECT", ":authority", "a.example:443"}));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("targets")
    void aMalformedTargetReachesNoOrigin(String what, String[] head) throws IOException {
        try (var viewer = new RawHttp2(edge.securePort(), "a.example")) {
            viewer.headers(1, true, head);
            refused(viewer, 1);
        }
    }

    /// A 400-class answer, the end of the stream or that of the connection.
    private void refused(RawHttp2 viewer, int stream) throws IOException {
        switch (viewer.ending(stream)) {
            case Ending.Answered(var status, var _) -> assertThat(status).isBetween(400, 499);
            case Ending.Reset _, Ending.GoneAway _ -> {}
        }
        assertThat(origin.seen()).isEmpty();
        assertThat(origin.breaches()).isEmpty();
    }

    @Test
    void aBodyOfAnotherLengthReachesNoOriginAsAWhole() throws IOException {
        for (var body : List.of("hell", "hello!")) {
            try (var viewer = new RawHttp2(edge.securePort(), "a.example")) {
                viewer.headers(
                        1,
                        false,
                        ":method",
                        "POST",
                        ":scheme",
                        "https",
                        ":authority",
                        "a.example",
                        ":path",
                        "/form",
                        "content-length",
                        "5");
                viewer.data(1, true, body);
                refused(viewer, 1);
            }
        }
        await().until(() -> origin.began() == origin.brokenOff());
        assertThat(origin.seen()).isEmpty();
    }

    @Test
    void aGetWithABodyIsForbidden() throws IOException {
        try (var viewer = new RawHttp2(edge.securePort(), "a.example")) {
            viewer.headers(1, false, ":method", "GET", ":scheme", "https", ":authority", "a.example", ":path", "/page");
            viewer.data(1, true, "hello");
            assertThat(viewer.ending(1))
                    .isInstanceOfSatisfying(
                            Ending.Answered.class,
                            answered -> assertThat(answered.status()).isEqualTo(403));
            viewer.get(3, "a.example", "/page");
            assertThat(viewer.ending(3)).isEqualTo(new Ending.Answered(200, "/page"));
        }
        assertThat(origin.seen()).hasSize(1);
    }

    @Test
    void aHeadThatIsTooLargeIsRefused() throws IOException {
        try (var viewer = new RawHttp2(edge.securePort(), "a.example")) {
            var block = RawHttp2.block(
                    ":method",
                    "GET",
                    ":scheme",
                    "https",
                    ":authority",
                    "a.example",
                    ":path",
                    "/page",
                    "a",
                    "a".repeat(15_000),
                    "b",
                    "b".repeat(15_000),
                    "c",
                    "c".repeat(15_000));
            viewer.frame(RawHttp2.HEADERS, 1, 1, java.util.Arrays.copyOfRange(block, 0, 16_000));
            viewer.frame(RawHttp2.CONTINUATION, 0, 1, java.util.Arrays.copyOfRange(block, 16_000, 32_000));
            viewer.frame(RawHttp2.CONTINUATION, 4, 1, java.util.Arrays.copyOfRange(block, 32_000, block.length));
            refused(viewer, 1);
        }
    }

    @Test
    void aHeadInEndlessPiecesEndsTheConnection() throws IOException {
        try (var viewer = new RawHttp2(edge.securePort(), "a.example")) {
            viewer.frame(RawHttp2.HEADERS, 1, 1, RawHttp2.block(":method", "GET"));
            for (int i = 0; i < 10_000; i++) viewer.frame(RawHttp2.CONTINUATION, 0, 1, new byte[0]);
            assertThat(viewer.ending(1)).isEqualTo(new Ending.GoneAway());
        } catch (IOException _) {
            // ended while we were still writing
        }
        assertThat(ask(HttpMethod.GET, "a.example", "/page").status()).isEqualTo(200);
    }
}

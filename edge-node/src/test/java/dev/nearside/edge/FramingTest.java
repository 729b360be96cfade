package dev.nearside.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
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

/// Every request ends in one error and a closed connection, or in one request that the origin cannot misunderstand.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FramingTest {

    private static final String GET = "GET /page HTTP/1.1\r\n";
    private static final String POST = "POST /form HTTP/1.1\r\nHost: localhost\r\n";
    private static final String CHUNKED = POST + "Transfer-Encoding: chunked\r\n\r\n";
    /// What a smuggler hopes for: a second request, hidden in the first.
    private static final String SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n";

    private RecordingOrigin origin;
    private RunningEdge edge;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        origin = new RecordingOrigin();
        edge = new RunningEdge(folder, """
                {"distributions": [{"name": "demo", "enabled": true, "aliases": ["localhost"],
                  "origins": [{"id": "site", "domainName": "127.0.0.1", "httpPort": %d, "originProtocolPolicy": "http-only"}],
                  "defaultCacheBehavior": {"targetOriginId": "site",
                    "allowedMethods": ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"],
                    "cachePolicyId": "CachingDisabled", "originRequestPolicyId": "AllViewer"}}]}
                """.formatted(origin.port()));
    }

    @BeforeEach
    void forget() {
        origin.forget();
    }

    @AfterAll
    void stop() throws IOException {
        edge.close();
        origin.close();
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                // Content-Length (RFC 9112, section 6.3)
                row("two lengths that differ", 400, POST + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!"),
                row("the same length twice", 400, POST + "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello"),
                row("a list of lengths", 400, POST + "Content-Length: 5, 5\r\n\r\nhello"),
                row("a list of two lengths", 400, POST + "Content-Length: 5,6\r\n\r\nhello"),
                row("a length with a plus", 400, POST + "Content-Length: +5\r\n\r\nhello"),
                row("a length below zero", 400, POST + "Content-Length: -5\r\n\r\nhello"),
                row("a length in hex", 400, POST + "Content-Length: 0x5\r\n\r\nhello"),
                row("a length with a point", 400, POST + "Content-Length: 5.0\r\n\r\nhello"),
                row("no length at all", 400, POST + "Content-Length: \r\n\r\nhello"),
                row("a word for a length", 400, POST + "Content-Length: five\r\n\r\nhello"),
                row("two words for a length", 400, POST + "Content-Length: 5 5\r\n\r\nhello"),
                row("a length beyond all", 400, POST + "Content-Length: 99999999999999999999\r\n\r\nhello"),
                row("a length that wraps", 400, POST + "Content-Length: 18446744073709551621\r\n\r\nhello"),
                row("a length behind a vertical tab", 400, POST + "Content-Length: \u000b5\r\n\r\nhello"),
                row(
                        "two lengths in HTTP/1.0",
                        400,
                        "POST /form HTTP/1.0\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Length: 50\r\n\r\nhello"),
                row(
                        "a list of lengths in HTTP/1.0",
                        400,
                        "POST /form HTTP/1.0\r\nHost: localhost\r\nContent-Length: 5,50\r\n\r\nhello"),
                // Transfer-Encoding (section 6.1)
                row(
                        "length and coding",
                        400,
                        POST + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED),
                row(
                        "coding and length",
                        400,
                        POST + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + SMUGGLED),
                row("chunked twice", 400, POST + "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n"),
                row(
                        "chunked in two lines",
                        400,
                        POST + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                row("gzip in chunks", 400, POST + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
                row(
                        "gzip in chunks, two lines",
                        400,
                        POST + "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                row("chunked, then gzip", 400, POST + "Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n"),
                row("identity", 400, POST + "Transfer-Encoding: identity\r\n\r\n"),
                row("identity and length", 400, POST + "Transfer-Encoding: identity\r\nContent-Length: 5\r\n\r\nhello"),
                row("chunked, then identity", 400, POST + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n"),
                row("an unknown coding", 400, POST + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
                row("a quoted coding", 400, POST + "Transfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n"),
                row("a coding with a parameter", 400, POST + "Transfer-Encoding: chunked;q=1\r\n\r\n0\r\n\r\n"),
                row("a coding behind a comma", 400, POST + "Transfer-Encoding: ,chunked\r\n\r\n0\r\n\r\n"),
                row("no coding at all", 400, POST + "Transfer-Encoding:\r\n\r\n0\r\n\r\n"),
                row("a coding behind a vertical tab", 400, POST + "Transfer-Encoding: \u000bchunked\r\n\r\n0\r\n\r\n"),
                row("white space before the colon", 400, POST + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n"),
                row("a folded coding", 400, POST + "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n"),
                row(
                        "chunks in HTTP/1.0",
                        400,
                        "POST /form HTTP/1.0\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                // chunks (section 7.1)
                row("a chunk without a size", 400, CHUNKED + "\r\nhello\r\n0\r\n\r\n"),
                row("a chunk with a plus", 400, CHUNKED + "+5\r\nhello\r\n0\r\n\r\n"),
                row("a chunk below zero", 400, CHUNKED + "-5\r\nhello\r\n0\r\n\r\n"),
                row("a chunk with 0x", 400, CHUNKED + "0x5\r\nhello\r\n0\r\n\r\n"),
                row("a chunk beyond all", 400, CHUNKED + "fffffffffffffffff\r\nhello\r\n0\r\n\r\n"),
                row("a chunk that wraps", 400, CHUNKED + "10000000000000005\r\nhello\r\n0\r\n\r\n"),
                row("a chunk that is no number", 400, CHUNKED + "g\r\nhello\r\n0\r\n\r\n"),
                row("a chunk that is longer than it says", 400, CHUNKED + "3\r\nhello\r\n0\r\n\r\n"),
                row("a chunk that ends in a bare LF", 400, CHUNKED + "5\r\nhello\n0\r\n\r\n"),
                row("a chunk size that ends in a bare LF", 400, CHUNKED + "5\nhello\r\n0\r\n\r\n"),
                row("a chunk size that ends in a bare CR", 400, CHUNKED + "5\rhello\r\n0\r\n\r\n"),
                row("white space behind a chunk size", 400, CHUNKED + "5 \r\nhello\r\n0\r\n\r\n"),
                row("white space before a chunk size", 400, CHUNKED + " 5\r\nhello\r\n0\r\n\r\n"),
                row("a chunk extension with a bare LF", 400, CHUNKED + "5;a=\nb\r\nhello\r\n0\r\n\r\n"),
                row("a chunk extension with a bare CR", 400, CHUNKED + "5;a\rb\r\nhello\r\n0\r\n\r\n"),
                row("a chunk extension without an end", 400, CHUNKED + "5;" + "a".repeat(20_000) + "\r\nhello\r\n"),
                row("a trailer without a colon", 400, CHUNKED + "0\r\nnonsense\r\n\r\n"),
                row("trailers without an end", 400, CHUNKED + "0\r\nA: " + "a".repeat(40_000) + "\r\n\r\n"),
                // lines and bytes (sections 2.2, 5)
                row("a folded field", 400, GET + "Host: localhost\r\nA: 1\r\n more\r\n\r\n"),
                row("a field folded with a tab", 400, GET + "Host: localhost\r\nA: 1\r\n\tmore\r\n\r\n"),
                row("a folded Host", 400, GET + "Host:\r\n localhost\r\n\r\n"),
                row("white space before the first field", 400, GET + " Host: localhost\r\n\r\n"),
                row("a field that is only white space", 400, GET + "Host: localhost\r\n \r\n\r\n"),
                row("a field that ends in a bare LF", 400, GET + "Host: localhost\nA: 1\r\n\r\n"),
                row("a head that ends in a bare LF", 400, GET + "Host: localhost\r\n\n"),
                row("a request line that ends in a bare LF", 400, "GET /page HTTP/1.1\nHost: localhost\r\n\r\n"),
                row("a bare CR in a value", 400, GET + "Host: localhost\r\nA: 1\rB: 2\r\n\r\n"),
                row("a bare CR at the end of a value", 400, GET + "Host: localhost\r\nA: 1\r\r\n\r\n"),
                row("a bare CR before a value", 400, GET + "Host: localhost\r\nA: \r1\r\n\r\n"),
                row("NUL in a value", 400, GET + "Host: localhost\r\nA: 1\u00002\r\n\r\n"),
                row("NUL at the end of a value", 400, GET + "Host: localhost\r\nA: 1\u0000\r\n\r\n"),
                row("a form feed before a value", 400, GET + "Host: localhost\r\nA: \f1\r\n\r\n"),
                row("DEL in a value", 400, GET + "Host: localhost\r\nA: 1\u007f\r\n\r\n"),
                row("NUL in a name", 400, GET + "Host: localhost\r\nA\u0000: 1\r\n\r\n"),
                row("white space in a name", 400, GET + "Host: localhost\r\nA B: 1\r\n\r\n"),
                row("a space before a colon", 400, GET + "Host : localhost\r\n\r\n"),
                row("a tab before a colon", 400, GET + "Host\t: localhost\r\n\r\n"),
                row("a field without a name", 400, GET + "Host: localhost\r\n: 1\r\n\r\n"),
                row("a field without a colon", 400, GET + "Host: localhost\r\nnonsense\r\n\r\n"),
                row("a name in brackets", 400, GET + "Host: localhost\r\n(A): 1\r\n\r\n"),
                row("a name beyond ASCII", 400, GET + "Host: localhost\r\n\u00e4: 1\r\n\r\n"),
                // the request line (section 3)
                row("two spaces before the target", 400, "GET  /page HTTP/1.1\r\nHost: localhost\r\n\r\n"),
                row("two spaces behind the target", 400, "GET /page  HTTP/1.1\r\nHost: localhost\r\n\r\n"),
                row("a tab before the target", 400, "GET\t/page HTTP/1.1\r\nHost: localhost\r\n\r\n"),
                row("a vertical tab before the target", 400, "GET\u000b/page HTTP/1.1\r\nHost: localhost\r\n\r\n"),
                row("a bare CR before the target", 400, "GET\r/page HTTP/1.1\r\nHost: localhost\r\n\r\n"),
                row("a bare CR in the target", 400, "GET /pa\rge HTTP/1.1\r\nHost: localhost\r\n\r\n"),
                row("NUL in the target", 400, "GET /pa\u0000ge HTTP/1.1\r\nHost: localhost\r\n\r\n"),
                row("a control byte in the target", 400, "GET /pa\u0001ge HTTP/1.1\r\nHost: localhost\r\n\r\n"),
                row("a fragment in the target", 400, "GET /page#top HTTP/1.1\r\nHost: localhost\r\n\r\n"),
                row("white space before the method", 400, " GET /page HTTP/1.1\r\nHost: localhost\r\n\r\n"),
                row("white space behind the version", 400, "GET /page HTTP/1.1 \r\nHost: localhost\r\n\r\n"),
                row("a word behind the version", 400, "GET /page HTTP/1.1 x\r\nHost: localhost\r\n\r\n"),
                row("a space in the target", 400, "GET /pa ge HTTP/1.1\r\nHost: localhost\r\n\r\n"),
                row("brackets in the method", 400, "G(E)T /page HTTP/1.1\r\nHost: localhost\r\n\r\n"),
                row("HTTP/0.9", 400, "GET /page\r\n"),
                row("HTTP/0.9 with a version", 400, "GET /page HTTP/0.9\r\nHost: localhost\r\n\r\n"),
                row("HTTP/1.2", 400, "GET /page HTTP/1.2\r\nHost: localhost\r\n\r\n"),
                row("HTTP/2.0", 400, "GET /page HTTP/2.0\r\nHost: localhost\r\n\r\n"),
                row("HTTP/1.10", 400, "GET /page HTTP/1.10\r\nHost: localhost\r\n\r\n"),
                row("a version in lower case", 400, "GET /page http/1.1\r\nHost: localhost\r\n\r\n"),
                row("another protocol", 400, "GET /page ICY/1.1\r\nHost: localhost\r\n\r\n"),
                row("the preface of HTTP/2", 400, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
                row("a TLS hello", 400, "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\r\n\r\n"),
                // targets (section 3.2)
                row("asterisk-form", 400, "OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n"),
                row("authority-form", 400, "GET localhost:80 HTTP/1.1\r\nHost: localhost\r\n\r\n"),
                row("CONNECT", 400, "CONNECT localhost:80 HTTP/1.1\r\nHost: localhost\r\n\r\n"),
                row("no leading slash", 400, "GET page HTTP/1.1\r\nHost: localhost\r\n\r\n"),
                row("another scheme", 400, "GET ftp://localhost/page HTTP/1.1\r\nHost: localhost\r\n\r\n"),
                row("another host than Host", 400, "GET http://other/page HTTP/1.1\r\nHost: localhost\r\n\r\n"),
                row("a user in the target", 400, "GET http://me@localhost/page HTTP/1.1\r\nHost: localhost\r\n\r\n"),
                // Host (section 3.2)
                row("no Host", 400, GET + "\r\n"),
                row("no Host in HTTP/1.0", 400, "GET /page HTTP/1.0\r\n\r\n"),
                row("no Host with an absolute target", 400, "GET http://localhost/page HTTP/1.1\r\n\r\n"),
                row("an empty Host", 400, GET + "Host:\r\n\r\n"),
                row("two Hosts", 400, GET + "Host: localhost\r\nHost: localhost\r\n\r\n"),
                row("two Hosts that differ", 400, GET + "Host: localhost\r\nHost: other\r\n\r\n"),
                row("a list of Hosts", 400, GET + "Host: localhost, other\r\n\r\n"),
                row("a Host with a space", 400, GET + "Host: local host\r\n\r\n"),
                row("a Host with a path", 400, GET + "Host: localhost/x\r\n\r\n"),
                row("a Host with a user", 400, GET + "Host: me@localhost\r\n\r\n"),
                row("a Host with an unknown port", 400, GET + "Host: localhost:http\r\n\r\n"),
                row("a Host with a port beyond all", 400, GET + "Host: localhost:70000\r\n\r\n"),
                row("a Host with two ports", 400, GET + "Host: localhost:80:80\r\n\r\n"),
                row("a Host with an open bracket", 400, GET + "Host: [::1\r\n\r\n"),
                // limits (CF§10.4)
                row(
                        "a URL that is too long",
                        414,
                        "GET /" + "a".repeat(9_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n"),
                row(
                        "a query that is too long",
                        414,
                        "GET /?" + "a".repeat(9_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n"),
                row("a URL without an end", 414, "GET /" + "a".repeat(60_000)),
                row("a field that is too long", 431, GET + "Host: localhost\r\nA: " + "a".repeat(40_000) + "\r\n\r\n"),
                row("a name that is too long", 431, GET + "Host: localhost\r\n" + "a".repeat(40_000) + ": 1\r\n\r\n"),
                row(
                        "fields without an end",
                        431,
                        GET + "Host: localhost\r\n" + "A: aaaaaaaaaaaaaaaa\r\n".repeat(4_000)),
                row("too many fields", 431, GET + "Host: localhost\r\n" + "A: 1\r\n".repeat(300) + "\r\n"),
                // the rest
                row("an unknown expectation", 417, POST + "Expect: miracles\r\nContent-Length: 5\r\n\r\nhello"),
                row("two expectations", 417, POST + "Expect: 100-continue, miracles\r\nContent-Length: 5\r\n\r\n"),
                row("a GET with a length", 403, GET + "Host: localhost\r\nContent-Length: 5\r\n\r\nhello" + SMUGGLED),
                row(
                        "a GET in chunks",
                        403,
                        GET + "Host: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
                                + SMUGGLED),
                row(
                        "a body that no head announces",
                        400,
                        GET + "Host: localhost\r\nSec-WebSocket-Key1: 1\r\nSec-WebSocket-Key2: 2\r\n\r\n12345678"));
    }

    private static Arguments row(String what, int status, String request) {
        return Arguments.of(what, status, request);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void whatCouldBeUnderstoodInTwoWaysEndsTheConnection(String what, int status, String request) throws IOException {
        var answers = edge.raw(request);

        assertThat(answers).matches("(?s)HTTP/1\\.[01] " + status + " .*").containsOnlyOnce("HTTP/1.");
        assertThat(answers)
                .containsPattern("(?i)\r\nConnection: close\r\n")
                .contains("\r\nX-Cache: Error from nearside\r\n")
                .contains("<title>" + status);
        assertThat(origin.seen()).as("seen by the origin").isEmpty();
        assertThat(origin.breaches()).isEmpty();
    }

    static Stream<Arguments> passed() {
        return Stream.of(
                through("a plain request", "GET", "/page", "", GET + "Host: localhost\r\n\r\n"),
                through("an empty line before it", "GET", "/page", "", "\r\n" + GET + "Host: localhost\r\n\r\n"),
                through("white space around a value", "GET", "/page", "", GET + "Host: \t localhost \t \r\n\r\n"),
                through("a Host with a port", "GET", "/page", "", GET + "Host: localhost:8080\r\n\r\n"),
                through("a Host in capitals", "GET", "/page", "", GET + "HOST: LOCALHOST\r\n\r\n"),
                through("an empty value", "GET", "/page", "", GET + "Host: localhost\r\nA:\r\n\r\n"),
                through("bytes beyond ASCII", "GET", "/page", "", GET + "Host: localhost\r\nA: \u00e4\r\n\r\n"),
                through(
                        "absolute-form",
                        "GET",
                        "/page?a=1",
                        "",
                        "GET http://localhost/page?a=1 HTTP/1.1\r\nHost: localhost\r\n\r\n"),
                through(
                        "absolute-form without a path",
                        "GET",
                        "/",
                        "",
                        "GET http://localhost HTTP/1.1\r\nHost: localhost\r\n\r\n"),
                through("HTTP/1.0", "GET", "/page", "", "GET /page HTTP/1.0\r\nHost: localhost\r\n\r\n"),
                through("a body with a length", "POST", "/form", "hello", POST + "Content-Length: 5\r\n\r\nhello"),
                through("a length with zeros", "POST", "/form", "hello", POST + "Content-Length: 0005\r\n\r\nhello"),
                through("a length of zero", "POST", "/form", "", POST + "Content-Length: 0\r\n\r\n"),
                through("no body", "POST", "/form", "", POST + "\r\n"),
                through("chunks", "POST", "/form", "hello world", CHUNKED + "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n"),
                through("no chunk but the last", "POST", "/form", "", CHUNKED + "0\r\n\r\n"),
                through(
                        "a coding in capitals",
                        "POST",
                        "/form",
                        "hello",
                        POST + "Transfer-Encoding: CHUNKED\r\n\r\n5\r\nhello\r\n0\r\n\r\n"),
                through("a chunk with zeros", "POST", "/form", "hello", CHUNKED + "0005\r\nhello\r\n0\r\n\r\n"),
                through("a chunk extension", "POST", "/form", "hello", CHUNKED + "5;a=b;c=\"d\"\r\nhello\r\n0\r\n\r\n"),
                through("a trailer", "POST", "/form", "hello", CHUNKED + "5\r\nhello\r\n0\r\nDigest: 1\r\n\r\n"),
                through(
                        "framing in a trailer",
                        "POST",
                        "/form",
                        "hello",
                        CHUNKED + "5\r\nhello\r\n0\r\nContent-Length: 50\r\n\r\n"),
                through(
                        "the longest URL",
                        "GET",
                        "/" + "a".repeat(8_191),
                        "",
                        "GET /" + "a".repeat(8_191) + " HTTP/1.1\r\nHost: localhost\r\n\r\n"),
                through(
                        "fields that name themselves hop-by-hop",
                        "POST",
                        "/form",
                        "hello",
                        POST + "Connection: Content-Length, Host\r\nContent-Length: 5\r\n\r\nhello"));
    }

    private static Arguments through(String what, String method, String target, String body, String request) {
        return Arguments.of(what, method, target, body, request);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("passed")
    void whatIsClearReachesTheOriginOnceAndFramedAnew(
            String what, String method, String target, String body, String request) throws IOException {
        try (var viewer = edge.connect()) {
            write(viewer, request);
            assertThat(answer(viewer.getInputStream())).matches("(?s)HTTP/1\\.[01] 200 .*");
        }

        assertThat(origin.breaches()).isEmpty();
        assertThat(origin.seen()).hasSize(1);
        var seen = origin.seen().getFirst();
        assertThat(seen.method()).isEqualTo(method);
        assertThat(seen.target()).isEqualTo(target);
        assertThat(seen.body()).isEqualTo(body);
        assertThat(seen.field("Host"))
                .hasValueSatisfying(host -> assertThat(host).startsWithIgnoringCase("localhost"));
    }

    @Test
    void aTraceIsForbiddenAndHarmless() throws IOException {
        assertThat(edge.raw("TRACE /page HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 403 ");
        assertThat(origin.seen()).isEmpty();
    }

    @Test
    void aBodyThatBreaksTheFramingIsTakenBackFromTheOrigin() throws IOException {
        try (var viewer = edge.connect()) {
            write(viewer, CHUNKED + "5\r\nhello\r\n");
            await().until(() -> origin.began() == 1);
            write(viewer, "nonsense\r\n");
            assertThat(readAll(viewer)).startsWith("HTTP/1.1 400 ");
        }
        await().until(() -> origin.brokenOff() == 1);
        assertThat(origin.seen()).isEmpty();
    }

    @Test
    void aUrlOfOneByteTooMuchIsTooLong() throws IOException {
        assertThat(edge.raw("GET /" + "a".repeat(8_192) + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 414 ");
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() throws IOException {
        try (var viewer = edge.connect()) {
            write(
                    viewer,
                    "GET /held/1 HTTP/1.1\r\nHost: localhost\r\n\r\n"
                            + POST.replace("/form", "/2") + "Content-Length: 5\r\n\r\nhello"
                            + "GET /3 HTTP/1.1\r\nHost: localhost\r\n\r\n"
                            + "GET /4 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            await().until(() -> origin.seen().size() == 1);
            origin.release();
            for (var path : List.of("/held/1", "/2", "/3", "/4")) {
                assertThat(answer(viewer.getInputStream())).endsWith("\r\n\r\n" + path);
            }
            assertThat(viewer.getInputStream().read()).isEqualTo(-1);
        }
        assertThat(origin.seen()).extracting(RecordingOrigin.Seen::target).containsExactly("/held/1", "/2", "/3", "/4");
    }

    @Test
    void nothingBehindABadRequestIsRead() throws IOException {
        var answers = edge.raw(GET + "Host: localhost\r\n\r\n" + GET + "Host: localhost\r\nA : 1\r\n\r\n" + SMUGGLED);

        assertThat(answers).startsWith("HTTP/1.1 200 ").containsOnlyOnce("HTTP/1.1 400 ");
        assertThat(origin.seen()).extracting(RecordingOrigin.Seen::target).containsExactly("/page");
    }

    @Test
    void aHeadThatComesByteByByteIsTheSameHead() throws IOException {
        try (var viewer = edge.connect()) {
            viewer.setTcpNoDelay(true);
            for (var letter : (GET + "Host: localhost\r\n\r\n").toCharArray()) write(viewer, String.valueOf(letter));
            assertThat(answer(viewer.getInputStream())).startsWith("HTTP/1.1 200 ");
        }
        try (var viewer = edge.connect()) {
            viewer.setTcpNoDelay(true);
            for (var letter : (GET + "Host: localhost\r\nA: 1\r\n b\r\n\r\n").toCharArray()) {
                try {
                    write(viewer, String.valueOf(letter));
                } catch (SocketException _) {
                    break; // refused as soon as it was clear
                }
            }
            assertThat(readAll(viewer)).startsWith("HTTP/1.1 400 ");
        }
        assertThat(origin.seen()).hasSize(1);
    }

    @Test
    void theConnectionStaysAndEndsAsTheViewerSays() throws IOException {
        for (var said : List.of(
                "Connection: close",
                "Connection: close, Upgrade\r\nUpgrade: x",
                "Connection: Upgrade , CLOSE\r\nUpgrade: x",
                "Connection: keep-alive\r\nConnection: close")) {
            assertThat(edge.raw(GET + "Host: localhost\r\n" + said + "\r\n\r\n"))
                    .as(said)
                    .startsWith("HTTP/1.1 200 ")
                    .containsPattern("(?i)\r\nConnection: close\r\n");
        }
        assertThat(edge.raw("GET /page HTTP/1.0\r\nHost: localhost\r\n\r\n")).endsWith("/page");
        try (var viewer = edge.connect()) {
            for (int i = 0; i < 3; i++) {
                write(viewer, "GET /page HTTP/1.0\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n");
                assertThat(answer(viewer.getInputStream())).containsPattern("(?i)\r\nConnection: keep-alive\r\n");
            }
        }
    }

    @Test
    void aBodyIsAskedForWhenItIsWanted() throws IOException {
        try (var viewer = edge.connect()) {
            write(viewer, POST + "Expect: 100-continue\r\nContent-Length: 5\r\n\r\n");
            assertThat(head(viewer.getInputStream())).startsWith("HTTP/1.1 100 ");
            write(viewer, "hello");
            assertThat(answer(viewer.getInputStream())).startsWith("HTTP/1.1 200 ");
        }
        assertThat(origin.seen()).hasSize(1);
        assertThat(origin.seen().getFirst().body()).isEqualTo("hello");
    }

    @Test
    void aBodyThatNobodyWantsIsNotAskedFor() throws IOException {
        assertThat(edge.raw("POST /form HTTP/1.1\r\nHost: other\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n"))
                .startsWith("HTTP/1.1 403 ");
        assertThat(edge.raw(GET + "Host: localhost\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n"))
                .startsWith("HTTP/1.1 403 ");
        assertThat(origin.seen()).isEmpty();
    }

    @Test
    void anExpectationWithoutABodyAndInHttp10IsPassedOver() throws IOException {
        assertThat(edge.raw(GET + "Host: localhost\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 200 ");
        assertThat(
                        edge.raw(
                                "POST /form HTTP/1.0\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nhello"))
                .startsWith("HTTP/1.0 200 ");
    }

    @Test
    void whoSendsNoMoreIsAnsweredAllTheSame() throws IOException {
        try (var viewer = edge.connect()) {
            write(viewer, GET + "Host: localhost\r\n\r\n");
            viewer.shutdownOutput();
            assertThat(readAll(viewer)).startsWith("HTTP/1.1 200 ").endsWith("/page");
        }
        try (var viewer = edge.connect()) {
            viewer.shutdownOutput();
            assertThat(readAll(viewer)).isEmpty();
        }
        try (var viewer = edge.connect()) {
            write(viewer, POST + "Content-Length: 50\r\n\r\nhello");
            viewer.shutdownOutput();
            readAll(viewer);
        }
        assertThat(origin.breaches()).isEmpty();
    }

    @Test
    void aRefusalReachesWhoIsStillSending() throws IOException {
        try (var viewer = edge.connect()) {
            write(viewer, "PUT /big HTTP/1.1\r\nHost: other\r\nContent-Length: 100000000\r\n\r\n");
            var some = new byte[1 << 16];
            try {
                for (int i = 0; i < 100; i++) viewer.getOutputStream().write(some);
            } catch (SocketException _) {
                // it may also have stopped us by now
            }
            assertThat(answer(viewer.getInputStream())).startsWith("HTTP/1.1 403 ");
        }
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String readAll(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    private static String head(InputStream in) throws IOException {
        var head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) break;
            head.write(next);
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    /// One answer with a length.
    private static String answer(InputStream in) throws IOException {
        var head = head(in);
        var length = Pattern.compile("(?i)\r\ncontent-length: (\\d+)\r\n").matcher(head);
        assertThat(length.find()).as(head).isTrue();
        return head + new String(in.readNBytes(Integer.parseInt(length.group(1))), StandardCharsets.ISO_8859_1);
    }
}

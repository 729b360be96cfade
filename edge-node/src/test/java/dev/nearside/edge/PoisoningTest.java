package dev.nearside.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
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
import org.junit.jupiter.params.provider.ValueSource;

/// What one viewer does never shows in another one's answer, however weak the origin is.
///
/// The origin believes and repeats whatever it is told, fails over what it does not like, decodes once more than it
/// should, and lets all of that be cached.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PoisoningTest {

    private final AtomicInteger fresh = new AtomicInteger();
    private RecordingOrigin origin;
    private RunningEdge edge;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        origin = new RecordingOrigin().saying(PoisoningTest::weakly);
        edge = new RunningEdge(folder, """
                {"distributions": [{"name": "demo", "enabled": true, "aliases": ["localhost"],
                  "origins": [{"id": "site", "domainName": "127.0.0.1", "httpPort": %d, "originProtocolPolicy": "http-only"}],
                  "cacheBehaviors": [
                   {"pathPattern": "/queries/*", "targetOriginId": "site",
                    "cachePolicyId": "UseOriginCacheControlHeaders-QueryStrings"},
                   {"pathPattern": "/media/*", "targetOriginId": "site", "cachePolicyId": "Elemental-MediaPackage"},
                   {"pathPattern": "/everything/*", "targetOriginId": "site",
                    "cachePolicyId": "CachingOptimized", "originRequestPolicyId": "AllViewer"},
                   {"pathPattern": "/static/*", "targetOriginId": "site",
                    "cachePolicyId": "CachingOptimized", "originRequestPolicyId": "AllViewer"},
                   {"pathPattern": "*.css", "targetOriginId": "site",
                    "cachePolicyId": "CachingOptimized", "originRequestPolicyId": "AllViewer"},
                   {"pathPattern": "*.js", "targetOriginId": "site", "cachePolicyId": "CachingOptimized"},
                   {"pathPattern": "/profile*", "targetOriginId": "site",
                    "cachePolicyId": "CachingDisabled", "originRequestPolicyId": "AllViewer"}],
                  "defaultCacheBehavior": {"targetOriginId": "site", "cachePolicyId": "CachingOptimized"}}]}
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

    private static String weakly(RecordingOrigin.Seen asked) {
        int status = 200;
        for (var line : asked.lines()) if (line.length() > 8_000) status = 400;
        if (asked.field("X-HTTP-Method-Override").isPresent()) status = 404;
        var path = asked.field("X-Original-URL")
                .or(() -> asked.field("X-Rewrite-URL"))
                .orElse(asked.target());
        try {
            path = URLDecoder.decode(path, StandardCharsets.ISO_8859_1);
        } catch (IllegalArgumentException _) {
            // as it is
        }
        var body = new StringBuilder("asked by " + asked.method() + " for " + path + "\n");
        for (var line : asked.lines().subList(1, asked.lines().size())) {
            // what the edge says of itself differs from viewer to viewer anyway
            if (!line.toLowerCase(Locale.ROOT).startsWith("cookie:"))
                body.append(line).append('\n');
        }
        if (page(path).equals("/profile"))
            body.append("personal: ").append(asked.field("Cookie").orElse("nobody"));
        return "HTTP/1.1 " + status + " X\r\nCache-Control: public, max-age=600\r\nContent-Length: " + body.length()
                + "\r\n\r\n" + body;
    }

    /// Which page a careless server takes a path for.
    private static String page(String path) {
        var cut = path.split("[;?#\u0000\n]", 2)[0];
        var kept = new java.util.ArrayDeque<String>();
        for (var segment : path.contains("..;") ? path.split("[/\\\\]") : cut.split("[/\\\\]")) {
            if (segment.startsWith("..")) kept.pollLast();
            else if (!segment.isEmpty() && !segment.equals(".")) kept.add(segment);
        }
        var first = kept.isEmpty() ? "" : kept.getFirst().split(";", 2)[0];
        return first.equals("profile") ? "/profile" : "/" + String.join("/", kept);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Forwarded-Host: evil",
                "X-Forwarded-Server: evil",
                "X-Forwarded-Scheme: evil",
                "X-Forwarded-Proto: evil",
                "X-Forwarded-Port: 666evil",
                "X-Forwarded-For: evil",
                "X-Forwarded-Prefix: /evil",
                "X-Forwarded-Path: /evil",
                "X-Forwarded-SSL: evil",
                "X-Forwarded: evil",
                "Forwarded: host=evil;proto=evil",
                "Forwarded-For: evil",
                "X-Original-URL: /evil",
                "X-Rewrite-URL: /evil",
                "X-Original-Host: evil",
                "X-Host: evil",
                "X-HTTP-Host-Override: evil",
                "X-Real-IP: evil",
                "X-Client-IP: evil",
                "True-Client-IP: evil",
                "CF-Connecting-IP: evil",
                "X-ProxyUser-Ip: evil",
                "X-HTTP-Method-Override: POST",
                "X-HTTP-Method: evil",
                "X-Method-Override: evil",
                "X-WAP-Profile: http://evil",
                "Origin: https://evil",
                "Referer: https://evil",
                "User-Agent: evil",
                "Accept: evil/evil",
                "Accept-Language: evil",
                "Accept-Charset: evil",
                "Authorization: Basic evil",
                "Proxy-Authorization: evil",
                "CloudFront-Viewer-Country: evil",
                "CloudFront-Is-Mobile-Viewer: evil",
                "X-Edge-Location: evil",
                "X-Amz-Cf-Id: evil",
                "X-Nearside-Id: evil",
                "Transfer-Encodin: evil",
                "Expires: evil",
                "Content-Type: evil",
                "Content-Encoding: evil",
                "Upgrade: evil",
                "TE: evil",
                "Trailer: evil",
                "Range: bytes=0-3",
                "If-None-Match: \"evil\"",
                "If-Match: \"evil\"",
                "If-Modified-Since: Sat, 01 Jan 2099 00:00:00 GMT",
                "If-Unmodified-Since: Sat, 01 Jan 2000 00:00:00 GMT",
                "Connection: Host, X-Forwarded-For, Via",
                "Cookie: session=evil",
                "X-Anything: evil",
                "X_Forwarded_Host: evil"
            })
    void aHeaderThatIsNotKeyedDoesNothing(String header) throws IOException {
        assertIsTheFirstOnesOwn("/page" + fresh.incrementAndGet(), header);

        assertThat(origin.seen()).allSatisfy(seen -> assertThat(seen.lines()).noneMatch(line -> line.contains("evil")));
    }

    /// With AllViewer an operator sends on what viewers say; but never what only a proxy could say.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Forwarded-Host: evil",
                "X-Forwarded-Proto: evil",
                "X-Forwarded-Port: 666evil",
                "X-Forwarded-For: evil",
                "Forwarded: host=evil",
                "X-Real-IP: evil",
                "X_Forwarded_Host: evil",
                "x_forwarded_for: evil",
                "X-Forwarded_Proto: evil",
                "CloudFront_Viewer_Address: evil",
                "Proxy_Authorization: evil",
                "CloudFront-Viewer-Country: evil",
                "X-Edge-Location: evil",
                "X-Amz-Cf-Id: evil",
                "X-Nearside-Id: evil",
                "Proxy-Authorization: evil",
                "Upgrade: evil",
                "TE: evil",
                "Connection: Host, X-Forwarded-For, Via, CDN-Loop, X-Nearside-Id",
                "Range: bytes=0-3",
                "If-None-Match: \"evil\""
            })
    void aViewerIsNotTakenForAProxy(String header) throws IOException {
        assertIsTheFirstOnesOwn("/everything/" + fresh.incrementAndGet(), header);

        assertThat(origin.seen()).allSatisfy(seen -> {
            assertThat(seen.field("Host"))
                    .hasValueSatisfying(host -> assertThat(host).startsWith("localhost"));
            assertThat(seen.field("X-Forwarded-For")).contains("127.0.0.1");
            assertThat(seen.field("Via")).isPresent();
            assertThat(seen.field("CDN-Loop")).isPresent();
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost:1234", "LOCALHOST", "localhost.", "localhost:0", "LocalHost:65535"})
    void anotherSpellingOfTheHostIsNotSeenByOthers(String host) throws IOException {
        var path = "/everything/" + fresh.incrementAndGet();

        edge.raw("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");

        assertThat(ask(path)).startsWith("HTTP/1.1 200 ").containsPattern("(?i)\nhost: localhost\n");
    }

    static Stream<Arguments> queries() {
        return Stream.of(
                // what one viewer asks for, and what another one does
                Arguments.of("/queries/%d?a=1&a=evil", "/queries/%d?a=1"),
                Arguments.of("/queries/%d?a=evil&a=1", "/queries/%d?a=1"),
                Arguments.of("/queries/%d?a=1;b=evil", "/queries/%d?a=1"),
                Arguments.of("/queries/%d?a=1%%26b=evil", "/queries/%d?a=1"),
                Arguments.of("/queries/%d?a=1%%23evil", "/queries/%d?a=1"),
                Arguments.of("/queries/%d?a=1&evil", "/queries/%d?a=1"),
                Arguments.of("/queries/%d?evil", "/queries/%d"),
                Arguments.of("/queries/%d??evil", "/queries/%d?"),
                Arguments.of("/queries/%d%%3Fevil", "/queries/%d"),
                Arguments.of("/queries/%d;evil", "/queries/%d"),
                Arguments.of("/media/%d?start=1&utm=evil", "/media/%d?start=1"),
                Arguments.of("/media/%d?start=1;utm=evil", "/media/%d?start=1"),
                Arguments.of("/media/%d?utm=1;start=evil&start=1", "/media/%d?start=1"),
                Arguments.of("/media/%d?start=1&start=evil", "/media/%d?start=1"),
                Arguments.of("/media/%d?start=evil&start=1", "/media/%d?start=1"),
                Arguments.of("/media/%d?START=evil&start=1", "/media/%d?start=1"),
                Arguments.of("/media/%d?%%73tart=evil&start=1", "/media/%d?start=1"),
                Arguments.of("/media/%d?start%%00=evil&start=1", "/media/%d?start=1"),
                Arguments.of("/media/%d?start[]=evil&start=1", "/media/%d?start=1"),
                Arguments.of("/media/%d?+start=evil&start=1", "/media/%d?start=1"),
                Arguments.of("/page%d?utm_content=evil", "/page%d"),
                Arguments.of("/page%d?callback=evil;x=1", "/page%d"));
    }

    @ParameterizedTest
    @MethodSource("queries")
    void aParameterIsKeyedAsItIsSent(String trick, String plain) throws IOException {
        int number = fresh.incrementAndGet();

        ask(trick.formatted(number));

        assertThat(ask(plain.formatted(number))).startsWith("HTTP/1.1 200 ").doesNotContain("evil");
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of("a header that is too large for the origin", "X-Oversized: " + "a".repeat(20_000)),
                Arguments.of("a line feed", "X-Meta: a\nb"),
                Arguments.of("a bell", "X-Meta: a\u0007"),
                Arguments.of("NUL", "X-Meta: \u0000"),
                Arguments.of("a method override", "X-HTTP-Method-Override: DELETE"),
                Arguments.of("an unknown method", "X-Method-Override: HELP"),
                Arguments.of("an unknown expectation", "Expect: miracles"),
                Arguments.of("an impossible condition", "If-Match: \"never\""),
                Arguments.of("an impossible range", "Range: bytes=900000000-"),
                Arguments.of("an impossible coding", "Accept-Encoding: none"),
                Arguments.of("a body", "Content-Length: 4\r\n\r\nevil"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("failures")
    void anErrorThatOneViewerProvokesIsItsOwn(String what, String header) throws IOException {
        var path = "/page" + fresh.incrementAndGet();

        ask(path, header);

        assertThat(ask(path)).startsWith("HTTP/1.1 200 ").contains("asked by GET for " + path);
    }

    @Test
    void anErrorThatAMethodProvokesIsItsOwn() throws IOException {
        for (var method : List.of("POST", "DELETE", "OPTIONS", "TRACE", "PURGE", "HELP", "get")) {
            var path = "/page" + fresh.incrementAndGet();
            edge.raw(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            assertThat(ask(path)).as(method).startsWith("HTTP/1.1 200 ").contains("asked by GET for " + path);
        }
        var path = "/page" + fresh.incrementAndGet();
        edge.raw("HEAD " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        assertThat(ask(path)).startsWith("HTTP/1.1 200 ").contains("asked by GET for " + path);
    }

    /// Each of these is a public file for our patterns, and somebody's profile for an origin that decodes once more.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/static/..%2Fprofile",
                "/static/..%2fprofile",
                "/static/%2e%2e%2fprofile",
                "/static/%2e%2e/profile",
                "/static/../profile",
                "/static/.%2e/profile",
                "/static/x/..%2f..%2fprofile",
                "/static//..%2f..%2fprofile",
                "/static/..%5Cprofile",
                "/static/..%5c..%5cprofile",
                "/static\\..\\profile",
                "/static/..\\profile",
                "/static/..;/profile",
                "/static/x/..;/..;/profile",
                "/static%2F..%2Fprofile",
                "//static/..%2fprofile",
                "/profile;.css",
                "/profile%3B.css",
                "/profile;x=y.css",
                "/profile%3F.css",
                "/profile%3Fx.css",
                "/profile%23.css",
                "/profile%23x.css",
                "/profile%00.css",
                "/profile%00x.css",
                "/profile%0A.css",
                "/profile%0Ax.css",
                "/profile%2Fx.css",
                "/profile%2f..%2fprofile%2fx.css",
                "/x.css/..%2fprofile%3b.css",
                "/profile%5Cx.css",
                "/static/%252e%252e%252fprofile",
                "/profile%253B.css",
                "/%70rofile;.css",
                "/profile%3b%2ecss"
            })
    void whatIsPersonalIsNotLeftForOthers(String path) throws IOException {
        ask(path, "Cookie: session=secret" + fresh.incrementAndGet());

        assertThat(ask(path)).doesNotContain("secret");
        assertThat(ask("/profile")).doesNotContain("secret");
    }

    /// The pattern says that scripts need no cookies, so the origin gets none and has nothing to tell.
    @Test
    void aFileNameBehindAPageBringsNothingPersonal() throws IOException {
        assertThat(ask("/profile/x.js", "Cookie: session=secret")).contains("personal: nobody");
        assertThat(ask("/profile/x.js")).contains("personal: nobody");
        assertThat(ask("/profile", "Cookie: session=secret")).contains("personal: session=secret");
        assertThat(ask("/profile")).contains("personal: nobody");
    }

    /// Whoever asks next gets an answer that knows nothing of the header.
    private void assertIsTheFirstOnesOwn(String path, String header) throws IOException {
        ask(path, header);

        assertThat(ask(path))
                .startsWith("HTTP/1.1 200 ")
                .contains("asked by GET for " + path)
                .doesNotContain("evil");
    }

    private String ask(String path, String... headers) throws IOException {
        var request = new StringBuilder("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
        for (var header : headers) request.append(header).append("\r\n");
        return edge.raw(request.append("\r\n").toString());
    }
}

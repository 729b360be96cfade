package dev.nearside.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What an origin sees, to the byte (CF§5).
class OriginRequestsTest {

    /// All that a viewer might say, much of it not its business to say.
    private static final String VIEWER = """
            %s HTTP/1.1
            Host: LOCALHOST:8080
            Accept: text/html
            Accept-Charset: utf-8
            Accept-Encoding: deflate
            Accept-Language: de
            Authorization: Basic x
            Cache-Control: max-age=5
            Cookie: b=2; a=1
            Date: Sat, 31 Jan 2026 12:00:00 GMT
            From: me@example.org
            Origin: http://other.example
            Pragma: x
            Referer: http://other.example/
            User-Agent: curl
            Via: 1.0 before
            X-A: 1
            x-b: 2
            X-A: 3
            X-Hop: 1
            Connection: close, X-Hop, Upgrade, TE
            Keep-Alive: timeout=9
            TE: trailers
            Trailer: X-T
            Upgrade: h2c
            Proxy-Authorization: x
            Proxy-Connection: keep-alive
            X-Forwarded-For: 203.0.113.9
            X-Forwarded-Host: evil.example
            X-Forwarded-Port: 99
            X-Forwarded-Proto: https
            Forwarded: for=203.0.113.9
            X-Real-IP: 203.0.113.9
            X-Edge-Id: 1
            X-Amz-Cf-Id: forged
            X-Nearside-Id: forged
            CloudFront-Viewer-Country: XX
            CDN-Loop: other
            Request-Range: bytes=0-0
            X-HTTP-Method-Override: DELETE
            X-Original-URL: /admin
            If-None-Match: "v"

            """.replace("\n", "\r\n");

    /// Only with what the cache may keep.
    private static final String CAPABILITY = "Surrogate-Capability: nearside=\"Surrogate/1.0\"\n";

    /// What goes with every request.
    private static final String ALWAYS = """
            User-Agent: nearside
            Via: 1.0 before, 1.1 edge (nearside)
            X-Forwarded-For: 127.0.0.1
            CDN-Loop: other, nearside; distribution="demo"
            X-Nearside-Id: ID
            """ + CAPABILITY + """
            Connection: Keep-Alive
            """;

    private static final String ALL_OF_THE_VIEWER = """
            Accept: text/html
            Accept-Charset: utf-8
            Accept-Language: de
            Authorization: Basic x
            Cache-Control: max-age=5
            Date: Sat, 31 Jan 2026 12:00:00 GMT
            From: me@example.org
            Origin: http://other.example
            Pragma: x
            Referer: http://other.example/
            X-A: 1
            x-b: 2
            X-A: 3
            Accept-Encoding: deflate
            Cookie: a=1; b=2
            """ + ALWAYS.replace("User-Agent: nearside", "User-Agent: curl");

    @TempDir
    Path folder;

    private final HandMovedClock clock = new HandMovedClock();
    private VerbatimOrigin origin;

    @BeforeEach
    void start() throws IOException {
        origin = new VerbatimOrigin();
    }

    @AfterEach
    void stop() throws IOException {
        origin.close();
    }

    @Test
    void withoutAPolicyOnlyWhatEveryRequestCarries() throws Exception {
        assertThat(seen(mode("none"), "none", "GET /p?x=1&y=2", ""))
                .isEqualTo("GET /base/p HTTP/1.1\n" + ownHost() + ALWAYS);
    }

    @Test
    void aListLetsItsNamesThroughAndNoOther() throws Exception {
        assertThat(seen(
                        mode("whitelist", "x-a", "Referer", "Host", "User-Agent", "CloudFront-Viewer-Country"),
                        "none",
                        "GET /p?x=1",
                        ""))
                .isEqualTo("""
                        GET /base/p HTTP/1.1
                        Host: localhost:8080
                        Referer: http://other.example/
                        X-A: 1
                        X-A: 3
                        """ + ALWAYS.replace("nearside\nVia", "curl\nVia"));
    }

    @Test
    void allOfTheViewerIsAllThatIsItsBusiness() throws Exception {
        assertThat(seen(mode("allViewer"), "all", "GET /p?y=2&&x=1", ""))
                .isEqualTo("GET /base/p?y=2&&x=1 HTTP/1.1\nHost: localhost:8080\n" + ALL_OF_THE_VIEWER);
    }

    @Test
    void whatTheEdgeSaysOfAViewerIsNotForTheViewerToSay() throws Exception {
        var mode = mode("allViewerAndWhitelistCloudFront", "CloudFront-Viewer-Country");

        assertThat(seen(mode, "all", "GET /p", ""))
                .isEqualTo("GET /base/p HTTP/1.1\nHost: localhost:8080\n" + ALL_OF_THE_VIEWER);
    }

    @Test
    void allButSomeGoes() throws Exception {
        assertThat(seen(mode("allExcept", "Host", "Authorization", "Accept", "Cookie2"), "all", "GET /p", ""))
                .isEqualTo("GET /base/p HTTP/1.1\n"
                        + ownHost()
                        + ALL_OF_THE_VIEWER.replace("Accept: text/html\n", "").replace("Authorization: Basic x\n", ""));
    }

    @Test
    void aBehaviorWithoutPoliciesForwardsWhatNobodyKnows() throws Exception {
        var legacy = configuration(mode("none"), "none")
                .replace(
                        "\"cachePolicyId\": \"path\",",
                        "\"forwardedValues\": {\"queryString\": true, \"headers\": [\"Referer\"],"
                                + " \"cookies\": {\"forward\": \"none\"}},")
                .replace("\"originRequestPolicyId\": \"sent\",", "");

        assertThat(seenUnder(legacy, "GET /p?y=2&x=1", ""))
                .isEqualTo("GET /base/p?y=2&x=1 HTTP/1.1\n" + ownHost() + """
                Cache-Control: max-age=5
                Date: Sat, 31 Jan 2026 12:00:00 GMT
                From: me@example.org
                Origin: http://other.example
                Pragma: x
                Referer: http://other.example/
                X-A: 1
                x-b: 2
                X-A: 3
                Accept-Encoding: identity
                """ + ALWAYS);
    }

    @ParameterizedTest
    @CsvSource({"POST", "PUT", "PATCH", "DELETE"})
    void aBodyGoesAsItCame(String method) throws Exception {
        assertThat(seen(
                        mode("none"),
                        "none",
                        method + " /p",
                        "Content-Length: 5\r\nContent-Type: text/plain\r\n",
                        "hello"))
                .isEqualTo(
                        method + " /base/p HTTP/1.1\n" + ownHost() + """
                        Authorization: Basic x
                        If-None-Match: "v"
                        Content-Length: 5
                        Content-Type: text/plain
                        """ + ALWAYS.replace(CAPABILITY, "") + "\nhello");
    }

    @Test
    void aBodyOfUnknownLengthIsFramedAnewAndItsTrailersEndHere() throws Exception {
        var body = "3;ext=1\r\nhel\r\n2\r\nlo\r\n0\r\nX-T: secret\r\n\r\n";

        var seen = seen(mode("none"), "none", "POST /p", "Transfer-Encoding: chunked\r\n", body);

        assertThat(seen)
                .contains("\ntransfer-encoding: chunked\n")
                .endsWith("lo\n0\n\n")
                .doesNotContain("ext=1", "X-T");
    }

    @Test
    void nothingToSendIsSaidToBeNothing() throws Exception {
        assertThat(seen(mode("none"), "none", "POST /p", "Content-Length: 0\r\n"))
                .containsIgnoringCase("\nContent-Length: 0\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # the name | cached | goes
        X-Original-URL: /admin          | true  | false
        X-Rewrite-URL: /admin           | true  | false
        X-HTTP-Method-Override: DELETE  | true  | false
        X-HTTP-Method: DELETE           | true  | false
        X-Method-Override: DELETE       | true  | false
        X-Original-URL: /admin          | false | true
        X-HTTP-Method-Override: DELETE  | false | true
        """)
    void whatMeansAnotherRequestGoesOnlyWhereNothingIsStored(String field, boolean cached, boolean goes)
            throws Exception {
        try (var edge = new RunningEdge(
                folder,
                configuration(mode("allViewer"), "none")
                        .replace(
                                "\"cachePolicyId\": \"path\"",
                                "\"cachePolicyId\": \"" + (cached ? "path" : "CachingDisabled") + '"'),
                clock)) {
            int colon = field.indexOf(':');
            edge.read("/p", field.substring(0, colon), field.substring(colon + 2));

            assertThat(origin.requests().getLast().contains(field)).isEqualTo(goes);
        }
    }

    /// Writes one of the modes of an origin request policy.
    private static String mode(String name, String... headers) {
        var listed = Arrays.stream(headers).map(header -> '"' + header + '"').collect(Collectors.joining(", "));
        return "{\"headerBehavior\": \"" + name + '"'
                + (headers.length == 0 ? "}" : ", \"headers\": [" + listed + "]}");
    }

    private String ownHost() {
        return "Host: 127.0.0.1:" + origin.port() + "\n";
    }

    /// What the origin saw, without the empty line at the end of a head that nothing follows.
    private String seen(String headers, String others, String line, String more, String... body) throws IOException {
        return seenUnder(configuration(headers, others), line, more, body);
    }

    private String seenUnder(String configuration, String line, String more, String... body) throws IOException {
        try (var edge = new RunningEdge(folder, configuration, clock);
                var viewer = edge.connect()) {
            var head = VIEWER.formatted(line).replaceFirst("\r\n\r\n", "\r\n" + more + "\r\n");
            viewer.getOutputStream().write((head + String.join("", body)).getBytes(StandardCharsets.ISO_8859_1));
            await().until(() -> !origin.requests().isEmpty());
            var seen = origin.requests().getLast().replace("\r\n", "\n").replaceAll("(X-Nearside-Id: ).*", "$1ID");
            return seen.endsWith("\n\n") && body.length == 0 ? seen.substring(0, seen.length() - 1) : seen;
        }
    }

    private String configuration(String headers, String others) {
        return """
                {"distributions": [{"name": "demo", "enabled": true, "aliases": ["localhost", "127.0.0.1"],
                  "origins": [{"id": "site", "domainName": "127.0.0.1", "httpPort": %d,
                    "originProtocolPolicy": "http-only", "originPath": "/base"}],
                  "defaultCacheBehavior": {"targetOriginId": "site", "cachePolicyId": "path",
                    "originRequestPolicyId": "sent",
                    "allowedMethods": ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"]}}],
                 "cachePolicies": [{"name": "path", "minTTL": 0, "defaultTTL": 60, "maxTTL": 60}],
                 "originRequestPolicies": [{"name": "sent", "headersConfig": %s,
                   "cookiesConfig": {"cookieBehavior": "%s"}, "queryStringsConfig": {"queryStringBehavior": "%s"}}]}
                """.formatted(origin.port(), headers, others, others);
    }
}

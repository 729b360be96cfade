package dev.nearside.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.edge.ScriptedOrigin.Say;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Routing, keys and the legacy form of a behavior, from outside: bytes in, bytes out, and what the origin saw.
class RoutingScenarioTest {

    @TempDir
    static Path folder;

    private static final ScriptedOrigin ORIGIN = new ScriptedOrigin();
    private static Edge edge;

    /// One edge for all; each test has paths of its own.
    @BeforeAll
    static void start() throws IOException {
        Files.writeString(folder.resolve("nearside.json"), configuration(ORIGIN.port()));
        edge = SmallNode.in(folder).start();
        ORIGIN.on("/x", Say.ok("plain"));
        ORIGIN.on("/wide/x", Say.ok("wide"));
        ORIGIN.on("/narrow/x", Say.ok("narrow"));
        ORIGIN.on("/home.html", Say.ok("home", "Cache-Control", "max-age=60"));
        ORIGIN.on("///", Say.ok("slashes"));
    }

    @AfterAll
    static void stop() {
        edge.close();
        ORIGIN.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # request                                          | status | said
        GET /x HTTP/1.1, Host: site.example                | 200    | plain
        GET /x HTTP/1.1, Host: SITE.Example:8081           | 200    | plain
        GET /x HTTP/1.1, Host: a.wide.example              | 200    | wide
        GET /x HTTP/1.1, Host: a.b.wide.example            | 200    | wide
        GET /x HTTP/1.1, Host: a.narrow.wide.example       | 200    | narrow
        GET /x HTTP/1.1, Host: wide.example                | 403    | -
        GET /x HTTP/1.1, Host: nobody.example              | 403    | -
        GET /x HTTP/1.1, Host: site.example.               | 400    | -
        GET /x HTTP/1.0, Host: site.example                | 200    | plain
        GET /x HTTP/1.0, Accept: */*                       | 400    | -
        GET /x HTTP/1.1, Host: off.example                 | 403    | -
        GET / HTTP/1.1, Host: site.example                 | 200    | home
        HEAD / HTTP/1.1, Host: site.example                | 200    | -
        POST / HTTP/1.1, Host: site.example, Content-Length: 0 | 200 | home
        GET /// HTTP/1.1, Host: site.example               | 200    | slashes
        GET /x HTTP/1.1, Host: site.example, Content-Length: 1 | 403 | -
        TRACE /x HTTP/1.1, Host: site.example              | 403    | -
        BREW /x HTTP/1.1, Host: site.example               | 403    | -
        CONNECT site.example:443 HTTP/1.1, Host: site.example:443 | 400 | -
        POST /read/x HTTP/1.1, Host: site.example, Content-Length: 0 | 403 | -
        GET /safe/x HTTP/1.1, Host: site.example           | 403    | -
        """)
    void aRequestGoesWhereItsNameAndPathSay(String request, int status, String said) throws IOException {
        var answer = ask(request);

        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        if (!said.equals("-")) assertThat(answer.body()).isEqualTo(said);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # request                                                         | status | Location
        GET /moved/a%20b?x=1&y HTTP/1.1, Host: site.example:8081           | 301    | https://site.example/moved/a%20b?x=1&y
        POST /moved/x HTTP/1.1, Host: site.example, Content-Length: 0      | 307    | https://site.example/moved/x
        POST /moved/x HTTP/1.0, Host: site.example, Content-Length: 0      | 403    | -
        GET /moved/x HTTP/1.0, Host: site.example                          | 301    | https://site.example/moved/x
        """)
    void clearTextIsSentToHttps(String request, int status, String location) throws IOException {
        var answer = ask(request);

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.header("Location").orElse("-")).isEqualTo(location);
    }

    @Test
    void aUrlHasAnEnd() throws IOException {
        var longest = "GET /safe/" + "x".repeat(8_192 - 6);

        assertThat(ask(longest + " HTTP/1.1, Host: site.example").status()).isEqualTo(403); // over clear text
        assertThat(ask(longest + "x HTTP/1.1, Host: site.example").status()).isEqualTo(414);
        assertThat(ask(longest + "x".repeat(9_000) + " HTTP/1.1, Host: site.example")
                        .status())
                .isEqualTo(414);
    }

    @Test
    void theRawPathGoesToTheOriginWhateverItMatchedAs() throws IOException {
        ORIGIN.on("/a/../read/%78", Say.ok("raw"));

        assertThat(ask("POST /a/../read/%78 HTTP/1.1, Host: site.example, Content-Length: 0")
                        .status())
                .isEqualTo(403); // as /read/*
        assertThat(ask("GET /a/../read/%78 HTTP/1.1, Host: site.example").body())
                .isEqualTo("raw");
        assertThat(ORIGIN.trips("/a/../read/%78")).hasSize(1);
    }

    @Test
    void aBehaviorWithoutPoliciesForwardsAndKeysByItsOwnRules() throws IOException {
        ORIGIN.on("/legacy/a", Say.ok("a", "Cache-Control", "max-age=60"));
        var path = "/legacy/a?keyed=1&other=%s HTTP/1.1, Host: site.example, X-Unlisted: %s, X-Listed: %s, Cookie: %s";
        var always = ", Accept: text/html, Referer: http://b.example/, X-Forwarded-Host: evil.example,"
                + " X-Original-URL: /evil, Accept-Encoding: br, User-Agent: test";

        ask(path.formatted("1", "1", "1", "session-a=1; x=1") + always);
        assertThat(ask(path.formatted("2", "2", "1", "x=2; session-a=1") + always)
                        .xCache())
                .isEqualTo("Hit from nearside");
        assertThat(ask(path.formatted("1", "1", "2", "session-a=1") + always).xCache())
                .isEqualTo("Miss from nearside");
        assertThat(ask(path.formatted("1", "1", "1", "session-a=2") + always).xCache())
                .isEqualTo("Miss from nearside");

        var sent = ORIGIN.trips("/legacy/a").getFirst();
        assertThat(sent.target()).isEqualTo("/legacy/a?keyed=1&other=1");
        assertThat(sent.headers().first("X-Unlisted")).contains("1");
        assertThat(sent.headers().first("X-Listed")).contains("1");
        assertThat(sent.headers().first("Cookie")).contains("session-a=1");
        assertThat(sent.headers().first("User-Agent")).contains("nearside");
        assertThat(sent.headers().first("Accept-Encoding")).contains("identity");
        for (var name : new String[] {"Accept", "Referer", "X-Forwarded-Host", "X-Original-URL"}) {
            assertThat(sent.headers().has(name)).as(name).isFalse();
        }
    }

    @Test
    void varyWorksOverHeadersThatABehaviorWithoutPoliciesForwardsUnlisted() throws IOException {
        ORIGIN.on("/legacy/b", Say.ok("b", "Cache-Control", "max-age=60", "Vary", "X-Unlisted"));
        var line = "/legacy/b HTTP/1.1, Host: site.example, X-Unlisted: ";

        assertThat(ask(line + "1").xCache()).isEqualTo("Miss from nearside");
        assertThat(ask(line + "2").xCache()).isEqualTo("Miss from nearside");
        assertThat(ask(line + "1").xCache()).isEqualTo("Hit from nearside");
        assertThat(ORIGIN.trips("/legacy/b")).hasSize(2);
    }

    @Test
    void aBehaviorThatForwardsAllHeadersCachesNothing() throws IOException {
        ORIGIN.on("/all/c", Say.ok("c", "Cache-Control", "max-age=60"));

        ask("/all/c HTTP/1.1, Host: site.example, Accept: text/html");
        assertThat(ask("/all/c HTTP/1.1, Host: site.example, Accept: text/html").xCache())
                .isEqualTo("Miss from nearside");
        assertThat(ORIGIN.trips("/all/c")).hasSize(2).allSatisfy(trip -> {
            assertThat(trip.headers().first("Accept")).contains("text/html");
            assertThat(trip.headers().first("Host")).contains("site.example");
        });
    }

    /// An answer, as bytes.
    private record Answer(String text) {
        int status() {
            return Integer.parseInt(text.split(" ", 3)[1]);
        }

        Optional<String> header(String name) {
            return Arrays.stream(text.substring(0, text.indexOf("\r\n\r\n")).split("\r\n", -1))
                    .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT) + ":"))
                    .map(line -> line.substring(name.length() + 1).strip())
                    .findFirst();
        }

        String xCache() {
            return header("X-Cache").orElse("");
        }

        String body() {
            return text.substring(text.indexOf("\r\n\r\n") + 4);
        }
    }

    /// Sends a request written in one line, its fields behind commas; `GET` if it begins with a slash.
    private static Answer ask(String line) throws IOException {
        var request =
                (line.startsWith("/") ? "GET " + line : line).replace(", ", "\r\n") + "\r\nConnection: close\r\n\r\n";
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), edge.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new Answer(new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1));
        }
    }

    private static String configuration(int port) {
        return """
                {"distributions": [%s, %s, %s, %s]}
                """.formatted(
                        site("site", "site.example", "", true, port),
                        site("wide", "*.wide.example", "/wide", true, port),
                        site("narrow", "*.narrow.wide.example", "/narrow", true, port),
                        site("off", "off.example", "", false, port));
    }

    private static String site(String name, String alias, String originPath, boolean enabled, int port) {
        return """
                {"name": "%s", "enabled": %s, "aliases": ["%s"], "defaultRootObject": "home.html",
                 "origins": [{"id": "site", "domainName": "127.0.0.1", "httpPort": %d, "originPath": "%s",
                   "originProtocolPolicy": "http-only"}],
                 "defaultCacheBehavior": {"targetOriginId": "site", "cachePolicyId": "CachingOptimized",
                   "allowedMethods": ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"]},
                 "cacheBehaviors": [
                   {"pathPattern": "/read/*", "targetOriginId": "site", "cachePolicyId": "CachingOptimized"},
                   {"pathPattern": "/safe/*", "targetOriginId": "site", "cachePolicyId": "CachingOptimized",
                     "viewerProtocolPolicy": "https-only"},
                   {"pathPattern": "/moved/*", "targetOriginId": "site", "cachePolicyId": "CachingOptimized",
                     "allowedMethods": ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"],
                     "viewerProtocolPolicy": "redirect-to-https"},
                   {"pathPattern": "/legacy/*", "targetOriginId": "site", "forwardedValues": {"queryString": true,
                     "queryStringCacheKeys": ["keyed"], "headers": ["X-Listed"],
                     "cookies": {"forward": "whitelist", "whitelistedNames": ["session-*"]}}},
                   {"pathPattern": "/all/*", "targetOriginId": "site", "forwardedValues": {"queryString": false,
                     "headers": ["*"]}}]}""".formatted(name, enabled, alias, port, originPath);
    }
}

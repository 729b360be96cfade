package dev.nearside.control.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.nearside.model.wire.Json;
import dev.nearside.model.wire.api.Explanation;
import dev.nearside.model.wire.api.ProblemDocument;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The command as people use it, against a server that keeps what it is asked.
class ExplainMainTest {
    private HttpServer server;
    private String answer;
    private int status;
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            heard.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            heard.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            heard.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            var bytes = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
        status = 200;
        answer = Json.write(explanation());
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private int run(String... arguments) {
        var command = ExplainMain.commandLine(Map.of("NEARSIDE_TOKEN", "from-environment"));
        return command.setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).execute(arguments);
    }

    private String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @Test
    void asksTheControlPlaneAndPrintsTheSentenceFirst() {
        int exit = run(
                "http://a.test/x",
                "-H",
                "Accept: text/html",
                "-H",
                "Cookie: a=b",
                "--edge",
                "edge-1",
                "-X",
                "HEAD",
                "--client-ip",
                "::1",
                "--control-plane",
                address());

        assertThat(exit).isZero();
        assertThat(heard)
                .containsExactly(
                        "POST /api/v1/explain",
                        "Bearer from-environment",
                        "{\"clientIp\":\"::1\",\"edge\":\"edge-1\",\"headers\":{\"Accept\":\"text/html\",\"Cookie\":\"a=b\"},"
                                + "\"method\":\"HEAD\",\"url\":\"http://a.test/x\"}");
        assertThat(out.toString()).startsWith("""
                HIT (HIT)
                Served from the cache.
                Told by edge-1 at 2026-01-31T12:00:00Z, snapshot 3.
                """);
        assertThat(out.toString())
                .contains("tried                /api/*")
                .contains("Key 00ff")
                .contains("* matches              *")
                .contains("GET /x")
                .contains("* may be served")
                .contains("tag                    product:42")
                .contains("an invalidation of #product:42 reaches it");
    }

    @Test
    void asksAnEdgeWithoutAToken(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("token"), "secret\n");

        run(
                "http://a.test/x",
                "--management",
                address(),
                "--token-file",
                folder.resolve("token").toString());

        assertThat(heard).startsWith("POST /explain", "null");
    }

    @Test
    void takesTheTokenFromAFile(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("token"), "from-file\n");

        run(
                "http://a.test/x",
                "--control-plane",
                address(),
                "--token-file",
                folder.resolve("token").toString());

        assertThat(heard).contains("Bearer from-file");
    }

    @Test
    void printsTheAnswerAsItCame() {
        run("http://a.test/x", "--control-plane", address(), "--json");

        assertThat(out.toString().strip()).isEqualTo(answer);
    }

    @Test
    void saysWhatIsWrongInOneLine() {
        status = 400;
        answer = Json.write(new ProblemDocument(
                "urn:x",
                "Bad",
                400,
                "x",
                "-",
                List.of(new ProblemDocument.Entry("url", "\"x\" (expected: a URL)")),
                null));

        assertThat(run("x", "--control-plane", address())).isEqualTo(1);
        assertThat(err.toString()).isEqualTo("url: \"x\" (expected: a URL)\n");
    }

    @Test
    void saysWhereATokenIsExpected() {
        status = 401;
        answer = Json.write(new ProblemDocument("urn:x", "Unauthorized", 401, "a bearer token", "-", null, null));

        assertThat(run("http://a.test/", "--control-plane", address())).isEqualTo(1);
        var command = ExplainMain.commandLine(Map.of());
        command.setErr(new PrintWriter(err)).execute("http://a.test/", "--control-plane", address());

        assertThat(err.toString()).isEqualTo("""
                the API token is not known to %s/ (expected: one that is valid there, in NEARSIDE_TOKEN or in a file behind --token-file)
                an API token is missing (expected: in NEARSIDE_TOKEN, or in a file behind --token-file)
                """.formatted(address()));
    }

    @Test
    void aHeaderNeedsAColon() {
        assertThat(run("http://a.test/", "-H", "Accept")).isEqualTo(2);
        assertThat(err.toString()).startsWith("-H: \"Accept\" (expected: 'Name: value')");
    }

    @Test
    void saysWhoCannotBeReached() {
        server.stop(0);

        assertThat(run("http://a.test/", "--control-plane", address())).isEqualTo(1);
        assertThat(err.toString()).startsWith(address() + "/api/v1/explain cannot be reached");
    }

    private static Explanation explanation() {
        return new Explanation(
                "edge-1",
                Instant.parse("2026-01-31T12:00:00Z"),
                3,
                "hit",
                "HIT",
                "Served from the cache.",
                null,
                new Explanation.Match(
                        "E1",
                        "demo",
                        "/x",
                        false,
                        "*",
                        List.of(
                                new Explanation.Tried("/api/*", false, "/x does not match"),
                                new Explanation.Tried("*", true, "the default")),
                        "CachingOptimized",
                        null,
                        "SimpleCORS"),
                new Explanation.Key(
                        "00ff",
                        List.of(
                                new Explanation.KeyPart("path", null, "/x", "always"),
                                new Explanation.KeyPart("header", "accept", null, "listed")),
                        List.of()),
                new Explanation.ToOrigin(
                        "GET /x",
                        List.of(new Explanation.Header("Host", "a.test")),
                        List.of(new Explanation.Asked("site", "http://127.0.0.1:8060", "the target"))),
                new Explanation.StoredObject(
                        200,
                        List.of(new Explanation.Header("Cache-Control", "max-age=60")),
                        Instant.EPOCH,
                        Instant.EPOCH,
                        "",
                        0,
                        List.of("product:42"),
                        true,
                        null,
                        1.5,
                        60,
                        true,
                        List.of(new Explanation.Step("time since arrival", 1.5, true)),
                        List.of(new Explanation.Step("max-age", 60, true)),
                        List.of(new Explanation.Window("while it is refreshed", 30.0, true, "allowed"))));
    }
}

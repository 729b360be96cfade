package dev.nearside.control.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The command as deploy scripts use it, against a server that keeps what it is asked.
class InvalidateMainTest {
    private static final String DISTRIBUTIONS = """
            {"items": [{"id": "E1", "version": 1, "etag": "e", "lastModifiedTime": "2026-01-31T12:00:00Z",
             "author": "ann", "comment": "", "status": "Deployed", "config": {"name": "shop"}}]}
            """;
    private static final String DONE = """
            {"id": "i-1", "distributionId": "E1", "position": 7, "status": "Completed",
             "createTime": "2026-01-31T12:00:00Z", "author": "ann", "pathCount": 1, "paths": ["/a"],
             "summary": {"applied": 2, "waiting": 0, "unreachable": 0, "drained": 1}, "edges": []}
            """;
    private static final String MISSING = """
            {"type": "urn:nearside:problem:edges-missing", "title": "Not enough edges have applied the invalidation",
             "status": 504, "detail": "1 of 2 edges have, 2 are waited for. Invalidation i-1 stands.",
             "problems": [{"path": "edges.edge-2", "message": "unreachable, last seen at 2026-01-31T11:00:00Z"}]}
            """;

    private record Reply(int status, String body, Map<String, String> headers) {
        Reply(int status, String body) {
            this(status, body, Map.of());
        }
    }

    private HttpServer server;
    private final Queue<Reply> replies = new ArrayDeque<>();
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            boolean isList = exchange.getRequestURI().getPath().equals("/api/v1/distributions");
            if (!isList) heard.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + body);
            var reply = isList ? new Reply(200, DISTRIBUTIONS) : replies.remove();
            reply.headers().forEach(exchange.getResponseHeaders()::add);
            var bytes = reply.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(reply.status(), bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private int run(String... arguments) {
        var command = InvalidateMain.commandLine(Map.of("NEARSIDE_TOKEN", "from-environment"));
        return command.setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).execute(arguments);
    }

    private String here() {
        return "--control-plane=http://127.0.0.1:" + server.getAddress().getPort();
    }

    @Test
    void endsWithZeroWhenEveryEdgeHasAppliedIt(@TempDir Path folder) throws IOException {
        replies.add(new Reply(201, DONE));
        var more = Files.writeString(folder.resolve("paths"), "/b*\n\n  #Tag \n");

        int exit = run("/a", "--distribution=shop", "--soft", "--reference=deploy-7", "--paths-from=" + more, here());

        assertThat(exit).isZero();
        assertThat(out.toString()).isEqualTo("i-1: 2 of 2 edges have applied it, 1 drained\n");
        assertThat(heard)
                .containsExactly("POST /api/v1/distributions/E1/invalidations?wait=all&timeout=30s"
                        + " {\"callerReference\":\"deploy-7\",\"paths\":[\"/a\",\"/b*\",\"#Tag\"],\"soft\":true}");
    }

    @Test
    void endsWithOneAndNamesTheEdgesThatAreMissing() {
        replies.add(new Reply(504, MISSING));

        assertThat(run("--all", "--distribution=E1", "--timeout=1s", here())).isEqualTo(1);

        assertThat(err.toString())
                .contains("Invalidation i-1 stands.")
                .contains("edges.edge-2: unreachable, last seen at 2026-01-31T11:00:00Z");
        assertThat(heard.getFirst()).contains("timeout=1s").contains("\"paths\":[\"/*\"]");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # --wait | what is asked
            all      | ?wait=all&timeout=30s
            quorum   | ?wait=quorum&timeout=30s
            2        | ?wait=quorum&quorum=2&timeout=30s
            60%      | ?wait=quorum&quorum=60%25&timeout=30s
            none     | ?wait=none
            """)
    void waitsForSoMany(String wait, String query) {
        replies.add(new Reply(200, DONE));

        assertThat(run("/a", "--distribution=shop", "--wait=" + wait, here())).isZero();

        assertThat(heard.getFirst()).contains("/invalidations" + query + " {");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # status | exit
            400      | 2
            403      | 2
            404      | 2
            409      | 2
            413      | 2
            500      | 3
            502      | 3
            504      | 3
            """)
    void endsWithTwoWhenRefusedAndThreeWhenNobodyCanSay(int status, int exit) {
        replies.add(new Reply(status, "{\"type\": \"urn:nearside:problem:x\", \"title\": \"No\", \"status\": 400}"));

        assertThat(run("/a", "--distribution=shop", here())).isEqualTo(exit);
        assertThat(err.toString()).isEqualTo("No\n");
    }

    @Test
    void saysTheSameAgainToAnotherControlPlaneWhenOneDoesNotAnswer() throws IOException {
        int nobody;
        try (var closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = closed.getLocalPort();
        }
        replies.add(new Reply(503, ""));
        replies.add(new Reply(201, DONE));

        assertThat(run("/a", "--distribution=shop", here().replace("=http", "=http://127.0.0.1:" + nobody + ",http")))
                .isZero();

        assertThat(heard).hasSize(2);
        assertThat(heard.get(0)).isEqualTo(heard.get(1)).contains("callerReference");
    }

    @Test
    void endsWithThreeWhenNobodyAnswers() {
        server.stop(0);

        assertThat(run("/a", "--distribution=shop", "--timeout=1s", here())).isEqualTo(3);

        assertThat(err.toString()).contains("cannot be reached: nobody answers there");
    }

    @Test
    void waitsUntilThereIsRoomAndEndsWithTwoIfThatIsTooLate() {
        replies.add(new Reply(
                429, "{\"type\": \"x\", \"title\": \"Too many\", \"status\": 429}", Map.of("Retry-After", "1")));
        replies.add(new Reply(201, DONE));
        assertThat(run("/a", "--distribution=shop", here())).isZero();

        replies.add(new Reply(
                429, "{\"type\": \"x\", \"title\": \"Too many\", \"status\": 429}", Map.of("Retry-After", "50")));
        assertThat(run("/a", "--distribution=shop", "--timeout=2s", here())).isEqualTo(2);
        assertThat(err.toString()).isEqualTo("Too many\n");
    }

    @Test
    void aTokenThatIsNotKnownIsNamed() {
        replies.add(new Reply(
                401, "{\"type\": \"urn:nearside:problem:not-authenticated\", \"title\": \"x\", \"status\": 401}"));
        assertThat(run("/a", "--distribution=shop", here())).isEqualTo(2);
        assertThat(err.toString()).startsWith("the API token is not known to http://127.0.0.1:");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # arguments                                | what is said
            --distribution=shop                        | nothing to invalidate
            /a                                         | --distribution: missing (expected: NAME)
            /a --distribution=other                    | --distribution: other (expected: the name or id of a distribution
            /a --distribution=shop --wait=some         | --wait: some
            /a --distribution=shop --timeout=soon      | --timeout: soon
            /a --distribution=shop --paths-from=/none  | --paths-from: /none
            /a --distribution=shop --token-file=/none  | --token-file: /none
            /a --distribution=shop --hard              | --hard: no such option
            /a --distribution=shop --control-plane=http://10.0.0.5:8070 | 10.0.0.5:8070 is on another machine
            """)
    void endsWithTwoWhenItIsNotUnderstood(String arguments, String said) {
        var all = (arguments + " " + here()).split(" +", -1);

        assertThat(run(all)).isEqualTo(2);

        assertThat(err.toString()).contains(said);
        assertThat(heard).isEmpty();
    }
}

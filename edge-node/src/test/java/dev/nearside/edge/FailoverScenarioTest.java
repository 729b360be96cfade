package dev.nearside.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.edge.ScriptedOrigin.Say;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A group of two origins (CF§1.4).
class FailoverScenarioTest {

    @TempDir
    Path folder;

    private final HandMovedClock clock = new HandMovedClock();
    private final ScriptedOrigin primary = new ScriptedOrigin();
    private final ScriptedOrigin secondary = new ScriptedOrigin();

    @AfterEach
    void stop() {
        primary.close();
        secondary.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # primary      | listed          | method  | status | by
        200            | 500             | GET     | 200    | primary
        404            | 500             | GET     | 404    | primary
        404            | 404, 500        | GET     | 200    | secondary
        404            | 404             | HEAD    | 200    | secondary
        503            | 503             | OPTIONS | 200    | secondary
        503            | 503             | POST    | 503    | primary
        503            | 503             | PUT     | 503    | primary
        500            | 502, 503, 504   | GET     | 500    | primary
        refuses        | 503             | GET     | 200    | secondary
        refuses        | 500, 502, 504   | GET     | 502    | nobody
        refuses        | 503             | DELETE  | 502    | nobody
        silent         | 504             | GET     | 200    | secondary
        silent         | 500, 502, 503   | GET     | 504    | nobody
        hangs up       | 503             | GET     | 200    | secondary
        talks nonsense | 502             | GET     | 200    | secondary
        talks nonsense | 503, 504        | GET     | 502    | nobody
        """)
    void theSecondOriginIsAskedWhereTheListSaysSo(String does, String listed, String method, int status, String by)
            throws Exception {
        var silence = Promise.<Say>promise();
        secondary.on("/x", Say.ok("secondary"));
        secondary.on("/base/x", Say.ok("secondary", "X-By", "secondary"));
        try (var blunt = new BluntOrigin().on("/x", "SMTP 220 hello\r\n\r\n");
                var deaf = new HangingUp()) {
            int port = switch (does) {
                case "refuses" -> closedPort();
                case "talks nonsense" -> blunt.port();
                case "hangs up" -> deaf.port();
                case "silent" -> {
                    primary.on("/x", _ -> silence.future());
                    yield primary.port();
                }
                default -> {
                    primary.on("/x", Say.status(Integer.parseInt(does), "X-By", "primary"));
                    yield primary.port();
                }
            };
            try (var edge = new RunningEdge(folder, configuration(port, secondary.port(), listed), clock)) {
                var answer = edge.ask(method, "/x");

                assertThat(answer.statusCode()).isEqualTo(status);
                assertThat(answer.headers().firstValue("X-By").orElse("nobody")).isEqualTo(by);
                assertThat(secondary.trips("/base/x")).hasSize(by.equals("secondary") ? 1 : 0);
            }
        }
    }

    @Test
    void eachOriginHasItsOwnPathHostAndHeaders() throws Exception {
        primary.on("/x", Say.status(500));
        secondary.on("/base/x", Say.ok("here", "Cache-Control", "max-age=60"));
        try (var edge = new RunningEdge(folder, configuration(primary.port(), secondary.port(), "500"), clock)) {
            var first = edge.read("/x?b=1", "X-Who", "viewer");
            var again = edge.read("/x?b=1");

            assertThat(first.body()).isEqualTo("here");
            assertThat(first.headers().firstValue("X-Cache")).contains("Miss from nearside");
            assertThat(first.headers().firstValue("Cache-Status"))
                    .hasValueSatisfying(status -> assertThat(status)
                            .startsWith("nearside; fwd=uri-miss; fwd-status=200;")
                            .endsWith("; stored"));
            assertThat(again.headers().firstValue("X-Cache")).contains("Hit from nearside");
            var asked = secondary.trips("/base/x").getFirst();
            assertThat(asked.target()).isEqualTo("/base/x?b=1");
            assertThat(asked.headers().all("Host")).containsExactly("127.0.0.1:" + secondary.port());
            assertThat(asked.headers().all("X-Who")).containsExactly("second");
            assertThat(primary.trips("/x").getFirst().headers().all("X-Who")).containsExactly("first");
        }
    }

    @Test
    void whatTheSecondOriginSaysIsFinalAndThePrimaryIsAskedFirstAgain() throws Exception {
        primary.on("/x", Say.status(503));
        secondary.on("/base/x", Say.status(503, "X-By", "secondary"));
        try (var edge = new RunningEdge(folder, configuration(primary.port(), secondary.port(), "503, 504"), clock)) {
            for (int i = 1; i <= 3; i++) {
                var answer = edge.read("/x");
                assertThat(answer.statusCode()).isEqualTo(503);
                assertThat(answer.headers().firstValue("X-By")).contains("secondary");
                assertThat(answer.headers().firstValue("X-Cache")).contains("Error from nearside");
                assertThat(primary.trips("/x")).hasSize(i);
                assertThat(secondary.trips("/base/x")).hasSize(i);
                clock.pass(Duration.ofSeconds(11)); // the error was cached
            }
        }
    }

    @Test
    void aRequestWithABodyIsNotSentTwice() throws Exception {
        primary.on("/x", Say.status(503));
        try (var edge = new RunningEdge(folder, configuration(primary.port(), secondary.port(), "503"), clock)) {
            var answer = edge.ask("OPTIONS", "/x", HttpRequest.BodyPublishers.ofString("body"));

            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(secondary.trips("/base/x")).isEmpty();
        }
    }

    @Test
    void whatIsStoredIsConfirmedByTheSecondOriginToo() throws Exception {
        primary.on("/x", Say.ok("page", "Cache-Control", "max-age=10", "ETag", "\"1\""));
        secondary.on(
                "/base/x",
                asked -> Future.succeededFuture(
                        asked.headers().all("If-None-Match").contains("\"1\"")
                                ? Say.status(304, "ETag", "\"1\"")
                                : Say.status(500)));
        try (var edge = new RunningEdge(folder, configuration(primary.port(), secondary.port(), "503"), clock)) {
            edge.read("/x");
            clock.pass(Duration.ofSeconds(11));
            primary.on("/x", Say.status(503));
            var answer = edge.read("/x");

            assertThat(answer.body()).isEqualTo("page");
            assertThat(answer.headers().firstValue("X-Cache")).contains("RefreshHit from nearside");
        }
    }

    /// Reads a request and says nothing.
    private static final class HangingUp implements AutoCloseable {
        private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

        HangingUp() throws IOException {
            Thread.ofVirtual().start(() -> {
                try {
                    while (true) {
                        try (var socket = server.accept()) {
                            socket.getInputStream().read();
                        }
                    }
                } catch (IOException _) {
                    // closed
                }
            });
        }

        int port() {
            return server.getLocalPort();
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }

    private static int closedPort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static String configuration(int primary, int secondary, String listed) {
        return """
                {"distributions": [{"name": "demo", "enabled": true, "aliases": ["127.0.0.1"],
                  "origins": [
                    {"id": "first", "domainName": "127.0.0.1", "httpPort": %d, "originProtocolPolicy": "http-only",
                      "connectionAttempts": 1, "originReadTimeout": 1,
                      "customHeaders": [{"name": "X-Who", "value": "first"}]},
                    {"id": "second", "domainName": "127.0.0.1", "httpPort": %d, "originProtocolPolicy": "http-only",
                      "originPath": "/base", "customHeaders": [{"name": "X-Who", "value": "second"}]}],
                  "originGroups": [{"id": "both", "failoverCriteria": {"statusCodes": [%s]},
                    "members": [{"originId": "first"}, {"originId": "second"}]}],
                  "defaultCacheBehavior": {"targetOriginId": "both",
                    "allowedMethods": ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"],
                    "cachedMethods": ["GET", "HEAD", "OPTIONS"],
                    "cachePolicyId": "CachingOptimized",
                    "originRequestPolicyId": "AllViewerExceptHostHeader"}}]}
                """.formatted(primary, secondary, listed);
    }
}

package dev.nearside.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.util.internal.PlatformDependent;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Viewers and origins who mean harm, or lie: nobody else notices, and nothing is left behind.
class AttackScenarioTest {

    private static final String HANDSHAKE = """
            GET /ws/talk HTTP/1.1\r
            Host: localhost\r
            Connection: Upgrade\r
            Upgrade: websocket\r
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
            Sec-WebSocket-Version: 13\r
            \r
            """;

    private final HandMovedClock clock = new HandMovedClock();
    private HostileOrigin origin;
    private RunningEdge edge;

    @BeforeEach
    void start(@TempDir Path folder) throws IOException {
        origin = new HostileOrigin();
        edge = new RunningEdge(folder, """
                {"distributions": [{"name": "demo", "enabled": true, "aliases": ["127.0.0.1", "localhost"],
                  "origins": [{"id": "site", "domainName": "127.0.0.1", "httpPort": %d, "connectionAttempts": 1,
                    "originReadTimeout": 2, "originProtocolPolicy": "http-only"}],
                  "cacheBehaviors": [{"pathPattern": "/ws/*", "targetOriginId": "site",
                    "allowedMethods": ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"],
                    "cachePolicyId": "CachingDisabled", "originRequestPolicyId": "AllViewer"},
                    {"pathPattern": "/read/*", "targetOriginId": "site", "cachePolicyId": "CachingOptimized"}],
                  "defaultCacheBehavior": {"targetOriginId": "site",
                    "allowedMethods": ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"],
                    "cachePolicyId": "UseOriginCacheControlHeaders-QueryStrings"}}]}
                """.formatted(origin.port()), clock);
    }

    @AfterEach
    void stop() throws IOException {
        edge.close();
        origin.close();
    }

    /// What it says to a path, from the head on.
    @FunctionalInterface
    interface Saying {
        void say(String head, OutputStream out) throws IOException;
    }

    /// An origin below HTTP that says what it likes, and counts.
    private static final class HostileOrigin implements AutoCloseable {
        private final BareOrigin bare = new BareOrigin(this::serve);
        private final Map<String, Saying> script = new ConcurrentHashMap<>();
        private final AtomicInteger open = new AtomicInteger();

        HostileOrigin() throws IOException {}

        int port() {
            return bare.port();
        }

        int open() {
            return open.get();
        }

        void on(String path, Saying saying) {
            script.put(path, saying);
        }

        void on(String path, String answer) {
            on(path, (_, out) -> write(out, answer));
        }

        private void serve(Socket socket) throws IOException {
            open.incrementAndGet();
            try {
                var in = socket.getInputStream();
                var out = new BufferedOutputStream(socket.getOutputStream(), 65_536);
                for (var head = BareOrigin.head(in); !head.isEmpty(); head = BareOrigin.head(in)) {
                    var saying = script.get(head.split(" ", 3)[1]);
                    if (saying == null) write(out, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
                    else saying.say(head, out);
                    out.flush();
                }
            } finally {
                open.decrementAndGet();
            }
        }

        @Override
        public void close() throws IOException {
            bare.close();
        }
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /// A chain of promises as long as what is skipped would break under its own length.
    @Test
    void aPartBehindManySmallPiecesArrives() throws Exception {
        int length = 300_000;
        origin.on("/film", (_, out) -> {
            write(out, "HTTP/1.1 206 Partial Content\r\nCache-Control: no-store\r\nTransfer-Encoding: chunked\r\n");
            write(out, "Content-Range: bytes 0-%d/%d\r\n\r\n".formatted(length - 1, 2 * length));
            for (int i = 0; i < length / 10_000; i++) write(out, "1\r\nx\r\n".repeat(10_000));
            write(out, "0\r\n\r\n");
        });

        var answer = edge.raw(get("/film", "Range: bytes=%d-%d".formatted(length - 3, length - 2)));

        assertThat(answer).startsWith("HTTP/1.1 206 ").endsWith("\r\n\r\nxx");
    }

    @Test
    void anOriginThatSendsMoreThanItSaidIsLeftThoughNobodyWaits() throws Exception {
        var caching = "\r\nCache-Control: max-age=1, stale-while-revalidate=600\r\n";
        origin.on("/page", "HTTP/1.1 200 OK\r\nETag: \"1\"" + caching + "Content-Length: 5\r\n\r\nhello");
        assertThat(edge.read("/page").body()).isEqualTo("hello");
        clock.pass(Duration.ofSeconds(5));
        var left = new CompletableFuture<IOException>();
        origin.on("/page", (_, out) -> {
            write(out, "HTTP/1.1 206 OK\r\nETag: \"2\"" + caching + "Content-Range: bytes 0-4/5\r\n");
            write(out, "Transfer-Encoding: chunked\r\n\r\n");
            try {
                while (true) {
                    write(out, "5\r\nhello\r\n");
                    out.flush();
                    LockSupport.parkNanos(1_000_000);
                }
            } catch (IOException end) {
                left.complete(end);
                throw end;
            }
        });

        // It is not refreshed while the first trip is about to end.
        await().until(() -> {
            assertThat(edge.read("/page", "Range", "bytes=0-1").body()).isEqualTo("he");
            return left.isDone();
        });
    }

    /// Who talks WebSocket talks for hours; there are only so many connections for requests.
    @Test
    void manyTunnelsLeaveTheOriginToOthers() throws Exception {
        origin.on("/ws/talk", """
                HTTP/1.1 101 Switching\r
                Connection: Upgrade\r
                Upgrade: websocket\r
                Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r
                \r
                """);
        origin.on("/page", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        var tunnels = new ArrayList<Socket>();
        try {
            for (int i = 0; i < 300; i++) {
                var socket = edge.connect();
                tunnels.add(socket);
                write(socket.getOutputStream(), HANDSHAKE);
            }
            for (var socket : tunnels) {
                assertThat(socket.getInputStream().readNBytes(12)).asString().isEqualTo("HTTP/1.1 101");
            }
            assertThat(edge.read("/page").body()).isEqualTo("ok");
        } finally {
            for (var socket : tunnels) socket.close();
        }
        await().untilAsserted(() -> assertThat(origin.open()).isLessThan(5));
    }

    /// The sample of RFC 6455, section 1.3, and what is not its answer.
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # what the origin says                                                        | switches
        Upgrade: websocket~Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=          | true
        Upgrade: websocket                                                            | false
        Upgrade: websocket~Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo           | false
        Upgrade: websocket~Sec-WebSocket-Accept: HSmrc0sMlYUkAGmm5OPpG2HaGWk=          | false
        Upgrade: websocket~Sec-WebSocket-Accept: S3PPLMBITXAQ9KYGZZHZRBK+XOO=          | false
        Upgrade: other~Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=              | false
        Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=                             | false
        """)
    void onlyWhoAnswersThisVeryHandshakeSwitches(String says, boolean switches) throws Exception {
        origin.on(
                "/ws/talk",
                "HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\n" + says.replace("~", "\r\n") + "\r\n\r\n");
        try (var viewer = edge.connect()) {
            write(viewer.getOutputStream(), HANDSHAKE);

            assertThat(viewer.getInputStream().readNBytes(12))
                    .asString()
                    .isEqualTo(switches ? "HTTP/1.1 101" : "HTTP/1.1 502");
        }
    }

    @Test
    void aBodyThatNobodyReadsLeavesNoMemoryBehind() throws Exception {
        var body = "1\r\nx\r\n".repeat(8_000);
        long before = PlatformDependent.usedDirectMemory();
        for (int i = 0; i < 500; i++) {
            try (var viewer = edge.connect()) {
                write(
                        viewer.getOutputStream(),
                        "POST /read/x HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n" + body);
                assertThat(viewer.getInputStream().readNBytes(12)).asString().isEqualTo("HTTP/1.1 403");
            }
        }
        assertThat(PlatformDependent.usedDirectMemory() - before).isLessThan(8 << 20);
    }

    @Test
    void aViewerWhoLeavesInTheMiddleLeavesNoMemoryBehind() throws Exception {
        origin.on("/film", (_, out) -> {
            write(out, "HTTP/1.1 200 OK\r\nCache-Control: no-store\r\nTransfer-Encoding: chunked\r\n\r\n");
            var some = "400\r\n" + "x".repeat(1_024) + "\r\n";
            while (true) write(out, some);
        });
        long before = PlatformDependent.usedDirectMemory();
        for (int i = 0; i < 300; i++) {
            try (var viewer = edge.connect()) {
                write(viewer.getOutputStream(), get("/film"));
                assertThat(viewer.getInputStream().readNBytes(100_000)).hasSize(100_000);
            }
        }
        await().untilAsserted(() -> assertThat(origin.open()).isLessThan(5));
        assertThat(PlatformDependent.usedDirectMemory() - before).isLessThan(8 << 20);
    }

    private static String get(String path, String... lines) {
        var more = lines.length == 0 ? "" : String.join("\r\n", lines) + "\r\n";
        return "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n" + more + "\r\n";
    }
}

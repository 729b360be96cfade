package dev.nearside.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Viewers and origins that speak WebSocket through the edge (CF§10.5).
class WebSocketTest {

    private static final String HANDSHAKE = """
            GET %s HTTP/1.1\r
            Host: localhost\r
            Connection: %s\r
            Upgrade: %s\r
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
            Sec-WebSocket-Version: 13\r
            \r
            """;

    private static final String SWITCHING = """
            HTTP/1.1 101 Switching Protocols\r
            Connection: Upgrade\r
            Upgrade: websocket\r
            Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r
            \r
            """;

    @TempDir
    Path folder;

    private final HandMovedClock clock = new HandMovedClock();
    private final Vertx vertx = Vertx.vertx();
    /// Kept: one that is garbage closes its connections.
    private final WebSocketClient client = vertx.createWebSocketClient();

    private final List<String> ordinary = new CopyOnWriteArrayList<>();
    private final CompletableFuture<ServerWebSocket> accepted = new CompletableFuture<>();
    private RunningEdge edge;
    private HttpServer origin;

    @BeforeEach
    void start() throws Exception {
        origin = vertx.createHttpServer()
                .webSocketHandshakeHandler(handshake -> {
                    if (handshake.path().equals("/refused")) handshake.reject(403);
                    else handshake.accept();
                })
                .webSocketHandler(socket -> {
                    accepted.complete(socket);
                    if (socket.path().equals("/echo")) {
                        socket.textMessageHandler(text -> socket.writeTextMessage(text + "!"));
                        socket.binaryMessageHandler(socket::writeBinaryMessage);
                    }
                })
                .requestHandler(request -> {
                    ordinary.add(String.valueOf(request.getHeader("Upgrade")));
                    request.response().end("ordinary");
                })
                .listen(0, "127.0.0.1")
                .await();
        edge = new RunningEdge(folder, configuration(origin.actualPort()), clock);
    }

    @AfterEach
    void stop() {
        edge.close();
        vertx.close().await();
    }

    @Test
    void messagesGoBothWaysAndOneLineIsLogged() throws Exception {
        var heard = new CopyOnWriteArrayList<String>();
        var socket = client.connect(options("/echo")).await();
        socket.textMessageHandler(heard::add);

        socket.writeTextMessage("hello");
        await().until(() -> heard.equals(List.of("hello!")));
        socket.writeTextMessage("again");
        await().until(() -> heard.equals(List.of("hello!", "again!")));
        assertThat(edge.logged()).isEmpty();
        socket.close().await();

        await().untilAsserted(() -> assertThat(edge.logged()).hasSize(1));
        var line = edge.logged().getFirst().split("\t", -1);
        assertThat(line[8]).isEqualTo("101");
        assertThat(line[13]).isEqualTo("Miss");
        assertThat(line[16]).isEqualTo("ws");
        assertThat(Integer.parseInt(line[3])).isGreaterThan(24);
        assertThat(edge.management("/metrics")).contains("result=\"pass\"} 1");
    }

    @Test
    void aFloodGoesThroughWholeThoughTheOriginIsSlow() throws Exception {
        var socket = client.connect(options("/echo")).await();
        var origins = accepted.get(5, TimeUnit.SECONDS);
        origins.pause();
        var block = new byte[60_000];
        Arrays.fill(block, (byte) 7);
        var heard = new CopyOnWriteArrayList<Buffer>();
        socket.binaryMessageHandler(heard::add);

        for (int i = 0; i < 300; i++) socket.writeBinaryMessage(Buffer.buffer(block));
        assertThat(heard).isEmpty();
        origins.resume();

        await().until(() -> heard.size() == 300);
        assertThat(heard).allSatisfy(bytes -> assertThat(bytes.getBytes()).isEqualTo(block));
        socket.close().await();
    }

    @Test
    void whenTheOriginEndsSoDoesTheViewer() throws Exception {
        var ended = new CompletableFuture<Short>();
        var socket = client.connect(options("/held")).await();
        socket.closeHandler(_ -> ended.complete(socket.closeStatusCode()));

        accepted.get(5, TimeUnit.SECONDS).close((short) 4001);

        assertThat(ended.get(5, TimeUnit.SECONDS)).isEqualTo((short) 4001);
        await().untilAsserted(() -> assertThat(edge.logged()).hasSize(1));
    }

    @Test
    void aViewerWhoHasNoMoreToSayStillListens() throws Exception {
        try (var viewer = edge.connect()) {
            viewer.getOutputStream()
                    .write(HANDSHAKE.formatted("/held", "Upgrade", "websocket").getBytes(StandardCharsets.US_ASCII));
            var socket = accepted.get(5, TimeUnit.SECONDS);
            var read = new byte[12];
            viewer.getInputStream().readNBytes(read, 0, 12);
            assertThat(new String(read, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 101");
            // They are in conversation.
            socket.writeTextMessage("!");
            while (viewer.getInputStream().read() != '!') {
                // the rest of the head
            }
            // An origin that hears of the end before it has said its words may keep them to itself.
            socket.writeTextMessage("last words").await(5, TimeUnit.SECONDS);
            viewer.shutdownOutput();

            assertThat(new String(viewer.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .contains("last words");
        }
    }

    /// Together with its handshake, or as soon as it has been answered: whatever is ready by then.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aViewerMayHaveNothingToSayAtAll(boolean atOnce) throws Exception {
        try (var blunt = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            edge.close();
            edge = new RunningEdge(folder, configuration(blunt.getLocalPort()), clock);
            for (int i = 0; i < 20; i++) {
                try (var viewer = edge.connect()) {
                    viewer.getOutputStream().write(handshake("/x"));
                    if (atOnce) viewer.shutdownOutput();
                    try (var socket = blunt.accept()) {
                        socket.setSoTimeout(5_000);
                        readHead(socket);
                        socket.getOutputStream().write(SWITCHING.getBytes(StandardCharsets.US_ASCII));
                        readHead(viewer);
                        if (!atOnce) viewer.shutdownOutput();
                        assertThat(socket.getInputStream().read())
                                .as("the origin hears of it")
                                .isEqualTo(-1);
                        socket.getOutputStream().write("last words".getBytes(StandardCharsets.US_ASCII));
                    }
                    assertThat(readAll(viewer)).isEqualTo("last words");
                }
            }
        }
    }

    @Test
    void anOriginMayThinkForLongAfterTheViewerHasEnded() throws Exception {
        try (var blunt = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            edge.close();
            edge = new RunningEdge(folder, configuration(blunt.getLocalPort()), clock);
            try (var viewer = edge.connect()) {
                viewer.getOutputStream().write(handshake("/x"));
                viewer.shutdownOutput();
                try (var socket = blunt.accept()) {
                    readHead(socket);
                    socket.getOutputStream().write(SWITCHING.getBytes(StandardCharsets.US_ASCII));
                    // Longer than two times that a viewer who has ended waits for the next byte of a response.
                    await().pollDelay(Duration.ofMillis(4_200)).until(() -> true);
                    socket.getOutputStream().write("last words".getBytes(StandardCharsets.US_ASCII));
                }
                readHead(viewer);
                assertThat(readAll(viewer)).isEqualTo("last words");
            }
        }
    }

    /// As much as a slow receiver does not take at once, and then the end.
    @ParameterizedTest
    @ValueSource(ints = {1, 10_000, 1_000_000, 20_000_000})
    void theOriginsLastWordsAreHeardWhole(int size) throws Exception {
        var words = new byte[size];
        Arrays.fill(words, (byte) 'w');
        try (var blunt = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            edge.close();
            edge = new RunningEdge(folder, configuration(blunt.getLocalPort()), clock);
            try (var viewer = edge.connect()) {
                viewer.getOutputStream().write(handshake("/x"));
                var origin = CompletableFuture.runAsync(() -> {
                    try (var socket = blunt.accept()) {
                        readHead(socket);
                        socket.getOutputStream().write(SWITCHING.getBytes(StandardCharsets.US_ASCII));
                        socket.getOutputStream().write(words);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
                readHead(viewer);
                await().pollDelay(Duration.ofMillis(300)).until(() -> true);
                assertThat(viewer.getInputStream().readAllBytes()).hasSize(size);
                origin.get(5, TimeUnit.SECONDS);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {10_000, 20_000_000})
    void theViewersLastWordsAreHeardWhole(int size) throws Exception {
        try (var blunt = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            edge.close();
            edge = new RunningEdge(folder, configuration(blunt.getLocalPort()), clock);
            try (var viewer = edge.connect()) {
                viewer.getOutputStream().write(handshake("/x"));
                try (var socket = blunt.accept()) {
                    socket.setSoTimeout(5_000);
                    readHead(socket);
                    socket.getOutputStream().write(SWITCHING.getBytes(StandardCharsets.US_ASCII));
                    readHead(viewer);
                    var speaking = CompletableFuture.runAsync(() -> {
                        try {
                            viewer.getOutputStream().write(new byte[size]);
                            viewer.shutdownOutput();
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    });
                    await().pollDelay(Duration.ofMillis(300)).until(() -> true);
                    assertThat(socket.getInputStream().readAllBytes()).hasSize(size);
                    speaking.get(5, TimeUnit.SECONDS);
                }
            }
        }
    }

    private static byte[] handshake(String path) {
        return HANDSHAKE.formatted(path, "Upgrade", "websocket").getBytes(StandardCharsets.US_ASCII);
    }

    private static void readHead(Socket socket) throws IOException {
        if (BareOrigin.head(socket.getInputStream()).isEmpty()) throw new EOFException("the end before or in a head");
    }

    private static String readAll(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }

    @Test
    void anOriginThatRefusesIsHeard() throws Exception {
        var refused = client.connect(options("/refused"));

        assertThat(catchThrowable(
                        () -> refused.toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS)))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        UpgradeRejectedException.class,
                        rejected -> assertThat(rejected.getStatus()).isEqualTo(403));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # path     | Connection           | Upgrade        | switches
        /echo      | Upgrade              | websocket      | true
        /echo      | keep-alive, Upgrade  | websocket      | true
        /echo      | upgrade              | WebSocket      | true
        /echo      | keep-alive           | websocket      | false
        /echo      | Upgrade              | h2c            | false
        /echo      | Upgrade              | TLS/1.0        | false
        /plain/x   | Upgrade              | websocket      | false
        """)
    void onlyAWebSocketThatThePolicyLetsThroughSwitches(
            String path, String connection, String upgrade, boolean switches) throws Exception {
        try (var viewer = edge.connect()) {
            viewer.getOutputStream()
                    .write(HANDSHAKE.formatted(path, connection, upgrade).getBytes(StandardCharsets.US_ASCII));
            var head = new String(viewer.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);

            assertThat(head).isEqualTo(switches ? "HTTP/1.1 101" : "HTTP/1.1 200");
            assertThat(ordinary).isEqualTo(switches ? List.of() : List.of("null"));
        }
    }

    private WebSocketConnectOptions options(String path) {
        return new WebSocketConnectOptions()
                .setHost("127.0.0.1")
                .setPort(edge.port())
                .setURI(path);
    }

    private static String configuration(int port) {
        return """
                {"distributions": [{"name": "demo", "enabled": true, "aliases": ["localhost", "127.0.0.1"],
                  "origins": [{"id": "site", "domainName": "127.0.0.1", "httpPort": %d,
                    "originProtocolPolicy": "http-only"}],
                  "defaultCacheBehavior": {"targetOriginId": "site", "cachePolicyId": "CachingDisabled",
                    "originRequestPolicyId": "AllViewer"},
                  "cacheBehaviors": [{"pathPattern": "/plain/*", "targetOriginId": "site",
                    "cachePolicyId": "CachingOptimized"}]}]}
                """.formatted(port);
    }
}

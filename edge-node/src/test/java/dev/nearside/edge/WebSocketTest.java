package dev.nearside.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocketConnectOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
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

    @TempDir
    Path folder;

    private final HandMovedClock clock = new HandMovedClock();
    private final Vertx vertx = Vertx.vertx();
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
        var socket = vertx.createWebSocketClient().connect(options("/echo")).await();
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
        var socket = vertx.createWebSocketClient().connect(options("/echo")).await();
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
        var socket = vertx.createWebSocketClient().connect(options("/held")).await();
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
            socket.writeTextMessage("last words");
            viewer.shutdownOutput();

            assertThat(new String(viewer.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .contains("last words");
        }
    }

    @Test
    void anOriginThatRefusesIsHeard() throws Exception {
        var refused = vertx.createWebSocketClient().connect(options("/refused"));

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

package dev.nearside.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.nearside.edge.RawHttp2.Ending;
import dev.nearside.edge.ScriptedOrigin.Say;
import dev.nearside.edge.accept.Certificates;
import dev.nearside.edge.http.Headers;
import io.netty.util.internal.PlatformDependent;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Slow viewers, and a node that is told to stop while viewers are there.
class LeavingTest {

    private static final long MB = 1 << 20;

    private final ScriptedOrigin origin = new ScriptedOrigin();

    @TempDir
    Path folder;

    private Certificates.Pair certificate;
    private Edge edge;

    @BeforeEach
    void start() throws IOException {
        Files.writeString(folder.resolve("nearside.json"), """
                {"distributions": [{"name": "demo", "enabled": true, "aliases": ["a.example"],
                  "origins": [{"id": "site", "domainName": "127.0.0.1", "httpPort": %d, "originProtocolPolicy": "http-only"}],
                  "defaultCacheBehavior": {"targetOriginId": "site",
                    "cachePolicyId": "UseOriginCacheControlHeaders-QueryStrings"}}]}
                """.formatted(origin.port()));
        certificate = PemFiles.write(folder, "a", 100, "a.example");
        open(Duration.ofSeconds(20));
    }

    private void open(Duration toFinish) throws IOException {
        edge = SmallNode.in(folder)
                .secure(List.of(certificate), Duration.ofHours(1))
                .waitingForHeads(Duration.ofMillis(200))
                .finishingWithin(toFinish)
                .start();
    }

    @AfterEach
    void stop() {
        edge.close();
        origin.close();
    }

    @Test
    void whoNeverFinishesAHeadIsLeft() throws IOException {
        for (var begun : List.of("G", "GET / HTTP/1.1\r\nHost: a.exa", "GET / HTTP/1.1\r\nHost: a.example\r\n")) {
            try (var viewer = connect()) {
                write(viewer, begun);
                long before = System.nanoTime();
                assertThat(viewer.getInputStream().read()).isEqualTo(-1);
                assertThat(Duration.ofNanos(System.nanoTime() - before))
                        .isBetween(Duration.ofMillis(150), Duration.ofSeconds(5));
            }
        }
    }

    @Test
    void aHeadMayBeginWhileTheAnswerBeforeItIsUnderWay() throws Exception {
        var release = Promise.<Say>promise();
        origin.on("/slow", _ -> release.future());
        origin.on("/next", Say.ok("next"));
        try (var viewer = connect()) {
            write(viewer, "GET /slow HTTP/1.1\r\nHost: a.example\r\n\r\nGET /next HT");
            await().until(() -> origin.trips("/slow").size() == 1);
            await().pollDelay(Duration.ofMillis(500)).until(() -> true);
            release.complete(Say.ok("slow"));
            write(viewer, "TP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n");
            assertThat(readAll(viewer)).contains("\r\n\r\nslowHTTP/1.1 200 ").endsWith("next");
        }
    }

    @Test
    void whoReadsSlowlyHoldsLittle() throws Exception {
        await().atMost(Duration.ofSeconds(30)).until(() -> readiness().contains(" 200 "));
        var body = "x".repeat(20 << 20);
        origin.on("/film", Say.ok(body, "Cache-Control", "max-age=60"));
        try (var first = connect()) {
            write(first, "GET /film HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n");
            assertThat(first.getInputStream().readAllBytes()).hasSizeGreaterThan(body.length());
        }
        assertThat(origin.trips("/film")).hasSize(1);
        long before = PlatformDependent.usedDirectMemory();
        var viewers = new ArrayList<AutoCloseable>();
        try {
            for (int i = 0; i < 20; i++) {
                var plain = connect();
                viewers.add(plain);
                write(plain, "GET /film HTTP/1.1\r\nHost: a.example\r\n\r\n");
                assertThat(plain.getInputStream().read()).isEqualTo('H');
                var http2 = new RawHttp2(edge.securePort(), "a.example");
                viewers.add(http2);
                http2.get(1, "a.example", "/film");
                http2.next();
            }
            await().pollDelay(Duration.ofMillis(500)).until(() -> true);
            assertThat(origin.trips("/film")).as("all of them from the cache").hasSize(1);
            // 40 bodies of 20 MB were asked for
            assertThat(PlatformDependent.usedDirectMemory() - before).isLessThan(64 * MB);
        } finally {
            for (var viewer : viewers) viewer.close();
        }
    }

    @Test
    void whatIsUnderWayIsFinishedBeforeTheNodeStops() throws Exception {
        var release = Promise.<Say>promise();
        origin.on("/slow", _ -> release.future());
        try (var viewer = connect();
                var http2 = new RawHttp2(edge.securePort(), "a.example");
                var idle = connect()) {
            write(viewer, "GET /slow HTTP/1.1\r\nHost: a.example\r\n\r\n");
            http2.get(1, "a.example", "/slow?2");
            await().until(() -> origin.trips("/slow").size() == 2);

            int port = edge.port();
            var closing = CompletableFuture.runAsync(edge::close);
            await().untilAsserted(
                            () -> assertThat(readiness()).contains(" 503 ").endsWith("stopping\n"));
            assertThat(idle.getInputStream().read()).isEqualTo(-1);
            await().untilAsserted(() -> assertThatThrownBy(
                            () -> new Socket(InetAddress.getLoopbackAddress(), port).close())
                    .isInstanceOf(ConnectException.class));
            assertThat(closing).isNotDone();

            release.complete(new Say(200, Headers.EMPTY, List.of(Buffer.buffer("at last"))));
            assertThat(readAll(viewer))
                    .startsWith("HTTP/1.1 200 ")
                    .containsPattern("(?i)\r\nconnection: close\r\n")
                    .endsWith("at last");
            assertThat(http2.afterGoAway(1)).isEqualTo(new Ending.Answered(200, "at last"));
            http2.leave(); // it has all; the node would wait for it
            closing.join();
        }
    }

    /// As browsers do, it gives the window back as it reads, to the very end: what it says must not reset the
    /// connection that its last bytes are still on.
    @Test
    void aDownloadOverHttp2ArrivesWholeThoughTheNodeStops() throws Exception {
        int size = 12 << 20;
        origin.on("/film", Say.ok("x".repeat(size)));
        try (var viewer = new RawHttp2(edge.securePort(), "a.example")) {
            viewer.get(1, "a.example", "/film");
            for (int stream : new int[] {0, 1}) viewer.open(stream, size);
            while (viewer.next().orElseThrow().type() != RawHttp2.HEADERS) {
                // what belongs to the connection
            }
            var closing = CompletableFuture.runAsync(edge::close);
            await().untilAsserted(() -> assertThat(readiness()).contains(" 503 "));

            long read = 0;
            boolean whole = false;
            for (var frame = viewer.next(); frame.isPresent(); frame = viewer.next()) {
                if (frame.get().type() != RawHttp2.DATA) continue;
                int bytes = frame.get().payload().readableBytes();
                read += bytes;
                whole |= frame.get().endsStream();
                if (bytes > 0) viewer.open(0, bytes);
            }
            viewer.leave(); // it has all; the node would wait for it
            closing.join();

            assertThat(read).isEqualTo(size);
            assertThat(whole).as("the end of the stream").isTrue();
        }
        var line = logged().getFirst().split("\t", -1);
        assertThat(line[3]).as("bytes").isEqualTo(Integer.toString(size));
        assertThat(line[13]).as("result").isEqualTo("Miss");
        assertThat(line[28]).as("detailed result").isNotEqualTo("ClientCommError");
    }

    private List<String> logged() throws IOException {
        try (var files = Files.list(folder.resolve("data").resolve("access-log"))) {
            var lines = new ArrayList<String>();
            for (var file : files.toList()) lines.addAll(Files.readAllLines(file, StandardCharsets.ISO_8859_1));
            lines.removeIf(line -> line.startsWith("#"));
            return lines;
        }
    }

    @Test
    void whatDoesNotEndIsEnded() throws Exception {
        edge.close();
        open(Duration.ofMillis(500));
        origin.on("/never", _ -> Promise.<Say>promise().future());
        try (var viewer = connect()) {
            write(viewer, "GET /never HTTP/1.1\r\nHost: a.example\r\n\r\n");
            await().until(() -> origin.trips("/never").size() == 1);
            long before = System.nanoTime();
            edge.close();
            assertThat(Duration.ofNanos(System.nanoTime() - before))
                    .isBetween(Duration.ofMillis(450), Duration.ofSeconds(10));
            assertThat(viewer.getInputStream().read()).isEqualTo(-1);
        }
    }

    private String readiness() throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), edge.managementPort())) {
            socket.setSoTimeout(5_000);
            write(socket, "GET /health/ready HTTP/1.0\r\n\r\n");
            return readAll(socket);
        }
    }

    private Socket connect() throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), edge.port());
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String readAll(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
}

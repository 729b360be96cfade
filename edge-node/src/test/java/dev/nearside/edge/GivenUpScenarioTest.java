package dev.nearside.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Viewers who go away before the origin has said anything: an origin that thinks for long must not be kept busy by
/// nobody.
class GivenUpScenarioTest {

    private static final String ANSWER = "HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Length: 2\r\n\r\nok";

    @TempDir
    Path folder;

    private final BareOrigin origin = new BareOrigin(this::listen);
    private final List<Socket> asked = new CopyOnWriteArrayList<>();
    private final AtomicInteger left = new AtomicInteger();
    private RunningEdge edge;

    GivenUpScenarioTest() throws IOException {}

    @BeforeEach
    void start() throws IOException {
        edge = new RunningEdge(
                folder,
                RunningEdge.site(origin.port()),
                new HandMovedClock(),
                node -> node.finishingWithin(Duration.ofMillis(100)));
    }

    /// Never answers by itself.
    private void listen(Socket socket) throws IOException {
        try {
            if (socket.getInputStream().read() >= 0) asked.add(socket);
            while (socket.getInputStream().read() >= 0) {
                // goes on listening
            }
        } finally {
            left.incrementAndGet();
        }
    }

    @AfterEach
    void stop() throws IOException {
        edge.close();
        origin.close();
    }

    private Socket ask(String method, String path, String more) throws IOException {
        var viewer = new Socket(InetAddress.getLoopbackAddress(), edge.port());
        viewer.setSoTimeout(10_000);
        viewer.getOutputStream()
                .write("%s %s HTTP/1.1\r\nHost: %s\r\n%s\r\n"
                        .formatted(method, path, edge.host(), more)
                        .getBytes(StandardCharsets.US_ASCII));
        return viewer;
    }

    private static void reset(Socket viewer) throws IOException {
        viewer.setSoLinger(true, 0);
        viewer.close();
    }

    @Test
    void aTripThatNobodyWaitsForEnds() throws IOException {
        var viewers = new ArrayList<Socket>();
        for (int i = 0; i < 20; i++) viewers.add(ask("GET", "/page/" + i, ""));
        await().until(() -> asked.size() == 20);

        for (var viewer : viewers) reset(viewer);

        await().until(() -> left.get() == 20);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /film Range:bytes=5-9", "HEAD /page X:y", "GET /page Authorization:me"})
    void whateverWasWanted(String wanted) throws IOException {
        var words = wanted.split(" ", -1);
        var viewer = ask(words[0], words[1], words[2] + "\r\n");
        await().until(() -> asked.size() == 1);

        reset(viewer);

        await().until(() -> left.get() == 1);
    }

    @Test
    void itGoesOnWhileAnybodyWaits() throws IOException {
        var leader = ask("GET", "/page", "");
        await().until(() -> asked.size() == 1);
        var follower = ask("GET", "/page", "Connection: close\r\n");
        // Whoever asks after it on the same event loop has been taken in after it.
        for (int i = 0; i < 8; i++) ask("GET", "/other/" + i, "");
        await().until(() -> asked.size() == 9);
        reset(leader);
        asked.getFirst().getOutputStream().write(ANSWER.getBytes(StandardCharsets.US_ASCII));

        assertThat(new String(follower.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                .startsWith("HTTP/1.1 200")
                .endsWith("ok");
        assertThat(asked).hasSize(9);
    }

    @Test
    void itSaysNothingOfTheOriginsHealth() throws IOException {
        var viewer = ask("GET", "/page", "");
        await().until(() -> asked.size() == 1);
        reset(viewer);
        await().until(() -> left.get() == 1);

        var next = ask("GET", "/page", "Connection: close\r\n");
        await().until(() -> asked.size() == 2);
        asked.getLast().getOutputStream().write(ANSWER.getBytes(StandardCharsets.US_ASCII));

        assertThat(new String(next.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                .startsWith("HTTP/1.1 200");
    }

    /// One slice is stored; the viewer waits for another one, to begin with or when it has come that far.
    @ParameterizedTest
    @ValueSource(strings = {"bytes=2097152-2097160", "bytes=0-"})
    void aSliceThatNobodyWaitsFor(String range) throws IOException {
        ask("GET", "/film", "Range: bytes=0-9\r\n");
        await().until(() -> asked.size() == 1);
        var slice = "HTTP/1.1 206 Partial Content\r\nConnection: close\r\nCache-Control: max-age=60\r\nETag: \"v\"\r\n"
                + "Content-Range: bytes 0-1048575/3145728\r\nContent-Length: 1048576\r\n\r\n" + "x".repeat(1 << 20);
        asked.getFirst().getOutputStream().write(slice.getBytes(StandardCharsets.US_ASCII));
        await().until(() -> new String(
                        ask("GET", "/film", "Range: bytes=0-9\r\nConnection: close\r\n")
                                .getInputStream()
                                .readAllBytes(),
                        StandardCharsets.US_ASCII)
                .contains("nearside; hit;"));
        await().until(() -> left.get() == 1);

        var viewer = ask("GET", "/film", "Range: " + range + "\r\n");
        await().until(() -> asked.size() == 2);
        reset(viewer);

        await().until(() -> left.get() == 2);
    }
}

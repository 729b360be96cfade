package dev.nearside.control.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nearside.control.Authority;
import dev.nearside.control.http.Requirement.Anyone;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Callers who never finish what they began, and callers who send much at once.
class SlowCallerTest {
    private static final Duration PATIENCE = Duration.ofMillis(200);

    /// So long nobody may be kept who is not to be.
    private static final int FAR_TOO_LONG = 10_000;

    private final CountDownLatch hold = new CountDownLatch(1);

    private ApiServer server(Optional<TlsFiles> tls) throws TlsFiles.Unusable {
        var take = Route.post("/take", new Anyone(), Route.Body.REQUIRED, call -> {
            hold.await();
            return new Answer.Text(200, "text/plain", "took " + call.body().length);
        });
        var slow = Route.get("/slow", new Anyone(), _ -> {
            hold.await();
            return new Answer.NoContent();
        });
        var listen = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        var server = new ApiServer(
                listen,
                tls,
                new RouteTable(List.of(take, slow)),
                _ -> new Caller.Stranger(),
                () -> "id",
                _ -> false,
                PATIENCE);
        server.start();
        return server;
    }

    private static Socket connect(ApiServer server) throws IOException {
        var socket = new Socket(server.uri().getHost(), server.uri().getPort());
        socket.setSoTimeout(FAR_TOO_LONG);
        return socket;
    }

    private static void say(Socket socket, String what) throws IOException {
        socket.getOutputStream().write(what.getBytes(StandardCharsets.US_ASCII));
    }

    /// Ended, in whatever manner.
    private static boolean hasEnded(Socket socket) throws IOException {
        try {
            while (socket.getInputStream().read() >= 0) {}
            return true;
        } catch (SocketTimeoutException _) {
            return false;
        } catch (IOException _) {
            return true;
        }
    }

    @Test
    void aHeadThatDoesNotEndIsGivenUp() throws Exception {
        try (var server = server(Optional.empty());
                var caller = connect(server)) {
            say(caller, "GET /slow HTTP/1.1\r\nHost: a\r\n");

            assertThat(hasEnded(caller)).isTrue();
        }
    }

    @Test
    void aBodyThatDoesNotEndIsGivenUp() throws Exception {
        try (var server = server(Optional.empty());
                var caller = connect(server)) {
            say(
                    caller,
                    "POST /take HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{");

            assertThat(hasEnded(caller)).isTrue();
        }
    }

    @Test
    void aBodyThatNobodyWantsAndThatDoesNotEndIsGivenUp() throws Exception {
        try (var server = server(Optional.empty());
                var caller = connect(server)) {
            say(caller, "POST /nowhere HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n{");

            assertThat(hasEnded(caller)).isTrue();
        }
    }

    @Test
    void aHandshakeThatDoesNotBeginIsGivenUp(@TempDir Path folder) throws Exception {
        var issued = Authority.root("Root").issue("127.0.0.1");
        var certificate = Files.writeString(folder.resolve("api.crt"), issued.pem());
        var key = Files.writeString(folder.resolve("api.key"), issued.key());
        try (var server = server(Optional.of(new TlsFiles(certificate, key, Optional.empty())));
                var caller = connect(server)) {
            assertThat(hasEnded(caller)).isTrue();
        }
    }

    @Test
    void whoWaitsForASlowAnswerIsNotGivenUp() throws Exception {
        try (var server = server(Optional.empty());
                var caller = connect(server)) {
            say(caller, "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
            caller.setSoTimeout((int) PATIENCE.multipliedBy(8).toMillis());
            assertThatThrownBy(() -> caller.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
            hold.countDown();

            caller.setSoTimeout(FAR_TOO_LONG);
            assertThat(new String(caller.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
                    .isEqualTo("HTTP/1.1 204");
        }
    }

    @Test
    void strangersWhoSendMuchAtOnceAreSentAway() throws Exception {
        var callers = new ArrayList<Socket>();
        try (var server = server(Optional.empty())) {
            var body = "\"" + "x".repeat((1 << 20) - 2) + "\"";
            for (int i = 0; i < 5; i++) {
                callers.add(connect(server));
                say(
                        callers.getLast(),
                        "POST /take HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: "
                                + body.length() + "\r\n\r\n" + body);
            }

            // Nobody else is answered before the others are let go.
            long end = System.nanoTime() + Duration.ofMillis(FAR_TOO_LONG).toNanos();
            while (!isAnyAnswered(callers) && System.nanoTime() < end) Thread.onSpinWait();
            hold.countDown();
            var told = new ArrayList<String>();
            for (var caller : callers) told.add(status(caller));
            assertThat(told).contains("HTTP/1.1 200", "HTTP/1.1 503").containsOnly("HTTP/1.1 200", "HTTP/1.1 503");
        } finally {
            for (var caller : callers) caller.close();
        }
    }

    private static boolean isAnyAnswered(List<Socket> callers) throws IOException {
        for (var caller : callers) if (caller.getInputStream().available() > 0) return true;
        return false;
    }

    private static String status(Socket caller) throws IOException {
        return new String(caller.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
    }
}

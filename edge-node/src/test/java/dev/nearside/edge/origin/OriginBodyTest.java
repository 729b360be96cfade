package dev.nearside.edge.origin;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nearside.edge.http.Headers;
import dev.nearside.edge.store.BodyReader;
import dev.nearside.model.origin.Origin;
import dev.nearside.model.origin.OriginId;
import dev.nearside.model.origin.OriginProtocolPolicy;
import dev.nearside.model.origin.Timeouts;
import io.netty.buffer.ByteBufUtil;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.VertxInternal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// An origin that closes its connection right behind the answer, and a viewer who takes its time.
class OriginBodyTest {

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
    private final Promise<Void> closed = Promise.promise();
    private ServerSocket origin;
    private OriginClient client;

    @BeforeEach
    void start() throws IOException {
        origin = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        client = new OriginClient(
                vertx,
                new OriginAddresses(vertx, Set.of(OriginAddresses.Range.LOOPBACK), InstantSource.system(), _ ->
                        new InetAddress[] {InetAddress.getLoopbackAddress()}),
                OriginTrust.of(Optional.empty()),
                new Health(InstantSource.system()),
                InstantSource.system(),
                System::nanoTime);
    }

    @AfterEach
    void stop() throws IOException {
        origin.close();
        vertx.close().await();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # framing | bytes
        LENGTH    | 1
        LENGTH    | 10000
        LENGTH    | 100000
        LENGTH    | 1000000
        LENGTH    | 10000000
        CHUNKED   | 1
        CHUNKED   | 10000
        CHUNKED   | 100000
        CHUNKED   | 1000000
        CHUNKED   | 10000000
        CLOSE     | 1
        CLOSE     | 10000
        CLOSE     | 100000
        CLOSE     | 1000000
        CLOSE     | 10000000
        """)
    void whatAnOriginSentBeforeItClosedIsReadToItsEnd(Framing framing, int size) throws Exception {
        serve(framing.said(size));

        var read = on(loop(), () -> ask("/last").compose(body -> pause().compose(_ -> read(body))));

        assertThat(read.get(10, SECONDS)).isEqualTo(body(size));
    }

    /// The connection is of another loop than the viewer, and somebody else has just much to do there.
    @ParameterizedTest
    @CsvSource({"LENGTH, 1000000", "CHUNKED, 1000000", "CLOSE, 1000000"})
    void thatHoldsWhileTheLoopOfTheConnectionIsBusy(Framing framing, int size) throws Exception {
        serve(framing.said(size));
        var theirs = loop();
        on(theirs, () -> ask("/first").compose(this::read)).get(10, SECONDS);
        var busy = new CompletableFuture<Void>();

        // The origin takes one connection and no more.
        var read = on(
                loop(),
                () -> ask("/last")
                        .compose(body -> pause().compose(_ -> {
                            theirs.runOnContext(_ -> busy.join());
                            vertx.setTimer(200, _ -> busy.complete(null));
                            return read(body);
                        })));

        assertThat(read.get(10, SECONDS)).isEqualTo(body(size));
    }

    @ParameterizedTest
    @CsvSource({"LENGTH, 1000", "LENGTH, 1000000", "CHUNKED, 1000", "CHUNKED, 1000000"})
    void whatIsCutOffIsNotTakenForWhole(Framing framing, int size) throws Exception {
        var whole = framing.said(size);
        serve(Arrays.copyOf(whole, whole.length - 3));

        var read = on(loop(), () -> ask("/last").compose(body -> pause().compose(_ -> read(body))));

        assertThatThrownBy(() -> read.get(10, SECONDS)).isInstanceOf(ExecutionException.class);
    }

    enum Framing {
        LENGTH,
        CHUNKED,
        CLOSE;

        byte[] said(int size) {
            var bytes = new ByteArrayOutputStream();
            bytes.writeBytes("HTTP/1.1 200 OK\r\n".getBytes(US_ASCII));
            switch (this) {
                case LENGTH ->
                    bytes.writeBytes(
                            "Content-Length: %d\r\n\r\n".formatted(size).getBytes(US_ASCII));
                case CHUNKED ->
                    bytes.writeBytes("Transfer-Encoding: chunked\r\n\r\n%x\r\n"
                            .formatted(size)
                            .getBytes(US_ASCII));
                case CLOSE -> bytes.writeBytes("\r\n".getBytes(US_ASCII));
            }
            bytes.writeBytes(body(size));
            if (this == CHUNKED) bytes.writeBytes("\r\n0\r\n\r\n".getBytes(US_ASCII));
            return bytes.toByteArray();
        }
    }

    private static byte[] body(int size) {
        var bytes = new byte[size];
        for (int i = 0; i < size; i++) bytes[i] = (byte) (i * 31 >> 3);
        return bytes;
    }

    /// Answers the requests of one connection; to the last one it says this, and closes.
    private void serve(byte[] last) {
        Thread.ofVirtual().start(() -> {
            try (var socket = origin.accept()) {
                while (!head(socket).startsWith("GET /last ")) {
                    socket.getOutputStream().write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".getBytes(US_ASCII));
                }
                socket.getOutputStream().write(last);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } finally {
                closed.complete();
            }
        });
    }

    private static String head(Socket socket) throws IOException {
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0)
            head.append((char) socket.getInputStream().read());
        return head.toString();
    }

    private Future<BodyReader> ask(String path) {
        int port = origin.getLocalPort();
        return client.ask(
                        new Origin(
                                new OriginId("site"),
                                "origin.example",
                                "",
                                List.of(),
                                OriginProtocolPolicy.HTTP_ONLY,
                                port,
                                443,
                                new Timeouts(
                                        1,
                                        Duration.ofSeconds(1),
                                        Duration.ofSeconds(5),
                                        Duration.ofSeconds(5),
                                        Optional.empty()),
                                Optional.empty()),
                        new OriginAddress("http", "origin.example", port),
                        new ForwardedRequest("GET", path, Headers.of("Host", "origin.example")),
                        Optional.empty(),
                        Optional.empty())
                .map(outcome -> ((OriginOutcome.Answered) outcome).body());
    }

    /// Until the origin has closed and that has come here; or for a while, if more was said than fits on the way.
    private Future<Void> pause() {
        return Future.any(closed.future(), vertx.timer(200, MILLISECONDS))
                .compose(_ -> vertx.timer(100, MILLISECONDS))
                .mapEmpty();
    }

    private Future<byte[]> read(BodyReader body) {
        var whole = Promise.<byte[]>promise();
        readOn(body, new ByteArrayOutputStream(), whole);
        return whole.future();
    }

    private static void readOn(BodyReader body, ByteArrayOutputStream read, Promise<byte[]> whole) {
        body.next().onFailure(whole::fail).onSuccess(bytes -> {
            boolean last = !bytes.isReadable();
            read.writeBytes(ByteBufUtil.getBytes(bytes));
            bytes.release();
            if (last) whole.complete(read.toByteArray());
            else readOn(body, read, whole);
        });
    }

    /// One that no other context here has.
    private Context loop() {
        return ((VertxInternal) vertx).createEventLoopContext();
    }

    private static <T> CompletableFuture<T> on(Context context, Supplier<Future<T>> work) {
        var done = new CompletableFuture<T>();
        context.runOnContext(_ -> work.get().onSuccess(done::complete).onFailure(done::completeExceptionally));
        return done;
    }
}

package dev.nearside.edge.origin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.edge.http.Headers;
import dev.nearside.edge.origin.OriginOutcome.Waiting;
import dev.nearside.edge.store.BodyReader;
import dev.nearside.model.origin.Origin;
import dev.nearside.model.origin.OriginId;
import dev.nearside.model.origin.OriginProtocolPolicy;
import dev.nearside.model.origin.Timeouts;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.OpenOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.streams.ReadStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Attempts and times (CF§1.3), in real time and small.
class OriginPatienceTest {

    private static final Duration READ = Duration.ofMillis(300);

    private final Vertx vertx = Vertx.vertx();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private InetAddress[] meaning;
    private final Health health = new Health(InstantSource.system());
    private OriginClient client;

    @BeforeEach
    void start() throws Exception {
        meaning = new InetAddress[] {InetAddress.ofLiteral("127.0.0.1")};
        client = new OriginClient(
                vertx,
                new OriginAddresses(
                        vertx, Set.of(OriginAddresses.Range.LOOPBACK), InstantSource.system(), _ -> meaning),
                OriginTrust.of(Optional.empty()),
                health,
                InstantSource.system(),
                System::nanoTime);
    }

    @AfterEach
    void stop() {
        vertx.close().await();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        GET    | 3 | 3
        HEAD   | 2 | 2
        GET    | 1 | 1
        POST   | 3 | 1
        DELETE | 3 | 1
        """)
    void whoDoesNotAnswerIsAskedAgainOnlyIfThatChangesNothing(String method, int attempts, int times) {
        var server = serve(_ -> {});

        var outcome = ask(server.actualPort(), method, attempts, Optional.empty(), Optional.empty());

        assertThat(outcome).isEqualTo(new OriginOutcome.TimedOut("origin.example", Waiting.NEXT_BYTE, READ));
        assertThat(asked).hasSize(times);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # method | attempts | answered | times
        GET      | 1        | true     | 3
        HEAD     | 1        | true     | 3
        POST     | 3        | false    | 2
        """)
    void aConnectionThatHadBeenClosedCostsNoAttempt(String method, int attempts, boolean answered, int times) {
        var once = new ArrayList<Object>();
        var server = serve(request -> {
            // The second request on a connection finds it closed.
            if (once.contains(request.connection())) request.connection().close();
            else request.response().end("hello");
            once.add(request.connection());
        });

        assertThat(ask(server.actualPort(), "GET", 1, Optional.empty(), Optional.empty()))
                .isInstanceOf(OriginOutcome.Answered.class);
        var outcome = ask(server.actualPort(), method, attempts, Optional.empty(), Optional.empty());

        assertThat(outcome instanceof OriginOutcome.Answered).isEqualTo(answered);
        assertThat(asked).hasSize(times);
    }

    @Test
    void aNewConnectionThatIsClosedWithoutAnAnswerIsAnAttempt() {
        var server = serve(request -> request.connection().close());

        assertThat(ask(server.actualPort(), "GET", 2, Optional.empty(), Optional.empty()))
                .isInstanceOf(OriginOutcome.Unreachable.class);
        assertThat(asked).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({"GET, false", "POST, true"})
    void theNextAttemptGoesToTheNextAddress(String method, boolean withBody) throws Exception {
        meaning = new InetAddress[] {InetAddress.ofLiteral("127.0.0.3"), InetAddress.ofLiteral("127.0.0.1")};
        var server = serve(request -> request.body().onSuccess(request.response()::end));
        var body = withBody ? Optional.of("hello") : Optional.<String>empty();

        assertThat(ask(server.actualPort(), method, 2, Optional.empty(), body))
                .isInstanceOfSatisfying(
                        OriginOutcome.Answered.class,
                        answered -> assertThat(answered.length()).hasValue(withBody ? 5 : 0));
        assertThat(asked).hasSize(1);
    }

    @Test
    void whoTakesNoConnectionIsTooLate() throws Exception {
        try (var deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var _ = new Socket(deaf.getInetAddress(), deaf.getLocalPort());
                var _ = new Socket(deaf.getInetAddress(), deaf.getLocalPort())) {
            var outcome = ask(deaf.getLocalPort(), "POST", 2, Optional.empty(), Optional.empty());

            assertThat(outcome)
                    .isEqualTo(
                            new OriginOutcome.TimedOut("origin.example", Waiting.CONNECTION, Duration.ofMillis(400)));
        }
    }

    @Test
    void theWholeAnswerHasItsTimeWithAllAttempts() {
        var server = serve(_ -> {});
        long began = System.nanoTime();

        var outcome = ask(server.actualPort(), "GET", 3, Optional.of(Duration.ofMillis(450)), Optional.empty());

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        OriginOutcome.TimedOut.class,
                        late -> assertThat(late.waiting()).isEqualTo(Waiting.WHOLE_ANSWER));
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofMillis(850));
        assertThat(asked).hasSize(2);
    }

    @Test
    void whoIsSilentInAHandshakeIsTooLate() throws Exception {
        try (var deaf = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            OriginOutcome outcome = onContext(() -> client.ask(
                    origin(deaf.getLocalPort(), 1, Optional.empty()),
                    new OriginAddress("https", "origin.example", deaf.getLocalPort()),
                    request("GET"),
                    Optional.empty(),
                    Optional.empty()));

            assertThat(outcome)
                    .isEqualTo(
                            new OriginOutcome.TimedOut("origin.example", Waiting.CONNECTION, Duration.ofMillis(400)));
        }
    }

    /// Each of these holds its connection, and the origin does nothing wrong.
    @Test
    void whoWaitsForAConnectionOfOursLearnsNothingOfTheOrigin() {
        var server = serve(request -> request.response().setChunked(true).write("begun"));
        int port = server.actualPort();
        var patient = origin(port, 1, Optional.empty(), Duration.ofSeconds(10));
        for (int i = 0; i < 256; i++) {
            OriginOutcome begun = onContext(
                    () -> client.ask(patient, address(port), request("GET"), Optional.empty(), Optional.empty()));
            assertThat(begun).isInstanceOf(OriginOutcome.Answered.class);
        }

        var waiting = IntStream.range(0, 4)
                .mapToObj(_ -> CompletableFuture.supplyAsync(
                        () -> ask(port, "GET", 3, Optional.empty(), Optional.empty()), Thread::startVirtualThread))
                .toList();
        assertThat(waiting)
                .allSatisfy(one -> assertThat(one.join()).isEqualTo(new OriginOutcome.Crowded("origin.example")));

        assertThat(health.mayTry(new Health.Place.Address(meaning[0], port))).isTrue();
    }

    @Test
    void aBodyThatStopsIsBrokenOff() {
        var server = serve(request -> request.response().setChunked(true).write("begun"));

        assertThat(onContext(() -> answer(server, Optional.empty()).compose(OriginPatienceTest::readAll)))
                .isEqualTo("TimeoutException");
    }

    @Test
    void aBodyThatDripsIsBrokenOffWhenTheTimeForAllIsOver() {
        var server = serve(request -> {
            request.response().setChunked(true);
            vertx.setPeriodic(50, _ -> request.response().write("drip"));
        });

        assertThat(onContext(() ->
                        answer(server, Optional.of(Duration.ofMillis(700))).compose(OriginPatienceTest::readAll)))
                .isEqualTo("TimeoutException");
    }

    @Test
    void aViewerWhoTakesItsTimeDoesNotMakeAnOriginLate() {
        var server = serve(request -> request.response().end("hello"));

        String read = onContext(() -> answer(server, Optional.empty())
                .compose(reader ->
                        vertx.timer(3 * READ.toMillis(), TimeUnit.MILLISECONDS).compose(_ -> readAll(reader))));

        assertThat(read).isEqualTo("hello");
    }

    @Test
    void anUploadThatTheOriginDoesNotTakeIsItsLateness() {
        var server = serve(HttpServerRequest::pause);

        var outcome = ask(server.actualPort(), "POST", 1, Optional.empty(), Optional.of("x".repeat(20_000_000)));

        assertThat(outcome).isEqualTo(new OriginOutcome.TimedOut("origin.example", Waiting.NEXT_BYTE, READ));
    }

    @Test
    void anEarlyAnswerToAnUploadIsPassedOnAndItsConnectionIsNotUsedAgain() {
        var connections = new CopyOnWriteArrayList<Object>();
        var server = serve(request -> {
            connections.add(request.connection());
            request.pause();
            request.response().setStatusCode(413).end("too much");
        });

        for (int i = 0; i < 2; i++) {
            assertThat(ask(server.actualPort(), "POST", 1, Optional.empty(), Optional.of("x".repeat(20_000_000))))
                    .isInstanceOfSatisfying(
                            OriginOutcome.Answered.class,
                            answered -> assertThat(answered.status()).isEqualTo(413));
        }
        assertThat(connections).doesNotHaveDuplicates().hasSize(2);
    }

    private HttpServer serve(Consumer<HttpServerRequest> answer) {
        return vertx.createHttpServer()
                .requestHandler(request -> {
                    asked.add(request.method().name());
                    answer.accept(request);
                })
                .listen(0, "127.0.0.1")
                .await();
    }

    private Future<BodyReader> answer(HttpServer server, Optional<Duration> completion) {
        return client.ask(
                        origin(server.actualPort(), 1, completion),
                        address(server.actualPort()),
                        request("GET"),
                        Optional.empty(),
                        Optional.empty())
                .map(outcome -> ((OriginOutcome.Answered) outcome).body());
    }

    /// All of it, or what went wrong.
    private static Future<String> readAll(BodyReader reader) {
        return reader.next()
                .compose(bytes -> {
                    var text = bytes.toString(StandardCharsets.UTF_8);
                    bytes.release();
                    return text.isEmpty()
                            ? Future.succeededFuture("")
                            : readAll(reader).map(rest -> rest.endsWith("Exception") ? rest : text + rest);
                })
                .otherwise(broken -> broken.getClass().getSimpleName());
    }

    private OriginOutcome ask(
            int port, String method, int attempts, Optional<Duration> completion, Optional<String> body) {
        return onContext(() -> client.ask(
                        origin(port, attempts, completion),
                        address(port),
                        request(method),
                        body.map(this::stream),
                        Optional.empty())
                .onSuccess(outcome -> {
                    if (outcome instanceof OriginOutcome.Answered answered && answered.status() == 200) {
                        readAll(answered.body());
                    }
                }));
    }

    /// A body that comes in pieces as fast as they are taken.
    private ReadStream<Buffer> stream(String text) {
        var file = vertx.fileSystem().createTempFileBlocking("body", "");
        vertx.fileSystem().writeFileBlocking(file, Buffer.buffer(text));
        return vertx.fileSystem().openBlocking(file, new OpenOptions().setDeleteOnClose(true));
    }

    private <T> T onContext(Callable<? extends Future<T>> work) {
        return Future.<T>future(told -> vertx.runOnContext(_ -> {
                    try {
                        work.call().onComplete(told);
                    } catch (Exception e) {
                        told.fail(e);
                    }
                }))
                .await();
    }

    private static ForwardedRequest request(String method) {
        return new ForwardedRequest(method, "/", Headers.of("Host", "origin.example"));
    }

    private static OriginAddress address(int port) {
        return new OriginAddress("http", "origin.example", port);
    }

    private static Origin origin(int port, int attempts, Optional<Duration> completion) {
        return origin(port, attempts, completion, READ);
    }

    private static Origin origin(int port, int attempts, Optional<Duration> completion, Duration read) {
        return new Origin(
                new OriginId("site"),
                "origin.example",
                "",
                List.of(),
                OriginProtocolPolicy.HTTP_ONLY,
                port,
                443,
                new Timeouts(attempts, Duration.ofMillis(400), read, Duration.ofSeconds(5), completion),
                Optional.empty());
    }
}

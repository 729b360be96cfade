package dev.nearside.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.nearside.edge.RangingOrigin.Thing;
import dev.nearside.edge.ScriptedOrigin.Say;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Many viewers of one key, through real sockets: one trip, and nobody who suffers from another.
class CollapsingScenarioTest {

    @TempDir
    Path folder;

    @AutoClose
    private final ScriptedOrigin origin = new ScriptedOrigin();

    @AutoClose
    private RunningEdge edge;

    @BeforeEach
    void start() throws IOException {
        edge = new RunningEdge(folder, RunningEdge.site(origin.port()));
    }

    @Test
    void aThousandAtOnceMakeOneTrip() throws Exception {
        var release = Promise.<Say>promise();
        origin.on("/page", _ -> release.future());
        var viewers = new ArrayList<SocketChannel>();
        try {
            for (int i = 0; i < 1_000; i++) viewers.add(ask("/page"));
            await().until(() -> !origin.trips("/page").isEmpty());
            release.complete(Say.ok("once", "Cache-Control", "max-age=60"));

            for (var viewer : viewers)
                assertThat(read(viewer)).startsWith("HTTP/1.1 200").endsWith("once");
        } finally {
            for (var viewer : viewers) viewer.close();
        }
        assertThat(origin.trips("/page")).hasSize(1);
    }

    private SocketChannel ask(String path) throws IOException {
        var viewer = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), edge.port()));
        viewer.write(
                ByteBuffer.wrap(("GET " + path + " HTTP/1.1\r\nHost: " + edge.host() + "\r\nConnection: close\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII)));
        return viewer;
    }

    private static String read(SocketChannel viewer) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var some = ByteBuffer.allocate(4096);
        while (viewer.read(some.clear()) >= 0) bytes.write(some.array(), 0, some.position());
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }

    @Test
    void whatNobodyCanShareIsRememberedSoThatNobodyWaitsForIt() throws Exception {
        var held = new ArrayList<Promise<Say>>();
        origin.on("/mine", Say.ok("first", "Cache-Control", "private"));
        edge.get("/mine");
        origin.on("/mine", _ -> hold(held));

        var answers =
                IntStream.range(0, 5).mapToObj(_ -> edge.getAsync("/mine")).toList();
        // All of them are under way, and none waits for another.
        await().until(() -> origin.trips("/mine").size() == 6);
        for (int i = 0; i < 5; i++) held.get(i).complete(Say.ok("own " + i, "Cache-Control", "private"));

        assertThat(bodies(answers)).doesNotHaveDuplicates().hasSize(5);
    }

    @Test
    void aStorableAnswerEndsTheMemory() throws Exception {
        origin.on("/mine", Say.ok("first", "Cache-Control", "private"));
        edge.get("/mine");
        origin.on("/mine", Say.ok("all", "Cache-Control", "max-age=1"));
        edge.get("/mine");
        await().untilAsserted(() -> assertThat(xCache(edge.get("/mine"))).isEqualTo("Hit from nearside"));
        edge.clock().pass(Duration.ofSeconds(2));

        oneTripFor("/mine", origin.trips("/mine").size());
    }

    @Test
    void theMemoryFadesByItself() throws Exception {
        origin.on("/mine", Say.ok("first", "Cache-Control", "private"));
        edge.get("/mine");
        edge.clock().pass(Duration.ofSeconds(61));

        oneTripFor("/mine", 1);
    }

    private void oneTripFor(String path, int before) {
        var release = Promise.<Say>promise();
        origin.on(path, _ -> release.future());
        var answers = IntStream.range(0, 5).mapToObj(_ -> edge.getAsync(path)).toList();
        await().until(() -> origin.trips(path).size() == before + 1);
        await().during(Duration.ofMillis(100)).until(() -> origin.trips(path).size() == before + 1);
        release.complete(Say.ok("shared", "Cache-Control", "max-age=60"));
        assertThat(bodies(answers)).containsOnly("shared");
        assertThat(origin.trips(path)).hasSize(before + 1);
    }

    @Test
    void whatHasToBeConfirmedForEveryoneIsConfirmedForAllAtOnce() throws Exception {
        var held = new ArrayList<Promise<Say>>();
        origin.on("/page", Say.ok("hello", "Cache-Control", "no-cache", "ETag", "\"1\""));
        edge.get("/page");
        origin.on("/page", _ -> hold(held));

        var answers =
                IntStream.range(0, 5).mapToObj(_ -> edge.getAsync("/page")).toList();
        await().until(() -> origin.trips("/page").size() == 6);
        for (var one : held) one.complete(Say.status(304, "ETag", "\"1\"", "Cache-Control", "no-cache"));

        assertThat(bodies(answers)).containsOnly("hello");
        assertThat(origin.trips("/page")).hasSize(6);
        assertThat(origin.trips("/page").getLast().headers().first("If-None-Match"))
                .contains("\"1\"");
    }

    @Test
    void aFailedTripIsTriedOnceMoreForAll() throws Exception {
        try (var flaky = new FlakyOrigin(1)) {
            var statuses = statusesOfTwenty(flaky);

            assertThat(statuses.stream().filter(status -> status == 502)).hasSize(1);
            assertThat(statuses.stream().filter(status -> status == 200)).hasSize(19);
            assertThat(flaky.asked.get()).isEqualTo(2);
        }
    }

    @Test
    void aTripThatFailsTwiceFailsForAll() throws Exception {
        try (var flaky = new FlakyOrigin(Integer.MAX_VALUE)) {
            assertThat(statusesOfTwenty(flaky)).containsOnly(502);
            assertThat(flaky.asked.get()).isEqualTo(2);
        }
    }

    /// What viewers get who all wait for one trip.
    private List<Integer> statusesOfTwenty(FlakyOrigin flaky) throws IOException {
        edge.close();
        edge = new RunningEdge(
                folder,
                RunningEdge.site(flaky.port())
                        .replace("\"originProtocolPolicy\"", "\"connectionAttempts\": 1, \"originProtocolPolicy\""));
        var answers =
                IntStream.range(0, 20).mapToObj(_ -> edge.getAsync("/page")).toList();
        await().until(() -> flaky.waiting.get() == 1);
        await().during(Duration.ofMillis(200)).until(() -> flaky.waiting.get() == 1);
        flaky.release.countDown();
        return answers.stream().map(answer -> answer.join().statusCode()).toList();
    }

    /// Closes the connection on the first requests, after the test says so; then answers.
    private static final class FlakyOrigin implements AutoCloseable {
        private final BareOrigin bare = new BareOrigin(this::serve);
        private final CountDownLatch release = new CountDownLatch(1);
        private final AtomicInteger waiting = new AtomicInteger();
        private final AtomicInteger asked = new AtomicInteger();
        private final int failures;

        FlakyOrigin(int failures) throws IOException {
            this.failures = failures;
        }

        int port() {
            return bare.port();
        }

        private void serve(Socket socket) throws IOException, InterruptedException {
            if (BareOrigin.head(socket.getInputStream()).isEmpty()) return;
            waiting.incrementAndGet();
            release.await();
            if (asked.incrementAndGet() <= failures) return;
            socket.getOutputStream()
                    .write("HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Length: 2\r\n\r\nok"
                            .getBytes(StandardCharsets.US_ASCII));
            socket.getInputStream().read();
        }

        @Override
        public void close() throws IOException {
            bare.close();
        }
    }

    @Test
    void aLeaderWhoGoesAwayOrCrawlsHoldsNobodyBack() throws Exception {
        try (var large = new RangingOrigin()) {
            edge.close();
            edge = new RunningEdge(folder, RunningEdge.site(large.port()));
            edge.awaitReady();
            var film = Thing.of(3, 24 << 20);
            large.on("/film", film);
            // The leader: takes ten bytes and then no more.
            try (var crawling = ask("/film")) {
                crawling.read(ByteBuffer.allocate(10));
                try (var leaving = ask("/film")) {
                    leaving.read(ByteBuffer.allocate(1000));
                }

                assertThat(edge.get("/film").body()).isEqualTo(film.bytes(0, film.length() - 1));
            }
            assertThat(large.trips("/film")).hasSize(1);
        }
    }

    @Test
    void aLeaderWhoGoesBeforeTheAnswerLeavesItToTheOthers() throws Exception {
        var release = Promise.<Say>promise();
        origin.on("/page", _ -> release.future());
        CompletableFuture<HttpResponse<byte[]>> other;
        try (var leader = ask("/page")) {
            await().until(() -> origin.trips("/page").size() == 1);
            other = edge.getAsync("/page");
            await().during(Duration.ofMillis(100))
                    .until(() -> leader.isOpen() && origin.trips("/page").size() == 1);
        }
        release.complete(Say.ok("still", "Cache-Control", "max-age=60"));

        assertThat(text(other.join())).isEqualTo("still");
        assertThat(origin.trips("/page")).hasSize(1);
    }

    @Test
    void aRefreshInTheBackgroundIsOne() throws Exception {
        origin.on("/feed", Say.ok("old", "Cache-Control", "max-age=10, stale-while-revalidate=60"));
        edge.get("/feed");
        edge.clock().pass(Duration.ofSeconds(11));
        var release = Promise.<Say>promise();
        origin.on("/feed", _ -> release.future());

        var answers =
                IntStream.range(0, 50).mapToObj(_ -> edge.getAsync("/feed")).toList();
        assertThat(bodies(answers)).containsOnly("old");
        release.complete(Say.ok("new", "Cache-Control", "max-age=10"));

        await().untilAsserted(() -> assertThat(text(edge.get("/feed"))).isEqualTo("new"));
        assertThat(origin.trips("/feed")).hasSize(2);
    }

    // ---- changes (RFC 9111, section 4.4)

    @Test
    void aChangeThatWorkedOutdatesEveryVariantOfItsTarget() throws Exception {
        origin.on(
                "/page",
                asked -> Future.succeededFuture(
                        asked.method().equals("GET")
                                ? Say.ok(
                                        asked.headers().first("Accept-Language").orElse("")
                                                + origin.trips("/page").size(),
                                        "Cache-Control",
                                        "max-age=60",
                                        "Vary",
                                        "Accept-Language")
                                : Say.status(204)));
        var german = text(edge.get("/page", "Accept-Language", "de"));
        var french = text(edge.get("/page", "Accept-Language", "fr"));
        assertThat(text(edge.get("/page", "Accept-Language", "de"))).isEqualTo(german);

        edge.send("POST", "/page");

        assertThat(text(edge.get("/page", "Accept-Language", "de"))).isNotEqualTo(german);
        assertThat(text(edge.get("/page", "Accept-Language", "fr"))).isNotEqualTo(french);
        assertThat(xCache(edge.get("/page", "Accept-Language", "fr"))).isEqualTo("Hit from nearside");
    }

    @Test
    void aChangeThatFailedOutdatesNothing() throws Exception {
        origin.on("/page", Say.ok("hello", "Cache-Control", "max-age=60"));
        edge.get("/page");
        origin.on("/page", Say.status(409));
        edge.send("DELETE", "/page");

        assertThat(xCache(edge.get("/page"))).isEqualTo("Hit from nearside");
    }

    @Test
    void aChangeOutdatesWhatItsAnswerRefersToOnTheSameHost() throws Exception {
        for (var path : List.of("/kept/list", "/kept/new", "/kept/other", "/kept/a/b")) {
            origin.on(path, Say.ok(path, "Cache-Control", "max-age=60"));
            edge.get(path);
        }
        origin.on("/kept/make", Say.status(201, "Location", "/kept/list", "Content-Location", "a/../new"));
        edge.send("PUT", "/kept/make");
        origin.on("/kept/make", Say.status(201, "Location", "http://elsewhere.example/kept/other"));
        edge.send("PUT", "/kept/make");

        assertThat(xCache(edge.get("/kept/list"))).isEqualTo("Miss from nearside");
        assertThat(xCache(edge.get("/kept/new"))).isEqualTo("Miss from nearside");
        assertThat(xCache(edge.get("/kept/other"))).isEqualTo("Hit from nearside");
    }

    @Test
    void whatWasOutdatedStaysSoAcrossARestart() throws Exception {
        edge.awaitReady();
        origin.on("/kept/page", Say.ok("old", "Cache-Control", "max-age=60"));
        origin.on("/kept/same", Say.ok("same", "Cache-Control", "max-age=60"));
        edge.get("/kept/page");
        edge.get("/kept/same");
        edge.restart();
        edge.awaitReady();
        origin.on("/kept/page", Say.ok("new", "Cache-Control", "max-age=60"));
        edge.send("PATCH", "/kept/page");
        edge.restart();
        edge.awaitReady();

        assertThat(text(edge.get("/kept/page"))).isEqualTo("new");
        assertThat(xCache(edge.get("/kept/same"))).isEqualTo("Hit from nearside");
    }

    @Test
    void nobodyJoinsATripThatSetOffBeforeTheChange() throws Exception {
        var early = Promise.<Say>promise();
        origin.on("/page", _ -> early.future());
        var first = edge.getAsync("/page");
        await().until(() -> origin.trips("/page").size() == 1);
        origin.on("/page", Say.ok("new", "Cache-Control", "max-age=60"));
        edge.send("POST", "/page");

        assertThat(text(edge.get("/page"))).isEqualTo("new");
        early.complete(Say.ok("old", "Cache-Control", "max-age=60"));
        assertThat(text(first.join())).isEqualTo("old");
        assertThat(text(edge.get("/page"))).isEqualTo("new");
    }

    // ---- HEAD (CF§3.5; RFC 9111, section 4.3.5)

    @Test
    void aHeadIsAnsweredFromWhatAGetStoredAndStoresNothingItself() throws Exception {
        origin.on("/page", Say.ok("hello", "Cache-Control", "max-age=60", "Content-Length", "5"));

        assertThat(edge.send("HEAD", "/page", "If-None-Match", "\"mine\"").statusCode())
                .isEqualTo(200);
        assertThat(origin.trips("/page").getLast().method()).isEqualTo("HEAD");
        assertThat(origin.trips("/page").getLast().headers().first("If-None-Match"))
                .contains("\"mine\"");
        assertThat(xCache(edge.get("/page"))).isEqualTo("Miss from nearside");
        assertThat(xCache(edge.send("HEAD", "/page"))).isEqualTo("Hit from nearside");
        assertThat(origin.trips("/page")).hasSize(2);
    }

    @Test
    void aHeadFreshensWhatIsStoredIfNothingDiffers() throws Exception {
        origin.on("/page", Say.ok("hello", "Cache-Control", "max-age=10", "ETag", "\"1\"", "Content-Length", "5"));
        edge.get("/page");
        edge.clock().pass(Duration.ofSeconds(11));
        origin.on("/page", Say.ok("", "Cache-Control", "max-age=30", "ETag", "\"1\"", "Content-Length", "5"));

        assertThat(xCache(edge.send("HEAD", "/page"))).isEqualTo("RefreshHit from nearside");
        edge.clock().pass(Duration.ofSeconds(20));
        var get = edge.get("/page");

        assertThat(text(get)).isEqualTo("hello");
        assertThat(xCache(get)).isEqualTo("Hit from nearside");
        assertThat(origin.trips("/page").get(1).method()).isEqualTo("HEAD");
        assertThat(origin.trips("/page")).hasSize(2);
    }

    @Test
    void aHeadThatDiffersOutdatesWhatIsStored() throws Exception {
        origin.on("/page", Say.ok("hello", "Cache-Control", "max-age=10", "ETag", "\"1\"", "Content-Length", "5"));
        edge.get("/page");
        edge.clock().pass(Duration.ofSeconds(11));
        origin.on("/page", Say.ok("", "Cache-Control", "max-age=30", "ETag", "\"2\"", "Content-Length", "7"));

        var head = edge.send("HEAD", "/page");
        assertThat(head.headers().firstValue("Content-Length")).contains("7");
        origin.close();

        // Nothing is left that could stand in.
        assertThat(edge.get("/page").statusCode()).isEqualTo(502);
    }

    private static Future<Say> hold(List<Promise<Say>> held) {
        var promise = Promise.<Say>promise();
        held.add(promise);
        return promise.future();
    }

    private static List<String> bodies(List<CompletableFuture<HttpResponse<byte[]>>> answers) {
        return answers.stream().map(answer -> text(answer.join())).toList();
    }

    private static String text(HttpResponse<byte[]> answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    private static String xCache(HttpResponse<byte[]> answer) {
        return answer.headers().firstValue("X-Cache").orElseThrow();
    }
}

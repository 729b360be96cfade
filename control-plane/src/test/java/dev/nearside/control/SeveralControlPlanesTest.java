package dev.nearside.control;

import static dev.nearside.control.Documents.distribution;
import static dev.nearside.control.RunningControlPlane.body;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import dev.nearside.model.wire.api.Distributions;
import dev.nearside.model.wire.api.Edges;
import dev.nearside.model.wire.api.Snapshots;
import dev.nearside.model.wire.feed.CaughtUp;
import dev.nearside.model.wire.feed.Enrolled;
import dev.nearside.model.wire.feed.InvalidationMessage;
import dev.nearside.model.wire.feed.SnapshotMessage;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two control planes on one PostgreSQL; the second one's machine is an hour fast.
class SeveralControlPlanesTest {
    private static final Duration FAST = Duration.ofHours(1);

    private RunningControlPlane one;
    private RunningControlPlane two;
    private String distribution;
    private String invalidations;

    @BeforeEach
    void start(@TempDir Path data) throws Exception {
        one = new RunningControlPlane(data.resolve("one"), Engine.POSTGRES.fresh(data));
        two = one.another(data.resolve("two"), () -> Instant.now().plus(FAST));
        var made = one.post(
                one.admin(), "/api/v1/distributions", distribution("site", "site.test", "CachingOptimized", true));
        distribution =
                "/api/v1/distributions/" + body(made, Distributions.Item.class).id();
        invalidations = distribution + "/invalidations";
    }

    @AfterEach
    void stop() {
        two.close();
        one.close();
    }

    private static void publish(RunningControlPlane where) throws Exception {
        assertThat(where.post(where.admin(), "/api/v1/snapshots", "").statusCode())
                .isEqualTo(201);
    }

    private int invalidate(RunningControlPlane where, String path, String query) throws Exception {
        return where.post(where.admin(), invalidations + query, "{\"paths\": [\"%s\"]}".formatted(path))
                .statusCode();
    }

    @Test
    void anEdgeHearsFromOneWhatTheOtherWasTold() throws Exception {
        var edge = one.enrol("edge");
        try (var feed = new EventReader(two.feed(edge, ""))) {
            feed.next("caught-up");

            publish(one);
            assertThat(feed.next("snapshot").read(SnapshotMessage.class).version())
                    .isEqualTo(1);
            assertThat(invalidate(one, "/a", "")).isEqualTo(201);
            assertThat(feed.next("invalidation").read(InvalidationMessage.class).position())
                    .isEqualTo(1);
            assertThat(invalidate(two, "/b", "")).isEqualTo(201);
            assertThat(feed.next("invalidation").read(InvalidationMessage.class).position())
                    .isEqualTo(2);
        }
    }

    @Test
    void aReceiptCountsWhereverItWasGiven() throws Exception {
        var edge = one.enrol("edge");
        try (var feed = new EventReader(two.feed(edge, ""));
                var pool = Executors.newSingleThreadExecutor()) {
            var epoch = feed.next("caught-up").read(CaughtUp.class).epoch();
            var ordered = pool.submit(() -> invalidate(one, "/a", "?wait=30s"));
            var position =
                    feed.next("invalidation").read(InvalidationMessage.class).position();
            var reported = Instant.now();
            assertThat(two.report(edge, epoch, position, 0).statusCode()).isEqualTo(204);

            assertThat(ordered.get()).isEqualTo(201);
            assertThat(Duration.between(reported, Instant.now())).isLessThan(Duration.ofSeconds(10));
        }
    }

    @Test
    void anEdgeThatEnrolledAtOneIsWaitedForByTheOther() throws Exception {
        one.enrol("edge");

        var answer = two.post(two.admin(), invalidations + "?wait=1s", "{\"paths\": [\"/a\"]}");

        assertThat(answer.statusCode()).isEqualTo(504);
        assertThat(answer.body()).contains("edges.edge");
    }

    @Test
    void anEdgeThatTalksToOneIsConnectedForBoth() throws Exception {
        var edge = one.enrol("edge");
        try (var feed = new EventReader(two.feed(edge, ""))) {
            var epoch = feed.next("caught-up").read(CaughtUp.class).epoch();
            await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
                two.report(edge, epoch, 0, 0);
                assertThat(state(one, edge)).isEqualTo("connected");
                assertThat(state(two, edge)).isEqualTo("connected");
            });
        }
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(state(one, edge)).isEqualTo("unreachable"));
    }

    private static String state(RunningControlPlane where, Enrolled edge) throws Exception {
        return body(where.get(where.admin(), "/api/v1/edges/" + edge.edgeId()), Edges.Item.class)
                .state();
    }

    @Test
    void whoAsksAnEdgeOfTheOtherIsToldAtOnce() throws Exception {
        var edge = one.enrol("edge");
        try (var feed = new EventReader(one.feed(edge, ""))) {
            var epoch = feed.next("caught-up").read(CaughtUp.class).epoch();
            await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
                one.report(edge, epoch, 0, 0);
                assertThat(state(two, edge)).isEqualTo("connected");
            });

            var named =
                    two.post(two.admin(), "/api/v1/explain", "{\"url\": \"http://site.test/\", \"edge\": \"edge\"}");
            var any = two.post(two.admin(), "/api/v1/explain", "{\"url\": \"http://site.test/\"}");

            assertThat(named.statusCode()).as(named.body()).isEqualTo(503);
            assertThat(named.body()).contains("follows another control plane");
            assertThat(any.statusCode()).as(any.body()).isEqualTo(503);
        }
    }

    @Test
    void anEdgeGoesOnAtTheOtherWhereItWas() throws Exception {
        publish(one);
        var edge = one.enrol("edge");
        String place;
        try (var feed = new EventReader(one.feed(edge, ""))) {
            feed.next("caught-up");
            invalidate(one, "/a", "");
            place = feed.next("invalidation").id();
        }
        // The other may know less at this moment than the edge does.
        try (var feed = new EventReader(two.feed(edge, place))) {
            assertThat(feed.next(2)).extracting(EventReader.Event::name).containsExactly("hello", "caught-up");
            one.close();

            assertThat(invalidate(two, "/b", "")).isEqualTo(201);
            assertThat(feed.next("invalidation").read(InvalidationMessage.class).position())
                    .isEqualTo(2);
        }
    }

    @Test
    void anEdgeThatIsRevokedAtOneGetsNothingFromTheOther() throws Exception {
        var edge = one.enrol("edge");
        try (var feed = new EventReader(two.feed(edge, ""))) {
            feed.next("caught-up");
            assertThat(one.delete(one.admin(), "/api/v1/edges/" + edge.edgeId()).statusCode())
                    .isEqualTo(204);

            assertThat(feed.hasEnded()).isTrue();
        }
        assertThat(two.feed(edge, "").statusCode()).isEqualTo(401);
    }

    @Test
    void bothTellTheTimeOfTheDatabase() throws Exception {
        publish(two);

        var published = body(one.get(one.admin(), "/api/v1/snapshots"), Snapshots.class)
                .items()
                .getFirst()
                .createTime();

        assertThat(published).isCloseTo(Instant.now(), within(1, ChronoUnit.MINUTES));
    }

    @Test
    void numbersHaveNoGapsWhoeverGivesThem() throws Exception {
        var edge = one.enrol("edge");
        int count = 60;
        try (var feed = new EventReader(two.feed(edge, ""));
                var pool = Executors.newFixedThreadPool(6)) {
            feed.next("caught-up");
            var orders = Stream.iterate(0, i -> i + 1)
                    .limit(count)
                    .<Callable<Integer>>map(i -> () -> invalidate(i % 2 == 0 ? one : two, "/" + i, ""))
                    .toList();
            for (var done : pool.invokeAll(orders)) assertThat(done.get()).isEqualTo(201);
            for (long position = 1; position <= count; position++) {
                assertThat(feed.next("invalidation")
                                .read(InvalidationMessage.class)
                                .position())
                        .isEqualTo(position);
            }
        }
    }

    @Test
    void aCallerReferenceIsOneOrderWhoeverIsAsked() throws Exception {
        var order = "{\"paths\": [\"/a\"], \"callerReference\": \"deploy-7\"}";
        try (var pool = Executors.newFixedThreadPool(4)) {
            Callable<String> ask =
                    () -> one.post(one.admin(), invalidations, order).body();
            Callable<String> askOther =
                    () -> two.post(two.admin(), invalidations, order).body();
            var answers = pool.invokeAll(List.of(ask, askOther, ask, askOther));

            var ids = new java.util.HashSet<String>();
            for (var answer : answers) ids.add(answer.get().replaceAll(".*?\"id\":\"([^\"]+)\".*", "$1"));
            assertThat(ids).hasSize(1);
        }
    }

    @Test
    void thereIsOneFirstOperatorHoweverManyStartAtOnce(@TempDir Path data) throws Exception {
        var settings = Engine.POSTGRES.fresh(data);
        var listen = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        var names = List.of("one", "two", "three");
        try (var pool = Executors.newFixedThreadPool(names.size())) {
            var starts = names.stream()
                    .<Callable<ControlPlane>>map(name -> () -> ControlPlane.start(
                            Setup.in(data.resolve(name), listen).with(settings)))
                    .toList();
            for (var started : pool.invokeAll(starts)) started.get().close();
        }
        assertThat(names)
                .filteredOn(name -> Files.exists(data.resolve(name).resolve(ControlPlane.FIRST_PASSWORD_FILE)))
                .hasSize(1);
    }
}

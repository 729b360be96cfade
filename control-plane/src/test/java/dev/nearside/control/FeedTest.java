package dev.nearside.control;

import static dev.nearside.control.Documents.distribution;
import static dev.nearside.control.RunningControlPlane.body;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nearside.control.EventReader.Event;
import dev.nearside.control.persistence.DatabaseSettings;
import dev.nearside.model.check.Checked;
import dev.nearside.model.wire.api.Distributions;
import dev.nearside.model.wire.feed.CaughtUp;
import dev.nearside.model.wire.feed.Enrolled;
import dev.nearside.model.wire.feed.Hello;
import dev.nearside.model.wire.feed.InvalidationMessage;
import dev.nearside.model.wire.feed.Reset;
import dev.nearside.model.wire.feed.SnapshotMessage;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.LongStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// The feed as an edge reads it.
@ParameterizedClass
@EnumSource(Engine.class)
class FeedTest {
    @Parameter
    Engine engine = Engine.H2;

    private DatabaseSettings settings = new DatabaseSettings.InDirectory(Path.of(""));
    private RunningControlPlane api;
    private String invalidations;
    private Enrolled edge;

    @BeforeEach
    void start(@TempDir Path data) throws Exception {
        settings = engine.fresh(data);
        api = new RunningControlPlane(data, settings);
        var made = api.post(
                api.admin(), "/api/v1/distributions", distribution("site", "site.test", "CachingOptimized", true));
        invalidations =
                "/api/v1/distributions/" + body(made, Distributions.Item.class).id() + "/invalidations";
        edge = api.enrol("edge");
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private void publish() throws Exception {
        assertThat(api.post(api.admin(), "/api/v1/snapshots", "").statusCode()).isEqualTo(201);
    }

    private void invalidate(String path) throws Exception {
        var answer = api.post(api.admin(), invalidations, "{\"paths\": [\"%s\"]}".formatted(path));
        assertThat(answer.statusCode()).isEqualTo(201);
    }

    private EventReader follow(String lastEventId) throws Exception {
        return new EventReader(api.feed(edge, lastEventId));
    }

    @Test
    void aNewEdgeStartsAfreshWithTheCurrentSnapshot() throws Exception {
        invalidate("/before");
        publish();
        try (var feed = follow("")) {
            var events = feed.next(4);

            assertThat(events).extracting(Event::name).containsExactly("hello", "reset", "snapshot", "caught-up");
            var hello = events.get(0).read(Hello.class);
            assertThat(hello.headPosition()).isEqualTo(1);
            assertThat(hello.snapshotVersion()).isEqualTo(1);
            assertThat(events.get(1).read(Reset.class)).isEqualTo(new Reset(hello.epoch(), 1));
            assertThat(events.get(2).read(SnapshotMessage.class).snapshot()).isInstanceOf(Checked.Valid.class);
            assertThat(events.get(3).read(CaughtUp.class)).isEqualTo(new CaughtUp(hello.epoch(), 1));
            assertThat(events.get(3).id()).isEqualTo(hello.epoch() + "/1/1");
        }
    }

    /// Beside a control plane of a later release, which publishes what this one cannot read.
    @Test
    void aSnapshotOfALaterReleaseIsPassedOnAndHoldsNothingUp() throws Exception {
        publish();
        api.stopped(() -> onDatabase("update snapshot set document = replace(document, '\"enabled\":true', "
                + "'\"enabled\":true,\"ofALaterRelease\":1')"));

        try (var feed = follow("")) {
            assertThat(feed.next("snapshot").data()).contains("\"ofALaterRelease\":1");
            feed.next("caught-up");
            invalidate("/after");

            assertThat(feed.next("invalidation").read(InvalidationMessage.class).position())
                    .isEqualTo(1);
        }
    }

    private void onDatabase(String sql) {
        var properties = new Properties();
        var url = switch (settings) {
            case DatabaseSettings.InDirectory(var directory) -> "jdbc:h2:async:" + directory.resolve("nearside");
            case DatabaseSettings.OnPostgres postgres -> {
                postgres.user().ifPresent(user -> properties.setProperty("user", user));
                yield postgres.url();
            }
        };
        try (var connection = DriverManager.getConnection(url, properties);
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void ofTooManyFeedsOfOneEdgeTheOldestEnds() throws Exception {
        publish();
        var readers = new ArrayList<EventReader>();
        try {
            for (int i = 0; i < 5; i++) {
                readers.add(follow(""));
                readers.getLast().next("caught-up");
            }

            assertThatThrownBy(() -> readers.getFirst().next("invalidation")).isNotNull();
            invalidate("/1");
            for (var reader : readers.subList(1, 5)) {
                assertThat(reader.next("invalidation")
                                .read(InvalidationMessage.class)
                                .paths())
                        .containsExactly("/1");
            }
        } finally {
            for (var reader : readers) reader.close();
        }
    }

    @Test
    void anEdgeResumesWithoutAGapAcrossARestart() throws Exception {
        publish();
        String last;
        try (var feed = follow("")) {
            feed.next("caught-up");
            invalidate("/1");
            last = feed.next("invalidation").id();
        }
        invalidate("/2");
        invalidate("/3");
        api.restart();
        invalidate("/4");

        try (var feed = follow(last)) {
            var events = feed.next(5);

            assertThat(events)
                    .extracting(Event::name)
                    .containsExactly("hello", "invalidation", "invalidation", "invalidation", "caught-up");
            assertThat(events.subList(1, 4))
                    .extracting(event ->
                            event.read(InvalidationMessage.class).paths().getFirst())
                    .containsExactly("/2", "/3", "/4");
            assertThat(events.get(0).id()).isEqualTo(last);
        }
    }

    @Test
    void anEdgeThatMissedASnapshotGetsIt() throws Exception {
        publish();
        String last;
        try (var feed = follow("")) {
            last = feed.next("caught-up").id();
        }
        publish();
        publish();

        try (var feed = follow(last)) {
            var snapshot = feed.next("snapshot");

            assertThat(snapshot.read(SnapshotMessage.class).version()).isEqualTo(3);
            assertThat(snapshot.id()).endsWith("/0/3");
        }
    }

    @Test
    void anEdgeOfAnotherLogStartsAfresh() throws Exception {
        publish();
        invalidate("/1");
        try (var feed = follow("another-epoch/1/1")) {
            assertThat(feed.next(4)).extracting(Event::name).containsExactly("hello", "reset", "snapshot", "caught-up");
        }
    }

    @Test
    void anEdgeAheadOfALogThatLostItsEndStartsAfresh() throws Exception {
        publish();
        String epoch;
        try (var feed = follow("")) {
            epoch = feed.next("hello").read(Hello.class).epoch();
        }
        try (var feed = follow(epoch + "/7/1")) {
            assertThat(feed.next(3)).extracting(Event::name).containsExactly("hello", "reset", "caught-up");
        }
    }

    @Test
    void invalidationsOfManyArriveInOneOrderWithoutAGap() throws Exception {
        int count = 200;
        try (var feed = follow("");
                var pool = Executors.newFixedThreadPool(8)) {
            feed.next("caught-up");
            var orders = new ArrayList<Callable<Boolean>>();
            for (int i = 0; i < count; i++) {
                var path = "/" + i;
                orders.add(() -> {
                    invalidate(path);
                    return true;
                });
            }
            for (var done : pool.invokeAll(orders)) assertThat(done.get()).isTrue();

            var positions = new ArrayList<Long>();
            for (int i = 0; i < count; i++) {
                positions.add(feed.next("invalidation")
                        .read(InvalidationMessage.class)
                        .position());
            }
            assertThat(positions)
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, count).boxed().toList());
        }
    }

    @Test
    void anEdgeThatTakesGzipGetsTheSameEventsAtOnce() throws Exception {
        publish();
        var request = api.request(edge.credential(), "/edge/v1/feed").header("Accept-Encoding", "gzip");
        var packed = api.open(request);
        assertThat(packed.headers().firstValue("Content-Encoding")).contains("gzip");
        try (var plain = follow("");
                var feed = new EventReader(new GZIPInputStream(packed.body(), 64))) {
            assertThat(feed.next(4)).isEqualTo(plain.next(4));

            invalidate("/" + "long".repeat(900));

            assertThat(feed.next()).isEqualTo(plain.next());
            api.delete(api.admin(), "/api/v1/edges/" + edge.edgeId());
            // Throws if the stream does not end as gzip ends.
            assertThat(feed.hasEnded()).isTrue();
        }
    }

    @Test
    void proxiesAreAskedToPassEventsOn() throws Exception {
        var feed = api.feed(edge, "");
        try (var _ = new EventReader(feed)) {
            assertThat(feed.headers().firstValue("Content-Type")).contains("text/event-stream");
            assertThat(feed.headers().allValues("Cache-Control")).containsExactly("no-store, no-transform");
            assertThat(feed.headers().firstValue("X-Accel-Buffering")).contains("no");
            assertThat(feed.headers().firstValue("Content-Encoding")).isEmpty();
        }
    }

    @Test
    void anEdgeThatReadsNothingHoldsUpNobody() throws Exception {
        publish();
        var slow = api.feed(api.enrol("slow"), "");
        try (var feed = follow("")) {
            feed.next("caught-up");
            // More than the sockets between the control plane and the slow edge can hold.
            var path = "/" + "x".repeat(3_900);
            var batch = "{\"paths\": [" + ("\"" + path + "\",").repeat(999) + "\"/last\"]}";
            for (int i = 0; i < 4; i++) {
                assertThat(api.post(api.admin(), invalidations, batch).statusCode())
                        .isEqualTo(201);
                feed.next("invalidation");
            }
        } finally {
            slow.body().close();
        }
    }
}

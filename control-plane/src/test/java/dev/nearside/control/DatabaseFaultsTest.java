package dev.nearside.control;

import static dev.nearside.control.Documents.distribution;
import static dev.nearside.control.RunningControlPlane.body;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.nearside.model.wire.api.Distributions;
import dev.nearside.model.wire.feed.CaughtUp;
import dev.nearside.model.wire.feed.InvalidationMessage;
import dev.nearside.model.wire.feed.SnapshotMessage;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What becomes of a control plane whose PostgreSQL goes away and comes back.
class DatabaseFaultsTest {

    private static EmbeddedPostgres server(Path files, OptionalInt port) throws IOException {
        var builder = Engine.server().setDataDirectory(files).setCleanDataDirectory(false);
        port.ifPresent(builder::setPort);
        return builder.start();
    }

    @Test
    void callsAreRefusedAtOnceAndEverythingGoesOnWhenItIsBack(@TempDir Path folder) throws Exception {
        var files = folder.resolve("postgres");
        var server = server(files, OptionalInt.empty());
        int port = server.getPort();
        try (var api = new RunningControlPlane(folder.resolve("data"), Engine.freshOn(server))) {
            var made = api.post(
                    api.admin(), "/api/v1/distributions", distribution("site", "site.test", "CachingOptimized", true));
            var id = body(made, Distributions.Item.class).id();
            var invalidations = "/api/v1/distributions/" + id + "/invalidations";
            var edge = api.enrol("edge");
            try (var feed = new EventReader(api.feed(edge, ""))) {
                var epoch = feed.next("caught-up").read(CaughtUp.class).epoch();

                server.close();
                for (int i = 0; i < 3; i++) {
                    var asked = Instant.now();
                    var refused = api.post(api.admin(), "/api/v1/snapshots", "");
                    assertThat(refused.statusCode()).isEqualTo(503);
                    assertThat(refused.headers().firstValue("Retry-After")).contains("2");
                    assertThat(refused.body()).contains("urn:nearside:problem:database-unavailable");
                    assertThat(Duration.between(asked, Instant.now())).isLessThan(Duration.ofSeconds(10));
                }
                assertThat(api.report(edge, epoch, 0, 0).statusCode()).isEqualTo(503);
                assertThat(api.get("", "/health/ready").statusCode()).isEqualTo(503);
                assertThat(api.get("", "/health/live").statusCode()).isEqualTo(200);

                server = server(files, OptionalInt.of(port));
                await().atMost(Duration.ofSeconds(30))
                        .untilAsserted(() -> assertThat(api.post(api.admin(), "/api/v1/snapshots", "")
                                        .statusCode())
                                .isEqualTo(201));
                // The same feed, which was open all the time.
                assertThat(feed.next("snapshot").read(SnapshotMessage.class).version())
                        .isEqualTo(1);
                var order = "{\"paths\": [\"/a\"]}";
                assertThat(api.post(api.admin(), invalidations, order).statusCode())
                        .isEqualTo(201);
                assertThat(feed.next("invalidation")
                                .read(InvalidationMessage.class)
                                .position())
                        .isEqualTo(1);
                // What was said while the database was away is said again, and now kept.
                assertThat(api.report(edge, epoch, 1, 1).statusCode()).isEqualTo(204);
                assertThat(api.post(api.admin(), invalidations + "?wait=1s", order)
                                .statusCode())
                        .isEqualTo(504);
                assertThat(api.report(edge, epoch, 2, 1).statusCode()).isEqualTo(204);
                assertThat(api.get(api.admin(), invalidations).body()).doesNotContain("InProgress");
            }
        } finally {
            server.close();
        }
    }

    @Test
    void whatWasAcknowledgedIsThereAfterTheServerWasKilled(@TempDir Path folder) throws Exception {
        var files = folder.resolve("postgres");
        var server = server(files, OptionalInt.empty());
        int port = server.getPort();
        try (var api = new RunningControlPlane(folder.resolve("data"), Engine.freshOn(server))) {
            for (int version = 1; version <= 3; version++) {
                assertThat(api.post(api.admin(), "/api/v1/snapshots", "").statusCode())
                        .isEqualTo(201);
            }

            kill(files);
            assertThat(api.post(api.admin(), "/api/v1/snapshots", "").statusCode())
                    .isEqualTo(503);
            // Nothing to stop is left, but for its own notes.
            server.close();
            server = server(files, OptionalInt.of(port));

            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(
                                    api.get(api.admin(), "/api/v1/snapshots/3").statusCode())
                            .isEqualTo(200));
        } finally {
            server.close();
        }
    }

    /// The server and all that it has started, as when a machine loses its power.
    private static void kill(Path files) throws IOException {
        long pid = Long.parseLong(
                Files.readAllLines(files.resolve("postmaster.pid")).getFirst());
        var server = ProcessHandle.of(pid).orElseThrow();
        var all = Stream.concat(Stream.of(server), server.descendants()).toList();
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(process -> process.onExit().join());
    }

    @Test
    void aServerThatHangsHoldsNobodyUp(@TempDir Path folder) throws Exception {
        var server = server(folder.resolve("postgres"), OptionalInt.empty());
        try (server;
                var relay = Relay.to(server.getPort());
                var api = new RunningControlPlane(folder.resolve("data"), Engine.freshOn(server, relay.port()))) {
            var edge = api.enrol("edge");
            try (var feed = new EventReader(api.feed(edge, ""))) {
                feed.next("caught-up");

                relay.hang(true);
                for (int i = 0; i < 3; i++) {
                    var asked = Instant.now();
                    assertThat(api.post(api.admin(), "/api/v1/snapshots", "").statusCode())
                            .isEqualTo(503);
                    assertThat(Duration.between(asked, Instant.now())).isLessThan(Duration.ofSeconds(25));
                }
                assertThat(api.get("", "/health/live").statusCode()).isEqualTo(200);
                assertThat(api.get("", "/health/ready").statusCode()).isEqualTo(503);

                relay.hang(false);
                await().atMost(Duration.ofSeconds(30))
                        .untilAsserted(() -> assertThat(api.post(api.admin(), "/api/v1/snapshots", "")
                                        .statusCode())
                                .isEqualTo(201));
                assertThat(feed.next("snapshot").read(SnapshotMessage.class).version())
                        .isPositive();
            }
        }
    }
}

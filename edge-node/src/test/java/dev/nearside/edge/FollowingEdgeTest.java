package dev.nearside.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;
import static org.awaitility.Awaitility.await;

import dev.nearside.edge.ScriptedOrigin.Say;
import dev.nearside.model.check.Checked;
import dev.nearside.model.wire.ConfigurationDocument;
import dev.nearside.model.wire.Json;
import dev.nearside.model.wire.feed.CaughtUp;
import dev.nearside.model.wire.feed.InvalidationMessage;
import dev.nearside.model.wire.feed.LatencyScale;
import dev.nearside.model.wire.feed.Reset;
import dev.nearside.model.wire.feed.SnapshotMessage;
import io.vertx.core.Promise;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An edge that follows a control plane: snapshots, invalidations, and what it may serve on its own.
class FollowingEdgeTest {

    private static final String EPOCH = "epoch-1";

    @TempDir
    Path folder;

    private final ScriptedOrigin origin = new ScriptedOrigin();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private ScriptedControlPlane control;
    private Edge edge;

    @BeforeEach
    void start() throws IOException {
        Files.writeString(folder.resolve("token"), "one-time\n");
        origin.on("/static/a.css", Say.ok("a {}", "Cache-Control", "max-age=600", "ETag", "\"1\""));
        control = new ScriptedControlPlane();
        edge = startEdge();
        await().until(() -> !control.places().isEmpty());
        control.send("reset", new Reset(EPOCH, 0));
        control.send("snapshot", SnapshotMessage.of(1, configuration(true)));
        control.send("caught-up", new CaughtUp(EPOCH, 0));
        awaitReady();
    }

    @AfterEach
    void stop() {
        edge.close();
        control.close();
        origin.close();
        client.close();
    }

    @Test
    void aSnapshotIsAppliedAndReported() throws Exception {
        assertThat(get("/static/a.css").statusCode()).isEqualTo(200);
        assertThat(control.lastReport().snapshotVersion()).isEqualTo(1);

        control.send("snapshot", SnapshotMessage.of(2, configuration(false)));

        await().until(() -> control.lastReport().snapshotVersion() == 2);
        assertThat(get("/static/a.css").statusCode()).isEqualTo(403);
    }

    /// As a canary does whose rollout is given up, or whose labels change.
    @Test
    void aSnapshotOfALowerNumberIsTakenAsWell() throws Exception {
        control.send("snapshot", SnapshotMessage.of(2, configuration(false)));
        await().until(() -> control.lastReport().snapshotVersion() == 2);

        control.send("snapshot", SnapshotMessage.of(1, configuration(true)));

        await().until(() -> control.lastReport().snapshotVersion() == 1);
        assertThat(get("/static/a.css").statusCode()).isEqualTo(200);
    }

    @Test
    void itTellsHowManyAnswersFailedAndHowLongViewersWaited() throws Exception {
        for (var path : List.of("/static/a.css", "/static/a.css", "/static/a.css")) get(path);
        origin.on("/static/b.css", Say.status(503));
        assertThat(get("/static/b.css").statusCode()).isEqualTo(503);

        await().untilAsserted(() -> {
            var service = Objects.requireNonNull(control.lastReport().service());
            assertThat(service.serverErrors()).isEqualTo(1);
            assertThat(service.latency()).hasSize(LatencyScale.STEPS);
            assertThat(service.latency().stream().mapToLong(Long::longValue).sum())
                    .isEqualTo(4);
        });
    }

    @Test
    void aCorruptSnapshotIsRefusedAndThePreviousOneStays() throws Exception {
        var sent = SnapshotMessage.of(2, configuration(false));
        control.send("snapshot", new SnapshotMessage(2, "0" + sent.hash().substring(1) + "0", sent.configuration()));

        await().until(() -> control.lastReport().refused() != null);
        assertThat(control.lastReport().snapshotVersion()).isEqualTo(1);
        assertThat(get("/static/a.css").statusCode()).isEqualTo(200);
    }

    /// Nothing of the log is lost with it, and the feed does not end over it.
    @Test
    void aSnapshotOfALaterReleaseIsRefusedAndTheLogGoesOn() throws Exception {
        get("/static/a.css");
        var later = Json.write(SnapshotMessage.of(2, configuration(false)))
                .replace("\"enabled\":false", "\"enabled\":false,\"ofALaterRelease\":1");
        control.send("snapshot", later);
        control.send(
                "invalidation",
                new InvalidationMessage(EPOCH, 1, "I1", "demo", List.of("/static/*"), Instant.EPOCH, null));

        await().until(() -> control.lastReport().position() == 1);
        assertThat(Objects.requireNonNull(control.lastReport().refused()).version())
                .isEqualTo(2);
        assertThat(control.lastReport().refused().problems().getFirst()).contains("ofALaterRelease");
        assertThat(control.lastReport().snapshotVersion()).isEqualTo(1);
        assertThat(xCache(get("/static/a.css"))).isEqualTo("Miss from nearside");
        assertThat(control.places()).as("one feed").hasSize(1);

        control.send("snapshot", SnapshotMessage.of(3, configuration(false)));
        await().until(() -> control.lastReport().snapshotVersion() == 3);
        assertThat(control.lastReport().refused()).isNull();
    }

    /// Events say more than they did, as soon as the control plane is of a later release.
    @Test
    void whatAnEventSaysBesidesIsLeftOut() {
        control.send("invalidation", """
                {"epoch":"epoch-1","position":1,"id":"I1","distributionId":"demo","paths":["/x"],\
                "createTime":"1970-01-01T00:00:00Z","ofALaterRelease":1}""");

        await().until(() -> control.lastReport().position() == 1);
        assertThat(control.places()).hasSize(1);
    }

    @Test
    void anInvalidationEmptiesWhatIsOlderAndIsReported() throws Exception {
        get("/static/a.css");
        assertThat(xCache(get("/static/a.css"))).isEqualTo("Hit from nearside");

        control.send(
                "invalidation",
                new InvalidationMessage(
                        EPOCH, 1, "I1", "demo", List.of("/static/*"), Instant.parse("2026-01-31T12:00:00Z"), null));

        await().until(() -> control.lastReport().position() == 1);
        assertThat(xCache(get("/static/a.css"))).isEqualTo("Miss from nearside");
        assertThat(xCache(get("/static/a.css"))).isEqualTo("Hit from nearside");
    }

    @Test
    void aFetchThatBeganBeforeAnInvalidationIsNotServedAfterIt() throws Exception {
        var release = Promise.<Say>promise();
        origin.on("/static/slow.css", _ -> release.future());
        var before = client.sendAsync(request("/static/slow.css"), HttpResponse.BodyHandlers.ofString());
        await().until(() -> origin.trips("/static/slow.css").size() == 1);

        control.send(
                "invalidation",
                new InvalidationMessage(EPOCH, 1, "I1", "demo", List.of("/static/slow.css"), Instant.EPOCH, null));
        await().until(() -> control.lastReport().position() == 1);
        release.complete(Say.ok("old", "Cache-Control", "max-age=600"));
        before.join();
        origin.on("/static/slow.css", Say.ok("new", "Cache-Control", "max-age=600"));

        assertThat(get("/static/slow.css").body()).isEqualTo("new");
    }

    @Test
    void aNewEpochMakesWhatWasStoredBeRevalidatedOnce() throws Exception {
        get("/static/a.css");
        origin.on("/static/a.css", Say.status(304, "ETag", "\"1\""));

        control.send("reset", new Reset("epoch-2", 7));
        control.send("caught-up", new CaughtUp("epoch-2", 7));
        await().until(() -> control.lastReport().position() == 7);

        assertThat(xCache(get("/static/a.css"))).isEqualTo("RefreshHit from nearside");
        assertThat(xCache(get("/static/a.css"))).isEqualTo("Hit from nearside");
    }

    @Test
    void anEdgeThatStartsWithoutTheControlPlaneRevalidatesBeforeItServes() throws Exception {
        get("/static/a.css");
        edge.close();
        control.close();
        var clock = new HandMovedClock();
        clock.pass(Duration.between(clock.instant(), Instant.now()));

        edge = SmallNode.in(folder).following(control.address()).start(clock);
        await().until(() -> management("/metrics").contains("\nnearside_cache_recovered 1\n"));
        origin.on("/static/a.css", Say.status(304, "ETag", "\"1\""));

        assertThat(xCache(get("/static/a.css"))).isEqualTo("RefreshHit from nearside");
        assertThat(xCache(get("/static/a.css"))).isEqualTo("Hit from nearside");
        assertThat(management("/health/ready")).isEqualTo("catching up with the control plane's log\n");
        clock.pass(Duration.ofSeconds(10));
        assertThat(management("/health/ready")).isEqualTo("ready\n");
    }

    @Test
    void anEdgeThatLosesTheControlPlaneGoesOn() throws Exception {
        get("/static/a.css");
        control.close();

        assertThat(xCache(get("/static/a.css"))).isEqualTo("Hit from nearside");
        assertThat(management("/health/ready")).isEqualTo("ready\n");
    }

    @Test
    void aRestartedEdgeResumesWhereItWas() throws Exception {
        control.send(
                "invalidation", new InvalidationMessage(EPOCH, 1, "I1", "demo", List.of("/x"), Instant.EPOCH, null));
        await().until(() -> control.lastReport().position() == 1);

        edge.close();
        edge = startEdge();

        await().until(() -> control.places().size() == 2);
        assertThat(control.places()).containsExactly("/0/0", EPOCH + "/1/1");
    }

    @Test
    void twoProcessesCannotShareADirectory() {
        assertThatThrownBy(this::startEdge).hasMessageContaining("is in use by another process");
    }

    private void awaitReady() {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(management("/health/ready")).isEqualTo("ready\n"));
        await().until(() -> control.hasReports() && control.lastReport().snapshotVersion() == 1);
    }

    private String management(String path) throws Exception {
        var uri = URI.create("http://127.0.0.1:" + edge.managementPort() + path);
        return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client.send(request(path), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + edge.port() + path))
                .build();
    }

    private static String xCache(HttpResponse<String> answer) {
        return answer.headers().firstValue("X-Cache").orElse("none");
    }

    private Edge startEdge() throws IOException {
        return SmallNode.in(folder).following(control.address()).start();
    }

    private ConfigurationDocument configuration(boolean enabled) {
        var text = """
                {"distributions": [{"id": "demo", "name": "demo", "enabled": %s, "aliases": ["127.0.0.1"],
                  "origins": [{"id": "site", "domainName": "127.0.0.1", "httpPort": %d, "originProtocolPolicy": "http-only"}],
                  "defaultCacheBehavior": {"targetOriginId": "site", "cachePolicyId": "CachingOptimized"}}]}
                """.formatted(enabled, origin.port());
        return switch (Json.read(text, ConfigurationDocument.class)) {
            case Checked.Valid<ConfigurationDocument>(var document) -> document;
            case Checked.Invalid<ConfigurationDocument>(var problems) -> fail(problems.toString());
        };
    }
}

package dev.nearside.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.nearside.edge.ScriptedOrigin.Say;
import dev.nearside.model.check.Checked;
import dev.nearside.model.wire.ConfigurationDocument;
import dev.nearside.model.wire.Json;
import dev.nearside.model.wire.feed.CaughtUp;
import dev.nearside.model.wire.feed.InvalidationMessage;
import dev.nearside.model.wire.feed.Reset;
import dev.nearside.model.wire.feed.SnapshotMessage;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tags and soft invalidations, from the control plane's feed to what viewers get.
class InvalidationScenarioTest {

    private static final String EPOCH = "epoch-1";

    @TempDir
    Path folder;

    private final HandMovedClock clock = new HandMovedClock();
    private final ScriptedOrigin origin = new ScriptedOrigin();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ScriptedControlPlane control = new ScriptedControlPlane();
    private Edge edge;
    private int position;

    @BeforeEach
    void start() throws IOException {
        Files.writeString(folder.resolve("token"), "one-time\n");
        edge = open();
        await().until(() -> control.places().size() == 1);
        control.send("reset", new Reset(EPOCH, 0));
        control.send("snapshot", SnapshotMessage.of(1, configuration()));
        catchUp();
    }

    private Edge open() throws IOException {
        return SmallNode.in(folder).following(control.address()).start(clock);
    }

    private void catchUp() {
        control.send("caught-up", new CaughtUp(EPOCH, position));
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(management("/health/ready")).isEqualTo("ready\n"));
    }

    @AfterEach
    void stop() {
        edge.close();
        control.close();
        origin.close();
        client.close();
    }

    private void invalidate(boolean soft, String... lines) {
        position++;
        control.send(
                "invalidation",
                new InvalidationMessage(
                        EPOCH, position, "I" + position, "demo", List.of(lines), clock.instant(), soft ? true : null));
        await().until(() -> control.lastReport().position() == position);
    }

    @Test
    void aTagReachesEveryObjectThatHasIt() throws Exception {
        origin.on("/a", Say.ok("a", "X-Meta-Cache-Tag", "Product:42, sale"));
        origin.on("/b", Say.ok("b", "x-meta-cache-tag", "product:43", "X-Meta-Cache-Tag", "SALE"));
        origin.on("/c", Say.ok("c", "X-Other-Tag", "sale"));
        for (var path : List.of("/a", "/b", "/c")) get(path);
        assertThat(get("/a").headers().allValues("X-Meta-Cache-Tag")).containsExactly("Product:42, sale");

        invalidate(false, "#product:42", "#nobody");
        assertThat(xCache("/a")).isEqualTo("Miss from nearside");
        assertThat(xCache("/b")).isEqualTo("Hit from nearside");
        invalidate(false, "#Sale");

        assertThat(xCache("/a")).isEqualTo("Miss from nearside");
        assertThat(xCache("/b")).isEqualTo("Miss from nearside");
        assertThat(xCache("/c")).isEqualTo("Hit from nearside");
        assertThat(xCache("/b")).isEqualTo("Hit from nearside");
        assertThat(management("/metrics")).contains("\nnearside_invalidation_rules 3\n");
    }

    @Test
    void aConfirmationMayBringOtherTags() throws Exception {
        origin.on("/a", Say.ok("a", "ETag", "\"1\"", "X-Meta-Cache-Tag", "old"));
        get("/a");
        origin.on("/a", Say.status(304, "ETag", "\"1\"", "X-Meta-Cache-Tag", "new"));
        invalidate(true, "#old");
        assertThat(xCache("/a")).isEqualTo("RefreshHit from nearside");

        invalidate(true, "#old");
        assertThat(xCache("/a")).isEqualTo("Hit from nearside");
        invalidate(true, "#new");
        assertThat(xCache("/a")).isEqualTo("RefreshHit from nearside");
    }

    @Test
    void whatIsInvalidatedSoftlyIsConfirmedAndFreshAgain() throws Exception {
        origin.on("/a", Say.ok("a", "ETag", "\"1\""));
        get("/a");
        origin.on("/a", Say.status(304, "ETag", "\"1\""));

        invalidate(true, "/*");
        clock.pass(Duration.ofSeconds(3));
        var explained = explain("/a");
        var confirmed = get("/a");

        assertThat(explained)
                .contains("\"why\":\"softly-invalidated\"")
                .contains("A soft invalidation ended the stored copy's life 3 s ago");
        assertThat(confirmed.body()).isEqualTo("a");
        assertThat(confirmed.headers().firstValue("X-Cache")).contains("RefreshHit from nearside");
        assertThat(confirmed.headers().firstValue("Cache-Status").orElseThrow())
                .contains("fwd=stale; fwd-status=304")
                .contains("detail=softly-invalidated");
        assertThat(xCache("/a")).isEqualTo("Hit from nearside");
        assertThat(origin.trips("/a")).hasSize(2);
    }

    @Test
    void windowsOfStalenessBeginWithTheSoftInvalidation() throws Exception {
        var control = "max-age=600, stale-while-revalidate=7, stale-if-error=9";
        for (var path : List.of("/swr/in", "/swr/out", "/sie/in", "/sie/out")) {
            origin.on(path, Say.ok(path, "Cache-Control", control));
            get(path);
        }
        invalidate(true, "/*");
        for (var path : List.of("/swr/in", "/swr/out")) {
            origin.on(path, Say.ok("new", "Cache-Control", control));
        }
        for (var path : List.of("/sie/in", "/sie/out")) origin.on(path, Say.status(503));

        clock.pass(Duration.ofMillis(6_999));
        assertThat(detail("/swr/in")).isEqualTo("stale-while-revalidate");
        clock.pass(Duration.ofMillis(1));
        assertThat(detail("/swr/out")).isEqualTo("softly-invalidated-without-validator");
        clock.pass(Duration.ofMillis(1_999));
        assertThat(detail("/sie/in")).isEqualTo("stale-if-error");
        clock.pass(Duration.ofMillis(1));
        assertThat(get("/sie/out").statusCode()).isEqualTo(503);
    }

    @Test
    void aSoftInvalidationSurvivesARestart() throws Exception {
        origin.on("/a", Say.ok("a", "ETag", "\"1\"", "Cache-Control", "max-age=600, stale-while-revalidate=7"));
        origin.on("/b", Say.ok("b", "ETag", "\"1\"", "Cache-Control", "max-age=600, stale-while-revalidate=7"));
        get("/a");
        get("/b");
        invalidate(true, "/*");
        edge.close();
        edge = open();
        await().until(() -> control.places().size() == 2);
        catchUp();
        origin.on("/a", Say.status(304, "ETag", "\"1\""));
        origin.on("/b", Say.status(304, "ETag", "\"1\""));

        clock.pass(Duration.ofMillis(6_999));
        assertThat(detail("/a")).isEqualTo("stale-while-revalidate");
        clock.pass(Duration.ofMillis(1));
        assertThat(detail("/b")).isEqualTo("softly-invalidated");
    }

    @Test
    void whoComesAfterAnInvalidationByTagDoesNotGetWhatWasUnderWay() throws Exception {
        var slow = Promise.<Say>promise();
        origin.on("/a", _ -> slow.future());
        var before = client.sendAsync(request("/a"), BodyHandlers.ofString());
        await().until(() -> origin.trips("/a").size() == 1);

        invalidate(false, "#t");
        var after = client.sendAsync(request("/a"), BodyHandlers.ofString());
        get("/something-else"); // goes all the way meanwhile
        origin.on("/a", _ -> Future.succeededFuture(Say.ok("new", "X-Meta-Cache-Tag", "t")));
        slow.complete(Say.ok("old", "X-Meta-Cache-Tag", "t"));

        assertThat(before.join().body()).isEqualTo("old");
        assertThat(after.join().body()).isEqualTo("new");
        assertThat(get("/a").body()).isEqualTo("new");
        assertThat(origin.trips("/a")).hasSize(2);
    }

    private String detail(String path) throws Exception {
        var status = get(path).headers().firstValue("Cache-Status").orElseThrow();
        return status.replaceFirst(".*detail=", "");
    }

    private String xCache(String path) throws Exception {
        return get(path).headers().firstValue("X-Cache").orElse("none");
    }

    private String management(String path) throws Exception {
        var uri = URI.create("http://127.0.0.1:" + edge.managementPort() + path);
        return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                .body();
    }

    private String explain(String path) throws Exception {
        var question = "{\"url\": \"http://127.0.0.1%s\"}".formatted(path);
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + edge.managementPort() + "/explain"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(question));
        return client.send(request.build(), BodyHandlers.ofString()).body();
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client.send(request(path), BodyHandlers.ofString());
    }

    private HttpRequest request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + edge.port() + path))
                .build();
    }

    private ConfigurationDocument configuration() {
        var text = """
                {"distributions": [{"id": "demo", "name": "demo", "aliases": ["127.0.0.1"],
                  "cacheTagConfig": {"headerName": "X-Meta-Cache-Tag"},
                  "origins": [{"id": "site", "domainName": "127.0.0.1", "httpPort": %d, "originProtocolPolicy": "http-only"}],
                  "defaultCacheBehavior": {"targetOriginId": "site", "cachePolicyId": "CachingOptimized"}}]}
                """.formatted(origin.port());
        return switch (Json.read(text, ConfigurationDocument.class)) {
            case Checked.Valid<ConfigurationDocument>(var document) -> document;
            case Checked.Invalid<ConfigurationDocument>(var problems) -> throw new AssertionError(problems.toString());
        };
    }
}

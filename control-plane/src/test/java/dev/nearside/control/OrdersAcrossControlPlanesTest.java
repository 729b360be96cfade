package dev.nearside.control;

import static dev.nearside.control.RunningControlPlane.body;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.nearside.model.wire.api.Distributions;
import dev.nearside.model.wire.api.Invalidations;
import dev.nearside.model.wire.api.Invalidations.Summary;
import dev.nearside.model.wire.feed.Enrolled;
import dev.nearside.model.wire.feed.Hello;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Orders given to one of two control planes on a PostgreSQL, while edges report to the other.
class OrdersAcrossControlPlanesTest {

    private RunningControlPlane one;
    private RunningControlPlane other;
    private String path;
    private Enrolled edge;
    private String epoch;

    @BeforeEach
    void start(@TempDir Path data, @TempDir Path itsData) throws Exception {
        one = new RunningControlPlane(data, Engine.POSTGRES.fresh(data));
        other = one.another(itsData, Clock.tickMillis(ZoneOffset.UTC));
        var made = one.post(
                one.admin(),
                "/api/v1/distributions",
                Documents.distribution("shop", "shop.test", "658327ea-f89d-4fab-a63d-7e88639e58f6", true));
        path = "/api/v1/distributions/" + body(made, Distributions.Item.class).id() + "/invalidations";
        edge = other.enrol("edge");
        try (var feed = new EventReader(other.feed(edge, ""))) {
            epoch = feed.next("hello").read(Hello.class).epoch();
        }
    }

    @AfterEach
    void stop() {
        other.close();
        one.close();
    }

    @Test
    void aReportToOneReleasesWhoWaitsAtTheOther() throws Exception {
        var begun = System.nanoTime();
        var waiting = CompletableFuture.supplyAsync(() -> order(one, "?wait=all&timeout=20s", "{\"paths\": [\"/a\"]}"));
        await().until(() -> !history(other).items().isEmpty());
        assertThat(waiting).isNotDone();

        assertThat(other.report(edge, epoch, 1, 0).statusCode()).isEqualTo(204);

        var item = body(waiting.join(), Invalidations.Item.class);
        assertThat(item.status()).isEqualTo("Completed");
        assertThat(item.summary()).isEqualTo(new Summary(1, 0, 0, 0));
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(15));
    }

    @Test
    void duplicatesAtBothAreOneOrder() throws Exception {
        var orders = new ArrayList<Callable<HttpResponse<String>>>();
        for (int i = 0; i < 16; i++) {
            var at = i % 2 == 0 ? one : other;
            orders.add(() -> order(at, "", "{\"paths\": [\"/a\"], \"callerReference\": \"r\"}"));
        }
        var statuses = new ArrayList<Integer>();
        try (var pool = Executors.newFixedThreadPool(8)) {
            for (var answer : pool.invokeAll(orders)) statuses.add(answer.get().statusCode());
        }

        assertThat(statuses).containsOnlyOnce(201).containsOnly(200, 201);
        assertThat(history(other).items()).hasSize(1);
    }

    @Test
    void limitsHoldForBothTogether() throws Exception {
        var lines = "\"/long/path/of/an/object\",".repeat(2_999) + "\"/last\"";
        for (int i = 0; i < 100; i++) {
            assertThat(order(i % 2 == 0 ? one : other, "", "{\"paths\": [" + lines + "]}")
                            .statusCode())
                    .isEqualTo(201);
        }

        for (var each : List.of(one, other)) {
            assertThat(order(each, "", "{\"paths\": [\"/a\"]}").statusCode()).isEqualTo(429);
        }
        var listed = body(one.get(one.admin(), path + "?maxItems=1"), Invalidations.class);
        assertThat(listed.items().getFirst().pathCount()).isEqualTo(3_000);
        assertThat(listed.items().getFirst().paths()).hasSize(10);
        assertThat(listed.nextMarker()).isEqualTo("100");
    }

    private HttpResponse<String> order(RunningControlPlane at, String query, String batch) {
        try {
            return at.post(at.admin(), path + query, batch);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private Invalidations history(RunningControlPlane at) throws Exception {
        return body(at.get(at.admin(), path), Invalidations.class);
    }
}

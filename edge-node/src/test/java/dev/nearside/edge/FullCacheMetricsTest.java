package dev.nearside.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.nearside.edge.ScriptedOrigin.Say;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `/metrics` tells of a cache that is full.
class FullCacheMetricsTest {

    private static final int MIDDLING = 240;
    private static final int COME_BACK = 60;
    private static final int LARGE = 8;

    @TempDir
    Path folder;

    @AutoClose
    private final ScriptedOrigin origin = new ScriptedOrigin();

    @AutoClose
    private RunningEdge edge;

    @BeforeEach
    void start() throws IOException {
        edge = new RunningEdge(
                folder, RunningEdge.site(origin.port()), new HandMovedClock(), node -> node.caching(4, 16));
        edge.awaitReady();
    }

    @Test
    void tellsWhoCameWhoWentAndWhoWasRefused() throws Exception {
        await().untilAsserted(
                        () -> assertThat(figure("nearside_cache_recovered")).isOne());
        assertThat(figure("nearside_store_free_cells")).isPositive().isEqualTo(figure("nearside_store_cells"));

        get("/middling", MIDDLING, 100_000);
        // The first of them have gone, but not been forgotten.
        get("/middling", COME_BACK, 100_000);
        await().untilAsserted(() -> assertThat(List.of(
                        figure("nearside_store_evictions_total"),
                        figure("nearside_store_admitted_total"),
                        figure("nearside_store_newcomers"),
                        figure("nearside_store_regulars"),
                        figure("nearside_cache_memory_evictions_total"),
                        figure("nearside_cache_memory_objects")))
                .allMatch(figure -> figure > 0));

        get("/large", LARGE, 1_500_000);
        assertThat(figure("nearside_store_refused_total")).isPositive();
        assertThat(figure("nearside_store_free_cells")).isLessThan(figure("nearside_store_cells") / 10);
        assertThat(figure("nearside_cache_disk_bytes"))
                .isEqualTo(4_096 * (figure("nearside_store_cells") - figure("nearside_store_free_cells")))
                .isLessThanOrEqualTo(figure("nearside_cache_disk_limit_bytes"));
        assertThat(figure("nearside_store_newcomers") + figure("nearside_store_regulars"))
                .isLessThanOrEqualTo(MIDDLING + LARGE);
        assertThat(figure("nearside_store_write_failures_total")).isZero();
    }

    private void get(String name, int count, int bytes) throws Exception {
        var body = "x".repeat(bytes);
        for (int i = 0; i < count; i++) {
            origin.on(name + i, Say.ok(body, "Cache-Control", "max-age=3600"));
            assertThat(edge.get(name + i).statusCode()).isEqualTo(200);
        }
    }

    private long figure(String metric) throws IOException, InterruptedException {
        return edge.management("/metrics")
                .lines()
                .filter(line -> line.startsWith(metric + " "))
                .mapToLong(line -> Long.parseLong(line.substring(metric.length() + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError(metric + " is missing"));
    }
}

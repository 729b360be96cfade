package dev.nearside.edge.health;

import dev.nearside.edge.origin.HealthChecks;
import dev.nearside.edge.respond.ResultClass;
import dev.nearside.edge.store.StoreUsage;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// What operators and their monitoring ask a node, on a port of its own: `/health/live`, `/health/ready`, `/metrics`.
public final class ManagementServer {

    private static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    private final HttpServer server;
    private final Tally tally;
    private final Supplier<StoreUsage> usage;
    private final LongSupplier unloggedLines;
    private final Supplier<Readiness> readiness;
    private final Supplier<Map<String, Duration>> certificatesLeft;
    private final Supplier<List<HealthChecks.State>> origins;

    /// Whether the node should get viewers.
    ///
    /// @param waitingFor why not; empty if it should
    /// @param snapshotVersion which snapshot it runs; 0 for none
    public record Readiness(Optional<String> waitingFor, long snapshotVersion) {}

    /// @param certificatesLeft how long each certificate that viewers are shown is still good, by its file's name
    public ManagementServer(
            Vertx vertx,
            Tally tally,
            Supplier<StoreUsage> usage,
            LongSupplier unloggedLines,
            Supplier<Readiness> readiness,
            Supplier<Map<String, Duration>> certificatesLeft,
            Supplier<List<HealthChecks.State>> origins) {
        this.origins = origins;
        this.certificatesLeft = certificatesLeft;
        this.tally = tally;
        this.usage = usage;
        this.unloggedLines = unloggedLines;
        this.readiness = readiness;
        this.server = vertx.createHttpServer(new HttpServerOptions().setIdleTimeout(30))
                .requestHandler(this::answer);
    }

    public Future<Integer> listen(String host, int port) {
        return server.listen(port, host).map(HttpServer::actualPort);
    }

    public Future<Void> close() {
        return server.close();
    }

    private void answer(HttpServerRequest request) {
        switch (request.path()) {
            case "/health/live" -> text(request, 200, "alive\n");
            case "/health/ready" -> {
                var waitingFor = readiness.get().waitingFor();
                text(request, waitingFor.isEmpty() ? 200 : 503, waitingFor.orElse("ready") + "\n");
            }
            case "/metrics" -> {
                request.response().putHeader("Content-Type", OPEN_METRICS);
                request.response().end(metrics());
            }
            case null, default -> text(request, 404, "not found (expected: /health/live, /health/ready or /metrics)\n");
        }
    }

    private static void text(HttpServerRequest request, int status, String body) {
        request.response()
                .setStatusCode(status)
                .putHeader("Content-Type", "text/plain; charset=utf-8")
                .end(body);
    }

    private String metrics() {
        var text = new StringBuilder(4096);
        header(text, "nearside_requests", "counter", "Viewer requests by result class; the classes are disjoint.");
        tally.forEach((distribution, counts) -> {
            for (var result : ResultClass.values()) {
                sample(text, "nearside_requests_total", distribution, result, counts.requests(result));
            }
        });
        header(text, "nearside_viewer_bytes", "counter", "Body bytes sent to viewers by result class.");
        tally.forEach((distribution, counts) -> {
            for (var result : ResultClass.values()) {
                sample(text, "nearside_viewer_bytes_total", distribution, result, counts.bytes(result));
            }
        });
        header(text, "nearside_origin_bytes", "counter", "Body bytes received from origins.");
        tally.forEach((distribution, counts) -> text.append("nearside_origin_bytes_total{distribution=\"")
                .append(distribution)
                .append("\"} ")
                .append(counts.originBytes())
                .append('\n'));
        header(text, "nearside_access_log_dropped", "counter", "Lines that the disk could not keep up with.");
        text.append("nearside_access_log_dropped_total ")
                .append(unloggedLines.getAsLong())
                .append('\n');
        var store = usage.get();
        gauge(text, "nearside_cache_memory_bytes", "Bytes of bodies in memory.", store.memoryUsed());
        gauge(text, "nearside_cache_memory_limit_bytes", "Bytes of memory for bodies.", store.memoryLimit());
        gauge(text, "nearside_cache_disk_bytes", "Bytes of bodies on disk.", store.diskUsed());
        gauge(text, "nearside_cache_disk_limit_bytes", "Bytes of disk for bodies.", store.diskLimit());
        gauge(text, "nearside_cache_objects", "Stored objects.", store.objects());
        gauge(text, "nearside_cache_recovered", "1 when all that was stored is back.", store.recovered() ? 1 : 0);
        header(text, "nearside_origin_healthy", "gauge", "1 when the checks of an origin find it well.");
        for (var state : origins.get()) {
            text.append("nearside_origin_healthy{distribution=\"")
                    .append(state.distribution())
                    .append("\",origin=\"")
                    .append(escaped(state.origin()))
                    .append("\"} ")
                    .append(state.well() ? 1 : 0)
                    .append('\n');
        }
        var ready = readiness.get();
        gauge(text, "nearside_snapshot_version", "The snapshot that is run; 0 for none.", ready.snapshotVersion());
        gauge(
                text,
                "nearside_ready",
                "1 when the node should get viewers.",
                ready.waitingFor().isEmpty() ? 1 : 0);
        header(text, "nearside_certificate_expiry_seconds", "gauge", "Seconds until a certificate ends.");
        certificatesLeft
                .get()
                .forEach((file, left) -> text.append("nearside_certificate_expiry_seconds{certificate=\"")
                        .append(escaped(file))
                        .append("\"} ")
                        .append(left.toSeconds())
                        .append('\n'));
        return text.append("# EOF\n").toString();
    }

    private static String escaped(String label) {
        return label.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    private static void header(StringBuilder text, String name, String type, String help) {
        text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
    }

    private static void sample(StringBuilder text, String name, String distribution, ResultClass result, long value) {
        text.append(name)
                .append("{distribution=\"")
                .append(distribution)
                .append("\",result=\"")
                .append(result.name().toLowerCase(Locale.ROOT))
                .append("\"} ")
                .append(value)
                .append('\n');
    }

    private static void gauge(StringBuilder text, String name, String help, long value) {
        header(text, name, "gauge", help);
        text.append(name).append(' ').append(value).append('\n');
    }
}

package dev.nearside.edge.health;

import dev.nearside.edge.origin.HealthChecks;
import dev.nearside.edge.respond.ResultClass;
import dev.nearside.edge.store.StoreUsage;
import dev.nearside.model.check.Checked;
import dev.nearside.model.check.Problem;
import dev.nearside.model.wire.ExplainReader;
import dev.nearside.model.wire.Json;
import dev.nearside.model.wire.api.ExplainRequest;
import dev.nearside.model.wire.api.Explanation;
import dev.nearside.model.wire.api.ProblemDocument;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What operators and their monitoring ask a node, on a port of its own: `/health/live`, `/health/ready`, `/metrics`,
/// and with a POST `/explain`.
public final class ManagementServer {

    private static final Logger LOG = LoggerFactory.getLogger(ManagementServer.class);
    private static final int LARGEST_QUESTION = 256 * 1024;
    private static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    private final HttpServer server;
    private final Tally tally;
    private final Supplier<StoreUsage> usage;
    private final LongSupplier fetches;
    private final LongSupplier unloggedLines;
    private final Supplier<Readiness> readiness;
    private final Supplier<Map<String, Duration>> certificatesLeft;
    private final Supplier<List<HealthChecks.State>> origins;
    private final Function<ExplainRequest, Future<Explanation>> explain;

    /// @param fetches how many are under way
    /// @param certificatesLeft how long each certificate that viewers are shown is still good, by its file
    /// @param explain says what would be done with a request, and why
    public ManagementServer(
            Vertx vertx,
            Tally tally,
            Supplier<StoreUsage> usage,
            LongSupplier fetches,
            LongSupplier unloggedLines,
            Supplier<Readiness> readiness,
            Supplier<Map<String, Duration>> certificatesLeft,
            Supplier<List<HealthChecks.State>> origins,
            Function<ExplainRequest, Future<Explanation>> explain) {
        this.origins = origins;
        this.certificatesLeft = certificatesLeft;
        this.tally = tally;
        this.usage = usage;
        this.fetches = fetches;
        this.unloggedLines = unloggedLines;
        this.readiness = readiness;
        this.explain = explain;
        this.server = vertx.createHttpServer(new HttpServerOptions().setIdleTimeout(30))
                .requestHandler(this::answer);
    }

    public Future<Integer> listen(String host, int port) {
        return server.listen(port, host).map(HttpServer::actualPort);
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
            case "/explain" -> explain(request);
            case null, default ->
                text(request, 404, "not found (expected: /health/live, /health/ready, /metrics or /explain)\n");
        }
    }

    private void explain(HttpServerRequest request) {
        if (!HttpMethod.POST.equals(request.method())) {
            request.response().putHeader("Allow", "POST");
            refuse(request, 405, "Method not allowed", "Expected: POST", List.of());
            return;
        }
        // A page in an operator's browser cannot send this type to another site without asking.
        var type = request.getHeader("Content-Type");
        if (type == null || !type.split(";", 2)[0].strip().equalsIgnoreCase("application/json")) {
            refuse(
                    request,
                    415,
                    "Unsupported media type",
                    "Content-Type: %s (expected: application/json)".formatted(type),
                    List.of());
            return;
        }
        var body = Buffer.buffer();
        request.handler(chunk -> {
            if (body.length() <= LARGEST_QUESTION) body.appendBuffer(chunk);
        });
        request.endHandler(_ -> explain(request, body));
    }

    private void explain(HttpServerRequest request, Buffer body) {
        if (body.length() > LARGEST_QUESTION) {
            refuse(request, 413, "Body too large", "Expected: at most %d bytes".formatted(LARGEST_QUESTION), List.of());
            return;
        }
        switch (Json.read(body.getBytes(), ExplainRequest.class).then(ExplainReader::read)) {
            case Checked.Invalid<ExplainRequest>(var problems) ->
                refuse(request, 400, "The request is not valid", "Nothing was asked.", problems);
            case Checked.Valid<ExplainRequest>(var asked) ->
                Future.<Void>succeededFuture()
                        .compose(_ -> explain.apply(asked))
                        .onSuccess(explanation -> request.response()
                                .putHeader("Content-Type", "application/json")
                                .end(Json.write(explanation)))
                        .onFailure(bug -> {
                            LOG.error("A request cannot be explained", bug);
                            refuse(request, 500, "Internal error", "The log of the edge tells more.", List.of());
                        });
        }
    }

    private static void refuse(
            HttpServerRequest request, int status, String title, String detail, List<Problem> problems) {
        var entries = problems.stream()
                .map(problem -> new ProblemDocument.Entry(problem.path(), problem.message()))
                .toList();
        request.response()
                .setStatusCode(status)
                .putHeader("Content-Type", "application/problem+json")
                .end(Json.write(new ProblemDocument("about:blank", title, status, detail, "-", entries, null)));
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
        gauge(
                text,
                "nearside_origin_fetches",
                "Objects being brought or revalidated for requests that may share them.",
                fetches.getAsLong());
        header(text, "nearside_access_log_dropped", "counter", "Lines that the disk could not keep up with.");
        text.append("nearside_access_log_dropped_total ")
                .append(unloggedLines.getAsLong())
                .append('\n');
        var store = usage.get();
        gauge(text, "nearside_cache_memory_bytes", "Bytes of bodies in memory.", store.memoryUsed());
        gauge(text, "nearside_cache_memory_limit_bytes", "Bytes of memory for bodies.", store.memoryLimit());
        gauge(
                text,
                "nearside_cache_memory_objects",
                "Objects in memory.",
                store.memory().objects());
        counter(
                text,
                "nearside_cache_memory_evictions",
                "Objects that went from memory to make room.",
                store.memory().evictions());
        gauge(text, "nearside_cache_disk_bytes", "Bytes of cells in use.", store.diskUsed());
        gauge(text, "nearside_cache_disk_limit_bytes", "Bytes of disk for the cache.", store.diskLimit());
        gauge(text, "nearside_cache_objects", "Stored objects.", store.objects());
        var disk = store.disk();
        gauge(text, "nearside_store_shards", "Parts of the disk cache.", disk.shards());
        gauge(text, "nearside_store_unusable_shards", "Parts that cannot be used.", disk.unusable());
        header(text, "nearside_store_known_ratio", "gauge", "How much of what was stored before the start is known.");
        text.append("nearside_store_known_ratio ").append(disk.known()).append('\n');
        gauge(text, "nearside_store_cells", "Cells of the disk cache.", disk.cells());
        gauge(text, "nearside_store_free_cells", "Cells that are free.", disk.freeCells());
        counter(text, "nearside_store_evictions", "Objects that went to make room.", disk.evictions());
        var decided = disk.decided();
        counter(text, "nearside_store_admitted", "Newcomers worth the room of others.", decided.admitted());
        counter(text, "nearside_store_refused", "Newcomers not worth the room of others.", decided.refused());
        gauge(text, "nearside_store_newcomers", "Objects asked for once, as far as is known.", decided.newcomers());
        gauge(text, "nearside_store_regulars", "Objects asked for again.", decided.regulars());
        counter(text, "nearside_store_damaged", "Objects dropped, not being what was written.", disk.damaged());
        counter(
                text,
                "nearside_store_recovery_dropped",
                "Records that were not sound after a crash.",
                disk.droppedAtStart());
        counter(text, "nearside_store_write_failures", "Changes that the disk would not take.", disk.failures());
        gauge(text, "nearside_cache_recovered", "1 when all that was stored is back.", store.recovered() ? 1 : 0);
        var invalidations = store.invalidations();
        gauge(
                text,
                "nearside_invalidation_rules",
                "Paths and tags that stored objects are still compared with.",
                invalidations.rules());
        counter(text, "nearside_swept_objects", "Stored objects compared in the background.", invalidations.swept());
        counter(
                text,
                "nearside_swept_bytes",
                "Bytes of bodies on disk freed because they were invalidated.",
                invalidations.reclaimed());
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

    private static void counter(StringBuilder text, String name, String help, long value) {
        header(text, name, "counter", help);
        text.append(name).append("_total ").append(value).append('\n');
    }

    private static void gauge(StringBuilder text, String name, String help, long value) {
        header(text, name, "gauge", help);
        text.append(name).append(' ').append(value).append('\n');
    }
}

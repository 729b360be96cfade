package dev.nearside.edge;

import dev.nearside.model.check.Checked;
import dev.nearside.model.wire.Json;
import dev.nearside.model.wire.feed.EdgeReport;
import dev.nearside.model.wire.feed.Enrolled;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/// A control plane that sends one edge the events that the test tells it to, and keeps what the edge reports.
final class ScriptedControlPlane implements AutoCloseable {

    private final Vertx vertx = Vertx.vertx();
    private final HttpServer server;
    private final String scheme;
    private final List<EdgeReport> reports = new CopyOnWriteArrayList<>();
    private final List<String> places = new CopyOnWriteArrayList<>();
    private final List<String> answers = new CopyOnWriteArrayList<>();
    private final List<String> bearers = new CopyOnWriteArrayList<>();
    private final List<String> enrolments = new CopyOnWriteArrayList<>();
    private final AtomicInteger asked = new AtomicInteger();
    private volatile Promise<String> given = given("another");
    private volatile boolean takesReports = true;
    private final List<HttpServerResponse> feeds = new CopyOnWriteArrayList<>();

    ScriptedControlPlane() {
        this(new HttpServerOptions());
    }

    /// @param options for TLS, with a certificate for `localhost`
    ScriptedControlPlane(HttpServerOptions options) {
        server = vertx.createHttpServer(options).requestHandler(this::answer);
        server.listen(0, "127.0.0.1").await();
        scheme = options.isSsl() ? "https://localhost:" : "http://127.0.0.1:";
    }

    URI address() {
        return URI.create(scheme + server.actualPort());
    }

    /// The places in the log that the edge has asked to follow from.
    List<String> places() {
        return places;
    }

    /// What the edge has answered to questions, as JSON.
    List<String> answers() {
        return answers;
    }

    /// What the edge has proved itself with, report by report.
    List<String> bearers() {
        return bearers;
    }

    /// What the edge has said when it enrolled, as JSON.
    List<String> enrolments() {
        return enrolments;
    }

    private static Promise<String> given(String credential) {
        var promise = Promise.<String>promise();
        promise.complete(credential);
        return promise;
    }

    /// How often the edge has asked for a new credential.
    int credentialsAsked() {
        return asked.get();
    }

    /// Asks for a new credential are answered when this is completed.
    Promise<String> holdCredentials() {
        given = Promise.promise();
        return given;
    }

    /// As one whose database is away: feeds stay open, and nothing else is done.
    void takeNoReports() {
        takesReports = false;
    }

    EdgeReport lastReport() {
        return reports.getLast();
    }

    boolean hasReports() {
        return !reports.isEmpty();
    }

    void send(String event, Record data) {
        send(event, Json.write(data));
    }

    void send(String event, String data) {
        feeds.getLast().write("event: " + event + "\ndata: " + data + "\n\n");
    }

    private void answer(HttpServerRequest request) {
        switch (request.uri()) {
            case "/edge/v1/enrol" ->
                request.body().onSuccess(body -> {
                    enrolments.add(body.toString());
                    request.response().end(Json.write(new Enrolled("E1", "edge-1", "credential")));
                });
            case "/edge/v1/credential" -> {
                asked.incrementAndGet();
                given.future()
                        .onSuccess(credential -> request.response()
                                .setStatusCode(201)
                                .end(Json.write(new Enrolled("E1", "edge-1", credential))));
            }
            case "/edge/v1/reports" -> {
                bearers.add(request.getHeader("Authorization"));
                if (takesReports) request.body().onSuccess(body -> report(request, body));
                else request.response().setStatusCode(503).end();
            }
            case "/edge/v1/answers" ->
                request.body().onSuccess(body -> {
                    answers.add(body.toString());
                    request.response().setStatusCode(204).end();
                });
            case "/edge/v1/feed" -> {
                var feed = request.response().setChunked(true).putHeader("Content-Type", "text/event-stream");
                feed.write(":hb\n\n");
                feeds.add(feed);
                places.add(request.getHeader("Last-Event-ID"));
            }
            default -> request.response().setStatusCode(404).end();
        }
    }

    private void report(HttpServerRequest request, Buffer body) {
        switch (Json.read(body.getBytes(), EdgeReport.class)) {
            case Checked.Valid<EdgeReport>(var report) -> {
                reports.add(report);
                request.response().setStatusCode(204).end();
            }
            case Checked.Invalid<EdgeReport>(var problems) ->
                request.response().setStatusCode(400).end(problems.toString());
        }
    }

    @Override
    public void close() {
        vertx.close().await();
    }
}

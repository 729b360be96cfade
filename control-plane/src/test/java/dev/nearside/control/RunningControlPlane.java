package dev.nearside.control;

import dev.nearside.control.access.Passwords;
import dev.nearside.control.persistence.DatabaseSettings;
import dev.nearside.model.check.Checked;
import dev.nearside.model.wire.Json;
import dev.nearside.model.wire.api.EnrolmentToken;
import dev.nearside.model.wire.api.Session;
import dev.nearside.model.wire.api.TokenCreated;
import dev.nearside.model.wire.feed.Enrolled;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;

/// A real control plane on a free port, and somebody who calls it.
final class RunningControlPlane implements AutoCloseable {
    /// Shorter than a real one's, since tests wait for its end.
    static final Duration ANSWER_PATIENCE = Duration.ofSeconds(2);

    private final HttpClient http = HttpClient.newHttpClient();
    private final Path data;
    private final DatabaseSettings settings;
    private final Path secretsKey;
    private final InstantSource clock;
    private ControlPlane controlPlane;
    private final String admin;

    RunningControlPlane(Path data) throws Exception {
        this(data, new DatabaseSettings.InDirectory(data));
    }

    RunningControlPlane(Path data, DatabaseSettings settings) throws Exception {
        this.data = data;
        this.settings = settings;
        this.secretsKey = data.resolve("secrets.key");
        this.clock = Clock.tickMillis(ZoneOffset.UTC);
        this.controlPlane = start();
        var password =
                Files.readString(data.resolve(ControlPlane.FIRST_PASSWORD_FILE)).strip();
        var login = post("", "/api/v1/login", "{\"username\": \"admin\", \"password\": \"%s\"}".formatted(password));
        this.admin = body(login, Session.class).token();
    }

    /// One more on the database of another, with a clock of its own.
    private RunningControlPlane(Path data, RunningControlPlane first, Path secretsKey, InstantSource clock)
            throws Exception {
        this.data = data;
        this.settings = first.settings;
        this.secretsKey = secretsKey;
        this.clock = clock;
        this.admin = first.admin;
        this.controlPlane = start();
    }

    RunningControlPlane another(Path itsData, InstantSource itsClock) throws Exception {
        return new RunningControlPlane(itsData, this, secretsKey, itsClock);
    }

    /// One that nobody has given the secrets key of this one.
    RunningControlPlane anotherWithoutKey(Path itsData) throws Exception {
        return new RunningControlPlane(itsData, this, itsData.resolve("secrets.key"), clock);
    }

    private ControlPlane start() throws ControlPlane.NotStarted {
        var listen = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        var passwords = new Passwords(new SecureRandom(), 1_000);
        var setup = Setup.in(data, listen).with(settings).sealedUnder(secretsKey);
        return ControlPlane.start(setup, passwords, ANSWER_PATIENCE, clock);
    }

    void restart() throws ControlPlane.NotStarted {
        controlPlane.close();
        controlPlane = start();
    }

    /// Stops it for good, before the test ends.
    void leave() {
        controlPlane.close();
    }

    /// Does something while it is stopped.
    void stopped(Runnable work) throws ControlPlane.NotStarted {
        controlPlane.close();
        work.run();
        controlPlane = start();
    }

    ControlPlane controlPlane() {
        return controlPlane;
    }

    String admin() {
        return admin;
    }

    String token(String role) throws Exception {
        var made = post(admin, "/api/v1/tokens", "{\"name\": \"%s\", \"role\": \"%s\"}".formatted(role, role));
        return body(made, TokenCreated.class).token();
    }

    /// Enrols an edge, and says how it proves who it is.
    Enrolled enrol(String name) throws Exception {
        var token = body(post(admin, "/api/v1/enrolment-tokens", ""), EnrolmentToken.class)
                .token();
        return body(tryToEnrol(token, name), Enrolled.class);
    }

    HttpResponse<String> tryToEnrol(String token, String name) throws Exception {
        return post(
                "",
                "/edge/v1/enrol",
                "{\"token\": \"%s\", \"name\": \"%s\", \"version\": \"1\"}".formatted(token, name));
    }

    HttpResponse<String> report(Enrolled edge, String epoch, long position, long snapshot) throws Exception {
        return post(edge.credential(), "/edge/v1/reports", """
                {"runId": "run", "startTime": "%s", "sentAt": "%s", "version": "1", "snapshotVersion": %d,
                 "epoch": "%s", "position": %d, "counters": [],
                 "cache": {"memoryUsed": 1, "memoryLimit": 2, "diskUsed": 3, "diskLimit": 4, "objects": 5, "recovered": true}}
                """.formatted(
                        Instant.now(), Instant.now(), snapshot, epoch, position));
    }

    HttpResponse<InputStream> feed(Enrolled edge, String lastEventId) throws IOException, InterruptedException {
        var request = request(edge.credential(), "/edge/v1/feed");
        if (!lastEventId.isEmpty()) request.header("Last-Event-ID", lastEventId);
        return open(request);
    }

    HttpResponse<InputStream> open(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.build(), BodyHandlers.ofInputStream());
    }

    HttpResponse<String> get(String token, String path) throws Exception {
        return send(request(token, path));
    }

    HttpResponse<String> post(String token, String path, String body) throws Exception {
        return send(json(request(token, path)).POST(BodyPublishers.ofString(body)));
    }

    HttpResponse<String> put(String token, String path, String etag, String body) throws Exception {
        return send(json(request(token, path)).header("If-Match", etag).PUT(BodyPublishers.ofString(body)));
    }

    /// Any call at all; without a body if it is empty.
    HttpResponse<String> call(String token, String method, String path, String body, String... headers)
            throws Exception {
        var request = request(token, path)
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (!body.isEmpty()) request.header("Content-Type", "application/json");
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    HttpResponse<String> delete(String token, String path, String... headers) throws Exception {
        var request = request(token, path).DELETE();
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    HttpRequest.Builder request(String token, String path) {
        var request = HttpRequest.newBuilder(controlPlane.uri().resolve(path));
        return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private static HttpRequest.Builder json(HttpRequest.Builder request) {
        return request.header("Content-Type", "application/json");
    }

    static <T extends Record> T body(HttpResponse<String> response, Class<T> type) {
        return switch (Json.read(response.body(), type)) {
            case Checked.Valid<T>(var value) -> value;
            case Checked.Invalid<T>(var problems) ->
                throw new AssertionError(response.statusCode() + " " + response.body() + " " + List.copyOf(problems));
        };
    }

    @Override
    public void close() {
        controlPlane.close();
        http.close();
    }
}

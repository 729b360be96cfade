package dev.nearside.load.proof;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A control plane with one distribution and one edge, used through its API.
final class ControlPlane implements AutoCloseable {

    static final String EDGE = "edge";

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Program program;
    private final int port;
    private final Path folder;
    private String token = "";
    private String distribution = "";

    private ControlPlane(Program program, int port, Path folder) {
        this.program = program;
        this.port = port;
        this.folder = folder;
    }

    /// Started, with a distribution of that origin.
    static ControlPlane start(Path home, Path folder, int origin, String... options) throws IOException {
        int port = Program.freePort();
        var data = folder.resolve("control-plane");
        var command =
                new ArrayList<>(List.of("control-plane", "--data", data.toString(), "--listen", "127.0.0.1:" + port));
        command.addAll(List.of(options));
        var program = Program.start(home, folder.resolve("control-plane.log"), port, command, "");
        program.awaitReady();
        var control = new ControlPlane(program, port, folder);
        var password = Files.readString(data.resolve("first-admin-password")).strip();
        control.token = text(
                control.call("POST", "login", "{\"username\":\"admin\",\"password\":\"%s\"}".formatted(password)),
                "token");
        control.call("POST", "config", Site.document(origin));
        control.distribution = text(control.call("GET", "distributions", ""), "id");
        return control;
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /// A file with a token for an edge of that name, made when it is first asked for.
    Path enrolment(String edge) throws IOException {
        var file = folder.resolve("enrolment-token-" + edge);
        if (Files.exists(file)) return file;
        return Files.writeString(
                file, text(call("POST", "enrolment-tokens", "{\"name\":\"%s\"}".formatted(edge)), "token"));
    }

    void publish() throws IOException {
        publish(1);
    }

    /// Completed when so many edges run it.
    void publish(int edges) throws IOException {
        var version = number(call("POST", "snapshots", "{\"comment\":\"proof\"}"), "version");
        long end = System.nanoTime() + PATIENCE.toNanos();
        var running = Pattern.compile("\"snapshotVersion\":" + version + "\\b");
        while (running.matcher(call("GET", "edges", "")).results().count() < edges) {
            if (System.nanoTime() > end) throw new IOException("an edge does not run snapshot " + version);
            LockSupport.parkNanos(50_000_000);
        }
    }

    /// Completed when the edge says that it serves none of it any more.
    void invalidate(List<String> lines, boolean isSoft) throws IOException {
        var body = "{\"paths\":[%s],\"soft\":%s}"
                .formatted(lines.stream().map(line -> '"' + line + '"').collect(Collectors.joining(",")), isSoft);
        var said = call("POST", "distributions/" + distribution + "/invalidations?wait=30s", body);
        if (!text(said, "status").equals("Completed")) throw new IOException("an invalidation: " + said);
    }

    private String call(String method, String path, String body) throws IOException {
        var request = HttpRequest.newBuilder(uri().resolve("/api/v1/" + path))
                .timeout(PATIENCE)
                .header("Accept", "application/json")
                .header("Content-Type", "application/json")
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (!token.isEmpty()) request.header("Authorization", "Bearer " + token);
        try {
            var answer = Program.HTTP.send(request.build(), BodyHandlers.ofString());
            if (answer.statusCode() < 300) return answer.body();
            throw new IOException("%s %s: %d %s".formatted(method, path, answer.statusCode(), answer.body()));
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static String text(String json, String name) throws IOException {
        return first(json, "\"" + name + "\"\\s*:\\s*\"([^\"]*)\"");
    }

    private static String number(String json, String name) throws IOException {
        return first(json, "\"" + name + "\"\\s*:\\s*(\\d+)");
    }

    private static String first(String json, String pattern) throws IOException {
        var found = Pattern.compile(pattern).matcher(json);
        if (!found.find()) throw new IOException("%s in %s".formatted(pattern, json));
        return found.group(1);
    }

    @Override
    public void close() throws IOException {
        program.close();
    }
}

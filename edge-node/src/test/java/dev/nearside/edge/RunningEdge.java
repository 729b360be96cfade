package dev.nearside.edge;

import dev.nearside.edge.log.LogFormat;
import dev.nearside.edge.origin.OriginAddresses;
import dev.nearside.model.check.Checked;
import dev.nearside.model.wire.Json;
import dev.nearside.model.wire.api.ExplainRequest;
import dev.nearside.model.wire.api.Explanation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// A node that runs alone on free ports, with origins on loopback, and a viewer of it.
final class RunningEdge implements AutoCloseable {

    private static final long MB = 1 << 20;

    private final Path folder;
    private final Edge edge;
    private final HttpClient viewer =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    RunningEdge(Path folder, String configuration, HandMovedClock clock) throws IOException {
        this(folder, configuration, clock, UnaryOperator.identity());
    }

    RunningEdge(Path folder, String configuration, HandMovedClock clock, UnaryOperator<EdgeSettings> changed)
            throws IOException {
        this.folder = folder;
        configure(configuration);
        edge = Edge.start(changed.apply(settings(folder)), clock, System::nanoTime);
    }

    private static EdgeSettings settings(Path folder) {
        return new EdgeSettings(
                new EdgeSettings.Source.Alone(folder.resolve("nearside.json")),
                new EdgeSettings.Address("127.0.0.1", 0),
                Optional.of(new EdgeSettings.Address("127.0.0.1", 0)),
                folder.resolve("data"),
                64 * MB,
                64 * MB,
                Set.of(OriginAddresses.Range.LOOPBACK),
                Optional.of(LogFormat.W3C));
    }

    /// Writes what the node reads when it starts, and whenever it changes.
    void configure(String configuration) throws IOException {
        Files.writeString(folder.resolve("nearside.json"), configuration);
    }

    int port() {
        return edge.port();
    }

    HttpResponse<String> ask(String method, String path, String... headers) throws IOException, InterruptedException {
        return ask(method, path, HttpRequest.BodyPublishers.noBody(), headers);
    }

    HttpResponse<String> ask(String method, String path, HttpRequest.BodyPublisher body, String... headers)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + edge.port() + path))
                .method(method, body);
        if (headers.length > 0) request.headers(headers);
        return viewer.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
        return ask("GET", path, headers);
    }

    /// Sends bytes and reads until the edge closes the connection.
    String raw(String request) throws IOException {
        try (var socket = connect()) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    Socket connect() throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), edge.port());
        socket.setSoTimeout(10_000);
        return socket;
    }

    String management(String path) throws IOException, InterruptedException {
        var uri = URI.create("http://127.0.0.1:" + edge.managementPort() + path);
        return viewer.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    /// What the node says that it would do.
    Explanation explain(ExplainRequest question) throws IOException, InterruptedException {
        var answer = explain("POST", "application/json", Json.write(question));
        return switch (Json.read(answer.body(), Explanation.class)) {
            case Checked.Valid<Explanation>(var explanation) -> explanation;
            case Checked.Invalid<Explanation>(var problems) -> throw new AssertionError(answer.body() + problems);
        };
    }

    HttpResponse<String> explain(String method, String type, String body) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + edge.managementPort() + "/explain"))
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .header("Content-Type", type);
        return viewer.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /// The access log's lines, split at the tabs.
    List<String[]> logged() throws IOException {
        try (var files = Files.list(folder.resolve("data").resolve("access-log"))) {
            return files.flatMap(RunningEdge::lines)
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("\t", -1))
                    .toList();
        }
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.readAllLines(file).stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        edge.close();
        viewer.close();
    }
}

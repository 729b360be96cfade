package dev.nearside.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// A node on free ports of loopback, and a viewer of it.
final class RunningEdge implements AutoCloseable {

    private static final HttpRequest.BodyPublisher NOTHING = HttpRequest.BodyPublishers.noBody();

    private final Path folder;
    private final HandMovedClock clock;
    private final EdgeSettings settings;
    private final HttpClient viewer =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private Edge edge;

    RunningEdge(Path folder, String configuration) throws IOException {
        this(folder, configuration, new HandMovedClock());
    }

    RunningEdge(Path folder, String configuration, HandMovedClock clock) throws IOException {
        this(folder, configuration, clock, UnaryOperator.identity());
    }

    RunningEdge(Path folder, String configuration, HandMovedClock clock, UnaryOperator<SmallNode> changed)
            throws IOException {
        this.folder = folder;
        this.clock = clock;
        this.settings = changed.apply(SmallNode.in(folder)).settings();
        configure(configuration);
        edge = open();
    }

    private Edge open() throws IOException {
        return Edge.start(settings, clock, System::nanoTime);
    }

    void restart() throws IOException {
        edge.close();
        edge = open();
    }

    /// Writes what the node reads when it starts, and whenever it changes.
    void configure(String configuration) throws IOException {
        Files.writeString(folder.resolve("nearside.json"), configuration);
    }

    void awaitReady() {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(management("/health/ready")).isEqualTo("ready\n"));
    }

    int port() {
        return edge.port();
    }

    /// As the viewer names it.
    String host() {
        return "127.0.0.1:" + edge.port();
    }

    HandMovedClock clock() {
        return clock;
    }

    HttpResponse<byte[]> get(String path, String... headers) throws IOException, InterruptedException {
        return send("GET", path, headers);
    }

    CompletableFuture<HttpResponse<byte[]>> getAsync(String path, String... headers) {
        return viewer.sendAsync(request("GET", path, NOTHING, headers), HttpResponse.BodyHandlers.ofByteArray());
    }

    HttpResponse<byte[]> send(String method, String path, String... headers) throws IOException, InterruptedException {
        return viewer.send(request(method, path, NOTHING, headers), HttpResponse.BodyHandlers.ofByteArray());
    }

    /// A GET whose answer is text.
    HttpResponse<String> read(String path, String... headers) throws IOException, InterruptedException {
        return ask("GET", path, headers);
    }

    /// A request whose answer is text.
    HttpResponse<String> ask(String method, String path, String... headers) throws IOException, InterruptedException {
        return ask(method, path, NOTHING, headers);
    }

    HttpResponse<String> ask(String method, String path, HttpRequest.BodyPublisher body, String... headers)
            throws IOException, InterruptedException {
        return viewer.send(request(method, path, body, headers), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest request(String method, String path, HttpRequest.BodyPublisher body, String... headers) {
        var request =
                HttpRequest.newBuilder(URI.create("http://" + host() + path)).method(method, body);
        if (headers.length > 0) request.headers(headers);
        return request.build();
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

    /// The access log's lines, without those on the log itself.
    List<String> logged() throws IOException {
        try (var files = Files.list(folder.resolve("data").resolve("access-log"))) {
            return files.flatMap(RunningEdge::lines)
                    .filter(line -> !line.startsWith("#"))
                    .toList();
        }
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.readAllLines(file, StandardCharsets.ISO_8859_1).stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        edge.close();
        viewer.close();
    }

    /// A site whose origin says how long its answers live, and which may be changed by any method. Below `/kept/` the
    /// key has no `Host`, so that it stays the same when the port changes.
    static String site(int originPort) {
        return """
                {"distributions": [{"name": "demo", "enabled": true, "aliases": ["localhost", "127.0.0.1"],
                  "origins": [{"id": "site", "domainName": "127.0.0.1", "httpPort": %d, "originProtocolPolicy": "http-only"}],
                  "defaultCacheBehavior": {"targetOriginId": "site",
                    "allowedMethods": ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"],
                    "cachePolicyId": "UseOriginCacheControlHeaders-QueryStrings", "originRequestPolicyId": "AllViewer"},
                  "cacheBehaviors": [{"pathPattern": "/kept/*", "targetOriginId": "site",
                    "allowedMethods": ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"],
                    "cachePolicyId": "CachingOptimized"}]}]}
                """.formatted(originPort);
    }
}

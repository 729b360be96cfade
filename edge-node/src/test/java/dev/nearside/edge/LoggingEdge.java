package dev.nearside.edge;

import dev.nearside.edge.log.LogFormat;
import dev.nearside.edge.origin.OriginAddresses;
import java.io.IOException;
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
import java.util.concurrent.CompletableFuture;

/// A real edge on a free port that answers `localhost` by one document, and viewers to ask it.
final class LoggingEdge implements AutoCloseable {

    private static final long MB = 1 << 20;

    private final Path folder;
    private final Edge edge;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    LoggingEdge(Path folder, HandMovedClock clock, String configuration) throws IOException {
        this.folder = folder;
        Files.writeString(folder.resolve("nearside.json"), configuration);
        this.edge = Edge.start(
                new EdgeSettings(
                                new EdgeSettings.Source.Alone(folder.resolve("nearside.json")),
                                new EdgeSettings.Address("127.0.0.1", 0),
                                Optional.empty(),
                                folder.resolve("data"),
                                32 * MB,
                                64 * MB,
                                Set.of(OriginAddresses.Range.LOOPBACK),
                                Optional.of(LogFormat.JSON))
                        .called("front-7"),
                clock,
                System::nanoTime);
    }

    int port() {
        return edge.port();
    }

    HttpResponse<byte[]> get(String path, String... headers) throws Exception {
        return send("GET", path, headers);
    }

    HttpResponse<byte[]> send(String method, String path, String... headers) throws Exception {
        return client.send(request(method, path, headers), HttpResponse.BodyHandlers.ofByteArray());
    }

    CompletableFuture<HttpResponse<byte[]>> getAsync(String path, String... headers) {
        return client.sendAsync(request("GET", path, headers), HttpResponse.BodyHandlers.ofByteArray());
    }

    private HttpRequest request(String method, String path, String... headers) {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + edge.port() + path))
                .method(method, HttpRequest.BodyPublishers.noBody());
        if (headers.length > 0) request.headers(headers);
        return request.build();
    }

    /// Sends bytes and reads until the edge closes the connection.
    String raw(String request) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), edge.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    /// The lines of the access log that are written, one JSON object each.
    List<String> logged() throws IOException {
        var file = folder.resolve("data/access-log/access.log");
        return Files.exists(file) ? Files.readAllLines(file, StandardCharsets.ISO_8859_1) : List.of();
    }

    @Override
    public void close() {
        edge.close();
        client.close();
    }
}

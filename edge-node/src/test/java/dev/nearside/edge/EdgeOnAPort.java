package dev.nearside.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.nearside.edge.log.LogFormat;
import dev.nearside.edge.origin.OriginAddresses;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/// A real edge on a free port with one site, a hand-moved clock, and a viewer.
final class EdgeOnAPort implements AutoCloseable {

    private static final long MB = 1 << 20;

    private final Path folder;
    private final HandMovedClock clock = new HandMovedClock();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private Edge edge;

    EdgeOnAPort(Path folder, int originPort) throws IOException {
        this(folder, configuration(originPort));
    }

    EdgeOnAPort(Path folder, String configuration) throws IOException {
        this.folder = folder;
        Files.writeString(folder.resolve("nearside.json"), configuration);
        edge = open();
    }

    private Edge open() throws IOException {
        return Edge.start(
                new EdgeSettings(
                        new EdgeSettings.Source.Alone(folder.resolve("nearside.json")),
                        new EdgeSettings.Address("127.0.0.1", 0),
                        Optional.of(new EdgeSettings.Address("127.0.0.1", 0)),
                        folder.resolve("data"),
                        64 * MB,
                        256 * MB,
                        Set.of(OriginAddresses.Range.LOOPBACK),
                        Optional.of(LogFormat.W3C)),
                clock,
                System::nanoTime);
    }

    void restart() throws IOException {
        edge.close();
        edge = open();
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

    void awaitReady() {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(client.send(
                                        HttpRequest.newBuilder(URI.create(
                                                        "http://127.0.0.1:" + edge.managementPort() + "/health/ready"))
                                                .build(),
                                        HttpResponse.BodyHandlers.ofString())
                                .body())
                        .isEqualTo("ready\n"));
    }

    HttpResponse<byte[]> get(String path, String... headers) throws IOException, InterruptedException {
        return client.send(request(path, headers).build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    CompletableFuture<HttpResponse<byte[]>> getAsync(String path, String... headers) {
        return client.sendAsync(request(path, headers).build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    HttpResponse<byte[]> head(String path, String... headers) throws IOException, InterruptedException {
        return send("HEAD", path, headers);
    }

    HttpResponse<byte[]> send(String method, String path, String... headers) throws IOException, InterruptedException {
        return client.send(
                request(path, headers)
                        .method(
                                method,
                                method.equals("HEAD")
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofString("abc"))
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    private HttpRequest.Builder request(String path, String... headers) {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + edge.port() + path));
        return headers.length > 0 ? request.headers(headers) : request;
    }

    @Override
    public void close() {
        edge.close();
        client.close();
    }

    /// A site whose origin says how long its answers live, and which may be changed by any method. Below `/kept/` the
    /// key has no `Host`, so that it stays the same when the port changes.
    static String configuration(int originPort) {
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

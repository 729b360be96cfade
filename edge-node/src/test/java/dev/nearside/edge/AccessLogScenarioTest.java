package dev.nearside.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.nearside.edge.ScriptedOrigin.Say;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// What the access log says of connections and of how downloads ended, through real sockets.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AccessLogScenarioTest {

    private static final String LARGE = "x".repeat(3 << 20);

    private final ScriptedOrigin origin = new ScriptedOrigin();
    private final Vertx vertx = Vertx.vertx();
    private Path folder;
    private Edge edge;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        this.folder = folder;
        Files.writeString(folder.resolve("nearside.json"), """
                {"distributions": [{"name": "demo", "aliases": ["a.example"],
                  "origins": [{"id": "site", "domainName": "127.0.0.1", "httpPort": %d, "originProtocolPolicy": "http-only"}],
                  "defaultCacheBehavior": {"targetOriginId": "site", "cachePolicyId": "CachingOptimized"}}]}
                """.formatted(origin.port()));
        edge = Http2Test.start(folder, List.of(PemFiles.write(folder, "a", 100, "a.example")));
    }

    @AfterAll
    void stop() {
        vertx.close().await();
        edge.close();
        origin.close();
    }

    @ParameterizedTest
    @CsvSource({
        "false, HTTP_1_1, http , HTTP/1.1, A.example:81, -      , -",
        "true , HTTP_1_1, https, HTTP/1.1, A.example:81, TLSv1.3, TLS_AES_",
        "true , HTTP_2  , https, HTTP/2.0, A.example:81, TLSv1.3, TLS_AES_"
    })
    void theConnectionIsTold(
            boolean secure, HttpVersion version, String protocol, String told, String host, String tls, String cipher)
            throws IOException {
        var path = "/of-" + secure + version;
        origin.on(path, Say.ok("x"));

        download(secure, version, path);

        var line = line(path);
        assertThat(line).containsEntry("cs-protocol", protocol).containsEntry("cs-protocol-version", told);
        assertThat(line).containsEntry("x-host-header", host).containsEntry("cs(Host)", "demo");
        assertThat(line).containsEntry("ssl-protocol", tls);
        assertThat(line.get("ssl-cipher")).startsWith(cipher);
    }

    @ParameterizedTest
    @EnumSource(
            value = HttpVersion.class,
            names = {"HTTP_1_1", "HTTP_2"})
    void whoHangsUpBehindTheLastByteGotItAll(HttpVersion version) throws IOException {
        var paths = IntStream.range(0, 6).mapToObj(i -> "/large-" + version + i).toList();
        for (var path : paths) {
            origin.on(path, Say.ok(LARGE, "Cache-Control", "max-age=60", "ETag", "\"1\""));
            assertThat(download(true, version, path)).isEqualTo(LARGE.length());
        }

        for (var path : paths) {
            assertThat(line(path))
                    .containsEntry("x-edge-result-type", "Miss")
                    .containsEntry("x-edge-detailed-result-type", "not-found")
                    .containsEntry("sc-bytes", Integer.toString(LARGE.length()));
        }
    }

    @Test
    void whoHangsUpBeforeIsTold() throws IOException {
        origin.on("/given-up", Say.ok("x".repeat(16 << 20), "Cache-Control", "max-age=60"));
        try (var viewer = new RawHttp2(edge.securePort(), "a.example")) {
            viewer.get(1, "a.example", "/given-up");
            viewer.next();
        }

        assertThat(line("/given-up"))
                .containsEntry("x-edge-result-type", "Error")
                .containsEntry("x-edge-detailed-result-type", "ClientCommError");
    }

    /// Over a connection that is closed at once.
    ///
    /// @return bytes of the body
    private int download(boolean secure, HttpVersion version, String path) {
        var client = vertx.createHttpClient(new HttpClientOptions()
                .setProtocolVersion(version)
                .setUseAlpn(secure)
                .setSsl(secure)
                .setTrustAll(true)
                .setVerifyHost(false)
                .setForceSni(true));
        var options = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setServer(SocketAddress.inetSocketAddress(secure ? edge.securePort() : edge.port(), "127.0.0.1"))
                .setHost("A.example")
                .setPort(81)
                .setURI(path);
        try {
            return client.request(options)
                    .compose(request -> request.send().compose(response -> response.body()))
                    .await()
                    .length();
        } finally {
            client.close().await();
        }
    }

    private Map<String, String> line(String path) throws IOException {
        var file = folder.resolve("data").resolve("access-log").resolve("access.log");
        await().until(() -> Files.exists(file) && values(file, path).size() == 1);
        return values(file, path).getFirst();
    }

    /// The lines of requests for a path, by the names of the fields.
    private static List<Map<String, String>> values(Path file, String path) throws IOException {
        var lines = Files.readAllLines(file, StandardCharsets.ISO_8859_1);
        if (lines.size() < 2) return List.of(); // made, and not written yet
        var names = lines.get(1).replace("#Fields: ", "").split(" ", -1);
        return lines.stream()
                .map(line -> line.split("\t", -1))
                .filter(values -> values.length == names.length)
                .map(values -> IntStream.range(0, names.length)
                        .boxed()
                        .collect(Collectors.toMap(i -> names[i], i -> values[i])))
                .filter(values -> path.equals(values.get("cs-uri-stem")))
                .toList();
    }
}

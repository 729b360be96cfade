package dev.nearside.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.edge.ScriptedOrigin.Say;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What an origin is told of an encrypted connection.
class ViewerTlsScenarioTest {

    private static final ScriptedOrigin ORIGIN = new ScriptedOrigin();
    private static final Vertx VERTX = Vertx.vertx();
    private static Edge edge;

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("nearside.json"), """
                {"originRequestPolicies": [{"name": "tell", "headersConfig": {"headerBehavior": "whitelist",
                  "headers": ["CloudFront-Viewer-TLS", "CloudFront-Forwarded-Proto", "CloudFront-Viewer-Http-Version"]}}],
                 "distributions": [{"name": "demo", "enabled": true, "aliases": ["a.example"],
                  "origins": [{"id": "site", "domainName": "127.0.0.1", "httpPort": %d, "originProtocolPolicy": "http-only"}],
                  "defaultCacheBehavior": {"targetOriginId": "site", "cachePolicyId": "CachingDisabled",
                    "originRequestPolicyId": "tell"}}]}
                """.formatted(ORIGIN.port()));
        edge = Http2Test.start(folder, List.of(PemFiles.write(folder, "a", 100, "a.example")));
    }

    @AfterAll
    static void stop() {
        VERTX.close().await();
        edge.close();
        ORIGIN.close();
    }

    @ParameterizedTest
    @CsvSource({"HTTP_1_1, 1.1", "HTTP_2, 2.0"})
    void theFirstRequestOfAConnectionShakesHands(HttpVersion version, String told) {
        var path = "/" + version;
        ORIGIN.on(path, Say.ok("x"));
        var client = VERTX.createHttpClient(
                new HttpClientOptions()
                        .setProtocolVersion(version)
                        .setUseAlpn(true)
                        .setSsl(true)
                        .setTrustAll(true)
                        .setVerifyHost(false)
                        .setForceSni(true),
                new PoolOptions().setHttp1MaxSize(1).setHttp2MaxSize(1));
        for (int i = 0; i < 3; i++) {
            client.request(new RequestOptions()
                            .setMethod(HttpMethod.GET)
                            .setServer(SocketAddress.inetSocketAddress(edge.securePort(), "127.0.0.1"))
                            .setHost("a.example")
                            .setURI(path))
                    .compose(request -> request.send().compose(response -> response.body()))
                    .await();
        }
        client.close().await();

        assertThat(ORIGIN.trips(path)).hasSize(3).allSatisfy(trip -> {
            assertThat(trip.headers().first("CloudFront-Forwarded-Proto")).contains("https");
            assertThat(trip.headers().first("CloudFront-Viewer-Http-Version")).contains(told);
            assertThat(trip.headers().first("CloudFront-Viewer-TLS").orElseThrow())
                    .startsWith("TLSv1.3:TLS_AES_");
        });
        assertThat(ORIGIN.trips(path))
                .extracting(trip -> trip.headers()
                        .first("CloudFront-Viewer-TLS")
                        .orElseThrow()
                        .replaceAll(".*:", ""))
                .containsExactly("fullHandshake", "connectionReused", "connectionReused");
    }
}

package dev.nearside.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.nearside.edge.ScriptedOrigin.Say;
import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is encrypted for a viewer is a copy, of which few may lie about however slowly viewers read.
class SlowTlsViewersTest {

    private static final int VIEWERS = 12;
    private static final int MB = 1 << 20;

    private final ScriptedOrigin origin = new ScriptedOrigin();

    private Edge edge;

    @BeforeEach
    void start(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("nearside.json"), """
                {"distributions": [{"name": "demo", "enabled": true, "aliases": ["a.example"],
                  "origins": [{"id": "site", "domainName": "127.0.0.1", "httpPort": %d, "originProtocolPolicy": "http-only"}],
                  "defaultCacheBehavior": {"targetOriginId": "site",
                    "cachePolicyId": "UseOriginCacheControlHeaders-QueryStrings"}}]}
                """.formatted(origin.port()));
        edge = SmallNode.in(folder)
                .secure(List.of(PemFiles.write(folder, "a", 100, "a.example")), Duration.ofHours(1))
                .finishingWithin(Duration.ofSeconds(2))
                .caching(512, 256)
                .start();
    }

    @AfterEach
    void stop() {
        edge.close();
        origin.close();
    }

    @Test
    void aBodyInMemoryIsEncryptedAsItIsRead() throws IOException {
        // of a size that is kept in memory
        var body = "x".repeat(12 * MB);
        origin.on("/film", Say.ok(body, "Cache-Control", "max-age=60"));
        await().untilAsserted(
                        () -> assertThat(whole()).contains("X-Cache: Hit ").endsWith(body));
        long before = PlatformDependent.usedDirectMemory();
        var viewers = new ArrayList<Socket>();
        try {
            for (int i = 0; i < VIEWERS; i++) {
                var viewer = ask("keep-alive");
                viewers.add(viewer);
                assertThat(viewer.getInputStream().read()).isEqualTo('H');
            }
            await().pollDelay(Duration.ofMillis(500)).until(() -> true);
            assertThat(PlatformDependent.usedDirectMemory() - before).isLessThan(VIEWERS * 2L * MB);
            // and it comes whole to who goes on
            for (var viewer : viewers.subList(0, 3)) {
                assertThat(viewer.getInputStream().readNBytes(body.length()))
                        .hasSize(body.length())
                        .endsWith('x', 'x');
            }
        } finally {
            for (var viewer : viewers) viewer.close();
        }
        assertThat(origin.trips("/film")).hasSize(1);
    }

    private String whole() throws IOException {
        try (var viewer = ask("close")) {
            return new String(viewer.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    private Socket ask(String connection) throws IOException {
        var socket = RawHttp2.tls(edge.securePort(), Optional.of("a.example"), "http/1.1");
        socket.setSoTimeout(10_000);
        socket.getOutputStream()
                .write("GET /film HTTP/1.1\r\nHost: a.example\r\nConnection: %s\r\n\r\n"
                        .formatted(connection)
                        .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }
}

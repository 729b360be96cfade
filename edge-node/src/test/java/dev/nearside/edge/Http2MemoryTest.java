package dev.nearside.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Bodies over HTTP/2 that nobody reads to their end leave no memory behind.
class Http2MemoryTest {

    private RecordingOrigin origin;
    private Edge edge;

    @BeforeEach
    void start(@TempDir Path folder) throws IOException {
        origin = new RecordingOrigin();
        Files.writeString(folder.resolve("nearside.json"), """
                {"distributions": [{"name": "demo", "enabled": true, "aliases": ["a.example"],
                  "origins": [{"id": "site", "domainName": "127.0.0.1", "httpPort": %d, "originProtocolPolicy": "http-only"}],
                  "cacheBehaviors": [{"pathPattern": "/read/*", "targetOriginId": "site",
                    "cachePolicyId": "CachingDisabled"}],
                  "defaultCacheBehavior": {"targetOriginId": "site",
                    "allowedMethods": ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"],
                    "cachePolicyId": "CachingDisabled"}}]}
                """.formatted(origin.port()));
        edge = Http2Test.start(folder, List.of(PemFiles.write(folder, "a", 100, "a.example")));
    }

    @AfterEach
    void stop() throws IOException {
        edge.close();
        origin.close();
    }

    /// @param path refused at once, or taken by an origin that does not answer
    /// @param takenBack whether the request is, or else the connection ends
    @ParameterizedTest
    @CsvSource({"/read/x, false", "/held/x, true"})
    void anUploadThatEndsInTheMiddle(String path, boolean takenBack) throws IOException {
        // What the transport pools for good is there after some of them.
        for (int i = 0; i < 40; i++) upload(path, takenBack);
        long before = PlatformDependent.usedDirectMemory();

        for (int i = 0; i < 80; i++) upload(path, takenBack);

        // 5 MB were sent
        await().untilAsserted(() ->
                assertThat(PlatformDependent.usedDirectMemory() - before).isLessThan(3 << 20));
    }

    /// Four bodies of a few hundred frames each, as much as the windows take.
    private void upload(String path, boolean takenBack) throws IOException {
        var piece = "x".repeat(200);
        try (var viewer = new RawHttp2(edge.securePort(), "a.example")) {
            for (int stream = 1; stream < 9; stream += 2) {
                viewer.headers(
                        stream, false, ":method", "POST", ":scheme", "https", ":authority", "a.example", ":path", path);
                for (int i = 0; i < 75; i++) viewer.data(stream, false, piece);
            }
            if (takenBack) for (int stream = 1; stream < 9; stream += 2) viewer.reset(stream);
            if (path.startsWith("/read")) viewer.next();
        } catch (IOException _) {
            // the edge may have ended the stream, or the connection, before all was sent
        }
    }
}

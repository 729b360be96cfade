package dev.nearside.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.edge.RawHttp2.Ending;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// HTTP/2 viewers who cost more than they are worth.
class Http2FloodTest {

    private RecordingOrigin origin;
    private Edge edge;

    @BeforeEach
    void start(@TempDir Path folder) throws IOException {
        origin = new RecordingOrigin()
                .saying(asked -> "HTTP/1.1 200 OK\r\nCache-Control: max-age=600\r\nContent-Length: 5\r\n\r\n/page");
        Files.writeString(folder.resolve("nearside.json"), """
                {"distributions": [{"name": "demo", "enabled": true, "aliases": ["a.example"],
                  "origins": [{"id": "site", "domainName": "127.0.0.1", "httpPort": %d, "originProtocolPolicy": "http-only"}],
                  "cacheBehaviors": [{"pathPattern": "/page", "targetOriginId": "site",
                    "cachePolicyId": "CachingOptimized"}],
                  "defaultCacheBehavior": {"targetOriginId": "site", "cachePolicyId": "CachingDisabled"}}]}
                """.formatted(origin.port()));
        edge = Http2Test.start(folder, List.of(PemFiles.write(folder, "a", 100, "a.example")));
        othersAreAnswered();
    }

    @AfterEach
    void stop() throws IOException {
        origin.close();
        edge.close();
    }

    /// From the cache and from the origin, which nobody keeps busy with what was taken back.
    private void othersAreAnswered() throws IOException {
        try (var viewer = new RawHttp2(edge.securePort(), "a.example")) {
            viewer.get(1, "a.example", "/page");
            assertThat(viewer.ending(1)).isEqualTo(new Ending.Answered(200, "/page"));
            viewer.get(3, "a.example", "/never-stored");
            assertThat(viewer.ending(3)).isEqualTo(new Ending.Answered(200, "/page"));
        }
    }

    @Test
    void whoTakesBackRequestsInMassesIsSentAway() throws IOException {
        int sent = 0;
        try (var viewer = new RawHttp2(edge.securePort(), "a.example")) {
            for (; sent < 20_000; sent++) {
                viewer.get(2 * sent + 1, "a.example", "/held/" + sent);
                viewer.reset(2 * sent + 1);
            }
        } catch (IOException _) {
            // sent away
        }
        assertThat(sent).isLessThan(20_000);
        assertThat(origin.began()).isLessThan(1_000);
        othersAreAnswered();
    }

    @Test
    void whoMakesUsResetStreamsInMassesIsSentAway() throws IOException {
        int sent = 0;
        try (var viewer = new RawHttp2(edge.securePort(), "a.example")) {
            for (; sent < 20_000; sent++) {
                int stream = 2 * sent + 1;
                viewer.get(stream, "a.example", "/held/" + sent);
                viewer.frame(RawHttp2.WINDOW_UPDATE, 0, stream, new byte[4]); // an increment of none is an error
            }
        } catch (IOException _) {
            // sent away
        }
        assertThat(sent).isLessThan(20_000);
        othersAreAnswered();
    }

    @Test
    void moreRequestsAtOnceThanAllowedAreRefused() throws IOException {
        try (var viewer = new RawHttp2(edge.securePort(), "a.example")) {
            for (int i = 0; i < 129; i++) viewer.get(2 * i + 1, "a.example", "/held/" + i);
            assertThat(viewer.ending(257)).isIn(new Ending.Reset(7), new Ending.GoneAway());
        }
    }
}

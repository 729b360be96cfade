package dev.nearside.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.edge.ScriptedOrigin.Say;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What viewers are told of the way that their answers took (CF§6.5).
class ServerTimingScenarioTest {

    @TempDir
    Path folder;

    @AutoClose
    private final ScriptedOrigin origin = new ScriptedOrigin();

    private final HandMovedClock clock = new HandMovedClock();

    @AutoClose
    private RunningEdge edge;

    @BeforeEach
    void start() throws IOException {
        edge = new RunningEdge(folder, """
                {"distributions": [{"name": "demo", "enabled": true, "aliases": ["localhost", "127.0.0.1"],
                  "origins": [{"id": "site", "domainName": "127.0.0.1", "httpPort": %d,
                    "originProtocolPolicy": "http-only"}],
                  "defaultCacheBehavior": {"targetOriginId": "site", "responseHeadersPolicyId": "timed",
                    "cachePolicyId": "UseOriginCacheControlHeaders"}}],
                 "responseHeadersPolicies": [{"id": "timed", "name": "timed",
                   "serverTimingHeadersConfig": {"enabled": true, "samplingRate": 0}}]}
                """.formatted(origin.port()), clock);
    }

    @Test
    void eachWayIsToldWithItsTimes() throws Exception {
        origin.on("/page", asked -> {
            clock.pass(Duration.ofMillis(70));
            return Future.succeededFuture(
                    asked.headers().has("If-None-Match")
                            ? Say.status(304, "Server-Timing", "db;dur=9")
                            : Say.ok("x", "Cache-Control", "max-age=60", "ETag", "\"1\"", "Server-Timing", "db;dur=5"));
        });

        assertThat(timing())
                .matches("db;dur=5,cdn-upstream-layer;desc=\"EDGE\",cdn-upstream-fbl;dur=70,cdn-cache-miss,"
                        + "cdn-pop;desc=\"edge\",cdn-rid;desc=\"[^\"]+\",cdn-downstream-fbl;dur=\\d+");
        assertThat(timing())
                .matches("cdn-cache-hit,cdn-pop;desc=\"edge\",cdn-rid;desc=\"[^\"]+\",cdn-hit-layer;desc=\"EDGE\","
                        + "cdn-downstream-fbl;dur=\\d+");
        clock.pass(Duration.ofSeconds(61));
        assertThat(timing())
                .matches("cdn-upstream-fbl;dur=70,cdn-cache-refresh,cdn-pop;desc=\"edge\",cdn-rid;desc=\"[^\"]+\","
                        + "cdn-downstream-fbl;dur=\\d+");
        assertThat(edge.get("/page").headers().firstValue("Server-Timing")).isEmpty();
    }

    private String timing() throws Exception {
        var answer = edge.get("/page", "Pragma", "server-timing");
        var id = answer.headers().firstValue("X-Nearside-Id").orElseThrow();
        assertThat(answer.headers().allValues("Server-Timing"))
                .singleElement()
                .satisfies(value -> assertThat(value).contains("cdn-rid;desc=\"" + id + "\""));
        return answer.headers().firstValue("Server-Timing").orElseThrow();
    }
}

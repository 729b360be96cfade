package dev.nearside.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.nearside.edge.ScriptedOrigin.Say;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Origins that are known to be ill are passed over where another one can be asked.
class OriginHealthScenarioTest {

    @TempDir
    Path folder;

    private final HandMovedClock clock = new HandMovedClock();
    private final ScriptedOrigin primary = new ScriptedOrigin();
    private final ScriptedOrigin secondary = new ScriptedOrigin();

    @AfterEach
    void stop() {
        primary.close();
        secondary.close();
    }

    @Test
    void anOriginWhoseCheckFailsIsPassedOverUntilItIsWell() throws Exception {
        primary.on("/healthz", Say.status(500));
        primary.on("/x", Say.ok("primary"));
        secondary.on("/x", Say.ok("secondary"));
        try (var edge = new RunningEdge(folder, configuration(primary.port(), "503", true), clock)) {
            awaitMetric(edge, "nearside_origin_healthy{distribution=\"demo\",origin=\"first\"} 0");
            assertThat(edge.read("/x").body()).isEqualTo("secondary");
            assertThat(primary.trips("/x")).isEmpty();
            assertThat(primary.trips("/healthz").getFirst().headers().all("X-Secret"))
                    .containsExactly("s");

            primary.on("/healthz", Say.ok("fine"));
            awaitMetric(edge, "nearside_origin_healthy{distribution=\"demo\",origin=\"first\"} 1");
            assertThat(edge.read("/x").body()).isEqualTo("primary");

            edge.configure(configuration(primary.port(), "503", false));
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> !edge.management("/metrics").contains("nearside_origin_healthy{"));
            int before = primary.trips("/healthz").size();
            await().pollDelay(Duration.ofMillis(1_300)).until(() -> true);
            assertThat(primary.trips("/healthz")).hasSize(before);
        }
    }

    @Test
    void anIllOriginIsAskedAnywayWhereItsFailureLeadsToNobody() throws Exception {
        primary.on("/healthz", Say.status(500));
        primary.on("/x", Say.ok("primary"));
        try (var edge = new RunningEdge(folder, configuration(primary.port(), "404", true), clock)) {
            awaitMetric(edge, "nearside_origin_healthy{distribution=\"demo\",origin=\"first\"} 0");
            assertThat(edge.read("/x").body()).isEqualTo("primary");
        }
    }

    @Test
    void whatFailsAgainAndAgainIsLeftAloneForAWhile() throws Exception {
        secondary.on("/x", Say.ok("secondary"));
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        try (var edge = new RunningEdge(folder, configuration(port, "503", false), clock)) {
            for (int i = 0; i < 3; i++) assertThat(edge.read("/x").body()).isEqualTo("secondary");
            try (var revived = new VerbatimOrigin(port)) {
                revived.saying("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nprimary");

                assertThat(edge.read("/x").body()).isEqualTo("secondary"); // nobody looked
                clock.pass(Duration.ofSeconds(1));
                assertThat(edge.read("/x").body()).isEqualTo("primary");
                assertThat(edge.read("/x").body()).isEqualTo("primary");
            }
        }
    }

    private static void awaitMetric(RunningEdge edge, String line) {
        await().atMost(Duration.ofSeconds(10))
                .until(() -> edge.management("/metrics").contains(line));
    }

    private String configuration(int first, String listed, boolean checked) throws IOException {
        var check = "\"healthCheck\": {\"path\": \"/healthz\", \"interval\": 1, \"timeout\": 1,"
                + " \"unhealthyThreshold\": 1, \"healthyThreshold\": 1}, ";
        return """
                {"distributions": [{"name": "demo", "enabled": true, "aliases": ["127.0.0.1"],
                  "origins": [
                    {"id": "first", "domainName": "127.0.0.1", "httpPort": %d, "originProtocolPolicy": "http-only", %s
                      "connectionAttempts": 1, "customHeaders": [{"name": "X-Secret", "value": "s"}]},
                    {"id": "second", "domainName": "127.0.0.1", "httpPort": %d, "originProtocolPolicy": "http-only"}],
                  "originGroups": [{"id": "both", "failoverCriteria": {"statusCodes": [%s]},
                    "members": [{"originId": "first"}, {"originId": "second"}]}],
                  "defaultCacheBehavior": {"targetOriginId": "both", "cachePolicyId": "CachingDisabled"}}]}
                """.formatted(first, checked ? check : "", secondary.port(), listed);
    }
}

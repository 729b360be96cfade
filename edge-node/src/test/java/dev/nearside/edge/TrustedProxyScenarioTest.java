package dev.nearside.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Who a request is from, where a proxy stands before the edge and where somebody only says so.
class TrustedProxyScenarioTest {

    @TempDir
    Path folder;

    private final HandMovedClock clock = new HandMovedClock();

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # trusted     | X-Forwarded-For           | logged       | the origin is told
        127.0.0.0/8   | 198.51.100.5, 192.0.2.1   | 192.0.2.1    | 198.51.100.5, 192.0.2.1, 127.0.0.1
        10.0.0.0/8    | 198.51.100.5, 192.0.2.1   | 127.0.0.1    | 127.0.0.1
        10.0.0.0/8    | 10.0.0.1                  | 127.0.0.1    | 127.0.0.1
        """)
    void nobodyIsSomebodyElseByHisOwnWord(String trusted, String chain, String logged, String told) throws Exception {
        try (var origin = new VerbatimOrigin();
                var edge =
                        new RunningEdge(folder, configuration(origin.port()), clock, node -> node.trusting(trusted))) {
            edge.read("/x", "X-Forwarded-For", chain);

            assertThat(origin.requests().getFirst()).contains("\r\nX-Forwarded-For: " + told + "\r\n");
            await().until(() -> !edge.logged().isEmpty());
            assertThat(edge.logged().getFirst().split("\t", -1)[4]).isEqualTo(logged);
        }
    }

    @Test
    void onlyATrustedProxySpeaksForTheScheme() throws Exception {
        try (var origin = new VerbatimOrigin()) {
            var secured = configuration(origin.port()).replace("allow-all", "redirect-to-https");
            try (var edge = new RunningEdge(folder, secured, clock, node -> node.trusting("127.0.0.1"))) {
                assertThat(edge.read("/x", "X-Forwarded-Proto", "https").statusCode())
                        .isEqualTo(200);
                assertThat(edge.read("/x", "X-Forwarded-Proto", "http").statusCode())
                        .isEqualTo(301);
            }
            try (var edge = new RunningEdge(folder, secured, clock)) {
                assertThat(edge.read("/x", "X-Forwarded-Proto", "https").statusCode())
                        .isEqualTo(301);
            }
        }
    }

    @Test
    void aKeyOfAddressesIsOneOfBelievedAddresses() throws Exception {
        try (var origin = new VerbatimOrigin();
                var edge = new RunningEdge(
                        folder,
                        configuration(origin.port()).replace("\"CachingOptimized\"", "\"by-address\""),
                        clock)) {
            edge.read("/x", "X-Forwarded-For", "192.0.2.1");
            var again = edge.read("/x", "X-Forwarded-For", "192.0.2.2");

            assertThat(again.headers().firstValue("X-Cache")).contains("Hit from nearside");
            assertThat(origin.requests()).hasSize(1);
        }
    }

    private static String configuration(int port) {
        return """
                {"distributions": [{"name": "demo", "enabled": true, "aliases": ["127.0.0.1"],
                  "origins": [{"id": "site", "domainName": "127.0.0.1", "httpPort": %d,
                    "originProtocolPolicy": "http-only"}],
                  "defaultCacheBehavior": {"targetOriginId": "site", "cachePolicyId": "CachingOptimized",
                    "viewerProtocolPolicy": "allow-all"}}],
                 "cachePolicies": [{"name": "by-address", "minTTL": 0, "defaultTTL": 60, "maxTTL": 60,
                   "headersConfig": {"headerBehavior": "whitelist", "headers": ["X-Forwarded-For"]}}]}
                """.formatted(port);
    }
}

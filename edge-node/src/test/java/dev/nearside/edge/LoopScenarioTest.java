package dev.nearside.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Distributions whose origin is the node itself (RFC 8586, DESIGN §4).
class LoopScenarioTest {

    @TempDir
    Path folder;

    private final HandMovedClock clock = new HandMovedClock();

    @Test
    void aDistributionThatPointsAtItselfEndsInOneAnswer() throws Exception {
        assertThat(tripsRoundACircleOf(1)).isEqualTo(2);
    }

    @Test
    void twoThatPointAtEachOtherEndInOneAnswer() throws Exception {
        assertThat(tripsRoundACircleOf(2)).isEqualTo(3);
    }

    /// How many requests the node saw for one of a viewer, which ended in a loop detected.
    private int tripsRoundACircleOf(int distributions) throws Exception {
        try (var edge = new RunningEdge(folder, "{\"distributions\": []}", clock)) {
            edge.configure(circle(distributions, edge.port()));
            await().until(() -> edge.read("/ready", "X-Ready", "1").statusCode() == 508);

            var answer = edge.read("/x");

            assertThat(answer.statusCode()).isEqualTo(508);
            assertThat(answer.headers().firstValue("X-Cache")).contains("Error from nearside");
            await().until(() -> seen(edge) >= distributions + 1);
            return (int) seen(edge);
        }
    }

    private static long seen(RunningEdge edge) throws Exception {
        return edge.logged().stream()
                .filter(line -> line.split("\t", -1)[7].equals("/x"))
                .count();
    }

    /// The first is asked for under the viewer's name; each one's origin is the next, the last one's the first.
    private static String circle(int distributions, int port) {
        var names = List.of("127.0.0.1", "localhost").subList(0, distributions);
        return IntStream.range(0, distributions)
                .mapToObj(i -> """
                        {"name": "d%d", "enabled": true, "aliases": ["%s"],
                          "origins": [{"id": "next", "domainName": "%s", "httpPort": %d,
                            "originProtocolPolicy": "http-only"}],
                          "defaultCacheBehavior": {"targetOriginId": "next", "cachePolicyId": "CachingDisabled"}}
                        """.formatted(i, names.get(i), names.get((i + 1) % distributions), port))
                .collect(Collectors.joining(", ", "{\"distributions\": [", "]}"));
    }
}

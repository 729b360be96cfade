package dev.nearside.admin.insight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.model.wire.api.Metrics.Point;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrafficTest {

    private static final Point POINT =
            new Point(Instant.EPOCH, 4, 1, 1, 1, 2, 3, 4, 400, 100, 100, 100, 200, 300, 400, 480);

    @Test
    void classesAddUpToRequestsAndBytes() {
        var traffic = Traffic.over(List.of(POINT, POINT), 5);

        assertThat(traffic.requests()).isEqualTo(32);
        assertThat(traffic.bytes()).isEqualTo(3200);
        assertThat(traffic.requestsPerSecond()).isEqualTo(3.2);
    }

    @Test
    void ratiosAreSharesOfAllRequestsAndBytes() {
        var traffic = Traffic.over(List.of(POINT), 1);

        assertThat(traffic.hitRatio()).hasValue(7 / 16.0);
        assertThat(traffic.byteHitRatio()).hasValue(700 / 1600.0);
        assertThat(traffic.offload()).hasValue(0.7);
        assertThat(traffic.errorRatio()).hasValue(0.25);
    }

    @Test
    void withoutRequestsThereIsNoRatio() {
        var traffic = Traffic.over(List.of(), 1);

        assertThat(traffic.hitRatio()).isEmpty();
        assertThat(traffic.offload()).isEmpty();
    }
}

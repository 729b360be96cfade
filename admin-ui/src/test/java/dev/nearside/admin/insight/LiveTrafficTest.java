package dev.nearside.admin.insight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.nearside.admin.control.MemoryControlPlane;
import dev.nearside.admin.insight.LiveTraffic.Picture;
import dev.nearside.admin.insight.LiveTraffic.Question;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class LiveTrafficTest {

    private static final Question QUESTION =
            new Question(Duration.ofMinutes(5), Duration.ofSeconds(1), Optional.empty());

    private final MemoryControlPlane controlPlane = new MemoryControlPlane(InstantSource.system());

    @Test
    void everybodyIsToldAndTheControlPlaneIsAskedOnce() {
        List<Picture> first = new CopyOnWriteArrayList<>();
        List<Picture> second = new CopyOnWriteArrayList<>();
        try (var traffic = new LiveTraffic(InstantSource.system())) {
            var _ = traffic.watch(controlPlane.enter("token-of-viewer"), QUESTION, first::add);
            var _ = traffic.watch(controlPlane.enter("token-of-admin"), QUESTION, second::add);

            await().until(() -> first.size() > 2 && second.size() > 2);

            assertThat(first.getLast().points()).hasSizeBetween(290, 302);
            assertThat(controlPlane.metricsAsked.get()).isLessThanOrEqualTo(first.size() + 1);
        }
    }

    @Test
    void aWatcherWhoseSessionEndedIsToldSo() {
        List<Picture> seen = new CopyOnWriteArrayList<>();
        controlPlane.isForgetful = true;
        try (var traffic = new LiveTraffic(InstantSource.system())) {
            var _ = traffic.watch(controlPlane.enter("token-of-viewer"), QUESTION, seen::add);

            await().until(() -> seen.stream().anyMatch(Picture::signedOut));
        }
    }
}

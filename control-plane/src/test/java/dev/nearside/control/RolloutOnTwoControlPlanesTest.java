package dev.nearside.control;

import static dev.nearside.control.Documents.distribution;
import static dev.nearside.control.RunningControlPlane.body;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.nearside.model.wire.api.Edges;
import dev.nearside.model.wire.api.EnrolmentToken;
import dev.nearside.model.wire.api.Rollouts;
import dev.nearside.model.wire.feed.Enrolled;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A rollout where one control plane hears the canary and another one the other edge.
class RolloutOnTwoControlPlanesTest {

    private static Enrolled enrol(RunningControlPlane api, String name, String region) throws Exception {
        var token = body(api.post(api.admin(), "/api/v1/enrolment-tokens", ""), EnrolmentToken.class)
                .token();
        return body(api.post("", "/edge/v1/enrol", """
                {"token": "%s", "name": "%s", "version": "1", "labels": {"region": "%s"}}
                """.formatted(token, name, region)), Enrolled.class);
    }

    private static Rollouts.Item rollout(RunningControlPlane api) throws Exception {
        return body(api.get(api.admin(), "/api/v1/rollouts/2"), Rollouts.Item.class);
    }

    private static boolean areConnected(RunningControlPlane api) throws Exception {
        return body(api.get(api.admin(), "/api/v1/edges"), Edges.class).items().stream()
                .allMatch(edge -> edge.state().equals("connected"));
    }

    @Test
    void oneDecidesByWhatBothHearAndTheOtherGoesOnWhenItIsGone(@TempDir Path data) throws Exception {
        try (var one = new RunningControlPlane(data.resolve("one"), Engine.POSTGRES.fresh(data));
                var two = one.another(data.resolve("two"), () -> Instant.now().plus(Duration.ofHours(1)))) {
            one.post(one.admin(), "/api/v1/distributions", distribution("site", "site.test", "CachingOptimized", true));
            one.post(one.admin(), "/api/v1/snapshots", "");
            try (var other = new SimulatedEdge(one, enrol(one, "nyc", "us"));
                    var canary = new SimulatedEdge(two, enrol(one, "ams", "eu"))) {
                await().atMost(Duration.ofSeconds(30)).until(() -> areConnected(one) && areConnected(two));

                var published = one.post(one.admin(), "/api/v1/snapshots", """
                        {"rollout": {"canaries": {"labels": {"region": "eu"}}, "duration": "10m",
                         "guards": {"maxServerErrorIncrease": 2, "minRequests": 100}}}
                        """);
                assertThat(published.statusCode()).as(published.body()).isEqualTo(201);
                await().atMost(Duration.ofSeconds(30)).until(() -> rollout(two).figures() != null);
                await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
                    var figures = Objects.requireNonNull(rollout(two).figures());
                    assertThat(figures.canaryRequests()).isGreaterThan(100);
                    assertThat(figures.otherRequests()).isGreaterThan(100);
                });
                assertThat(other.versions()).containsExactly(1L);

                one.leave();
                canary.failing(2, 50);

                await().atMost(Duration.ofSeconds(40))
                        .until(() -> rollout(two).state().equals("rolled-back"));
                assertThat(rollout(two).reason()).startsWith("5xx ");
                await().atMost(Duration.ofSeconds(30)).until(() -> canary.running() == 3);
            }
        }
    }
}

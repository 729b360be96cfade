package dev.nearside.control;

import static dev.nearside.control.Documents.distribution;
import static dev.nearside.control.RunningControlPlane.body;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.nearside.model.wire.api.AuditLog;
import dev.nearside.model.wire.api.Distributions;
import dev.nearside.model.wire.api.Edges;
import dev.nearside.model.wire.api.EnrolmentToken;
import dev.nearside.model.wire.api.ProblemDocument;
import dev.nearside.model.wire.api.Rollouts;
import dev.nearside.model.wire.api.Snapshots;
import dev.nearside.model.wire.feed.Enrolled;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A snapshot that some edges try first, from its publication to its end.
class RolloutScenarioTest {
    private static final String EUROPE = """
            {"comment": "try", "rollout": {"canaries": {"labels": {"region": "eu"}}, "duration": "%s",
             "guards": {"maxServerErrorIncrease": 2, "maxHitRatioDrop": 10, "maxLatencyRatio": 2, "minRequests": 100}}}
            """;

    private RunningControlPlane api;
    private String distribution;
    private final List<SimulatedEdge> edges = new ArrayList<>();

    @BeforeEach
    void publishTheFirst(@TempDir Path data) throws Exception {
        api = new RunningControlPlane(data);
        distribution = "/api/v1/distributions/"
                + body(
                                api.post(
                                        api.admin(),
                                        "/api/v1/distributions",
                                        distribution("site", "site.test", "CachingOptimized", true)),
                                Distributions.Item.class)
                        .id();
        assertThat(api.post(api.admin(), "/api/v1/snapshots", "").statusCode()).isEqualTo(201);
    }

    @AfterEach
    void stop() {
        edges.forEach(SimulatedEdge::close);
        api.close();
    }

    /// As long as a busy machine may take.
    private static ConditionFactory patiently() {
        return await().atMost(Duration.ofSeconds(40));
    }

    private Enrolled enrol(String name, String labels) throws Exception {
        var token = body(api.post(api.admin(), "/api/v1/enrolment-tokens", ""), EnrolmentToken.class)
                .token();
        return body(api.post("", "/edge/v1/enrol", """
                {"token": "%s", "name": "%s", "version": "1", "labels": %s}
                """.formatted(token, name, labels)), Enrolled.class);
    }

    private SimulatedEdge edge(String name, String region) throws Exception {
        var edge = new SimulatedEdge(api, enrol(name, "{\"region\": \"%s\"}".formatted(region)));
        edges.add(edge);
        patiently().until(() -> item(edge).state().equals("connected") && edge.running() > 0);
        return edge;
    }

    private Edges.Item item(SimulatedEdge edge) throws Exception {
        return body(api.get(api.admin(), "/api/v1/edges/" + edge.id()), Edges.Item.class);
    }

    private HttpResponse<String> change() throws Exception {
        var before = body(api.get(api.admin(), distribution), Distributions.Item.class);
        return api.put(
                api.admin(), distribution, before.etag(), distribution("site", "www.test", "CachingOptimized", true));
    }

    private HttpResponse<String> publish(String wanted) throws Exception {
        return api.post(api.admin(), "/api/v1/snapshots", wanted);
    }

    private Rollouts.Item rollout(long version) throws Exception {
        return body(api.get(api.admin(), "/api/v1/rollouts/" + version), Rollouts.Item.class);
    }

    private HttpResponse<String> end(String how, String etag) throws Exception {
        return api.send(api.request(api.admin(), "/api/v1/rollouts/2/" + how)
                .header("If-Match", etag)
                .header("X-Comment", "by hand")
                .POST(BodyPublishers.noBody()));
    }

    private void awaitState(String state) {
        patiently().until(() -> rollout(2).state().equals(state));
    }

    private String distributionState() throws Exception {
        return body(api.get(api.admin(), distribution), Distributions.Item.class)
                .status();
    }

    @Test
    void whatFailsOnTheCanaryIsRolledBackAndTheOtherNeverSawIt() throws Exception {
        var canary = edge("ams", "eu").failing(2, 10);
        var other = edge("nyc", "us").failing(2, 10);
        change();
        assertThat(publish(EUROPE.formatted("10m")).statusCode()).isEqualTo(201);

        awaitState("rolled-back");

        patiently().until(() -> other.running() == 3 && canary.running() == 3);
        assertThat(canary.versions()).containsExactly(1L, 2L, 3L);
        assertThat(other.versions()).containsExactly(1L, 3L);
        // Under a number of its own it is the content of before.
        assertThat(other.last().configuration())
                .isEqualTo(canary.last().configuration())
                .isNotEqualTo(configuration(2));
        var ended = rollout(2);
        assertThat(ended.finalVersion()).isEqualTo(3);
        assertThat(ended.endedBy()).isEqualTo("rollout");
        assertThat(ended.reason()).startsWith("5xx 10.00 % on the canaries, 0.00 % on the others");
        assertThat(body(api.get(api.admin(), "/api/v1/audit"), AuditLog.class).items())
                .anySatisfy(entry -> {
                    assertThat(entry.action()).isEqualTo("roll back rollout");
                    assertThat(entry.subject()).isEqualTo("snapshot 2");
                    assertThat(entry.detail()).isEqualTo(ended.reason());
                });
        // What was tried is a draft again.
        assertThat(snapshots().unpublishedChanges()).isEqualTo(1);
    }

    private Object configuration(long version) throws Exception {
        return body(
                        api.get(api.admin(), "/api/v1/snapshots/" + version),
                        dev.nearside.model.wire.api.SnapshotDetail.class)
                .configuration();
    }

    private Snapshots snapshots() throws Exception {
        return body(api.get(api.admin(), "/api/v1/snapshots"), Snapshots.class);
    }

    @Test
    void whatDoesWellIsPromoted() throws Exception {
        var canary = edge("ams", "eu");
        var other = edge("nyc", "us");
        change();
        publish(EUROPE.formatted("3s"));
        patiently().until(() -> canary.running() == 2);

        // Two are live, and each edge is counted with the one that it is to run.
        assertThat(snapshots().items())
                .satisfiesExactly(
                        second -> assertThat(second.edges())
                                .extracting(Snapshots.EdgeState::name)
                                .containsExactly("ams"),
                        first -> assertThat(first.edges()).containsExactly(new Snapshots.EdgeState("nyc", "applied")));
        assertThat(snapshots().unpublishedChanges()).isZero();
        assertThat(distributionState()).isEqualTo("InProgress");
        assertThat(other.running()).isEqualTo(1);

        awaitState("promoted");

        patiently().until(() -> other.running() == 2);
        assertThat(canary.versions()).containsExactly(1L, 2L);
        var ended = rollout(2);
        assertThat(ended.reason()).contains("5xx 0.00 % on the canaries", "hit ratio 100.0 %", "p95 latency");
        assertThat(ended.figures()).satisfies(figures -> {
            assertThat(figures.canaryRequests()).isGreaterThanOrEqualTo(100);
            assertThat(figures.guards()).extracting(Rollouts.Guard::state).containsOnly("fine");
        });
        patiently().until(() -> distributionState().equals("Deployed"));
    }

    @Test
    void whoeverJoinsOrChangesSidesGetsTheRightSnapshot() throws Exception {
        var canary = edge("ams", "eu");
        var other = edge("nyc", "us");
        change();
        publish(EUROPE.formatted("10m"));
        patiently().until(() -> canary.running() == 2);

        assertThat(edge("fra", "eu").versions()).containsExactly(2L);
        assertThat(edge("sfo", "us").versions()).containsExactly(1L);

        label(other, "eu");
        patiently().until(() -> other.running() == 2);
        label(canary, "us");
        patiently().until(() -> canary.running() == 1);
        assertThat(rollout(2).canaries()).extracting(Snapshots.EdgeState::name).containsExactly("fra", "nyc");
    }

    private void label(SimulatedEdge edge, String region) throws Exception {
        var labelled = api.put(
                api.admin(),
                "/api/v1/edges/" + edge.id(),
                item(edge).etag(),
                "{\"labels\": {\"region\": \"%s\"}}".formatted(region));
        assertThat(labelled.statusCode()).isEqualTo(200);
    }

    @Test
    void itGoesOnWhereItWasWhenTheControlPlaneIsStartedAgain() throws Exception {
        var canary = edge("ams", "eu");
        var other = edge("nyc", "us");
        change();
        publish(EUROPE.formatted("10m"));
        patiently()
                .until(() ->
                        rollout(2).figures() != null && rollout(2).figures().canaryRequests() > 0);
        var before = rollout(2);

        api.restart();

        assertThat(rollout(2).watchedUntil()).isEqualTo(before.watchedUntil());
        assertThat(Objects.requireNonNull(rollout(2).figures()).canaryRequests())
                .isGreaterThanOrEqualTo(Objects.requireNonNull(before.figures()).canaryRequests());
        assertThat(other.versions()).containsExactly(1L);
        canary.failing(2, 50);
        awaitState("rolled-back");
        patiently().until(() -> other.running() == 3 && canary.running() == 3);
    }

    @Test
    void nothingElseIsPublishedMeanwhile() throws Exception {
        edge("ams", "eu");
        edge("nyc", "us");
        change();
        publish(EUROPE.formatted("10m"));

        for (var path : List.of("/api/v1/snapshots", "/api/v1/snapshots/1/rollback")) {
            var refused = api.post(api.admin(), path, "");
            assertThat(refused.statusCode()).isEqualTo(409);
            assertThat(body(refused, ProblemDocument.class).detail()).contains("Snapshot 2", "/api/v1/rollouts/2");
        }
        assertThat(snapshots().items()).hasSize(2);
    }

    @Test
    void anOperatorMayPromoteItBeforeTheTime() throws Exception {
        var canary = edge("ams", "eu").quiet();
        var other = edge("nyc", "us").quiet();
        change();
        publish(EUROPE.formatted("10m"));
        var first = rollout(2).etag();
        awaitState("watching");

        assertThat(end("promote", first).statusCode()).isEqualTo(412);
        assertThat(api.post(api.admin(), "/api/v1/rollouts/2/promote", "").statusCode())
                .isEqualTo(428);
        assertThat(api.get(api.admin(), "/api/v1/rollouts/7").statusCode()).isEqualTo(404);
        var done = end("promote", rollout(2).etag());

        assertThat(body(done, Rollouts.Item.class).state()).isEqualTo("promoted");
        assertThat(rollout(2).endedBy()).isEqualTo("admin");
        assertThat(rollout(2).reason()).startsWith("by hand (");
        patiently().until(() -> other.running() == 2 && canary.running() == 2);
        assertThat(end("abort", rollout(2).etag()).statusCode()).isEqualTo(409);
    }

    @Test
    void anOperatorMayAbortIt() throws Exception {
        var canary = edge("ams", "eu").quiet();
        var other = edge("nyc", "us").quiet();
        change();
        publish(EUROPE.formatted("10m"));
        awaitState("watching");

        var done = end("abort", rollout(2).etag());

        assertThat(body(done, Rollouts.Item.class).state()).isEqualTo("rolled-back");
        patiently().until(() -> other.running() == 3 && canary.running() == 3);
        // The next one may be published.
        assertThat(publish("").statusCode()).isEqualTo(201);
    }

    @Test
    void tooLittleTrafficIsWaitedForOnceMoreAndThenRolledBack() throws Exception {
        edge("ams", "eu").quiet();
        edge("nyc", "us");
        change();
        publish(EUROPE.formatted("2s"));

        awaitState("rolled-back");

        assertThat(rollout(2).reason()).contains("too little traffic", "0 requests on the canaries");
    }

    @Test
    void aPercentageChoosesOneOfTwo() throws Exception {
        edge("ams", "eu");
        edge("nyc", "us");
        change();

        publish("{\"rollout\": {\"canaries\": {\"percentage\": 1}, \"duration\": \"10m\"}}");

        assertThat(rollout(2).canaries()).hasSize(1);
        var proposed = rollout(2).plan().guards();
        assertThat(proposed).isNotNull();
        assertThat(proposed.minRequests()).isEqualTo(100);
        patiently()
                .until(() -> edges.stream()
                        .map(SimulatedEdge::running)
                        .sorted()
                        .toList()
                        .equals(List.of(1L, 2L)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            # what is said                                                       | which field                      | what is expected
            {"rollout": {}}                                                      | rollout.canaries                 | either labels or percentage
            {"rollout": 1}                                                       | rollout                          | an object
            {"rollout": {"canaries": {}}}                                        | rollout.canaries                 | either labels or percentage
            {"rollout": {"canaries": {"labels": {"a": "b"}, "percentage": 5}}}   | rollout.canaries                 | either labels or percentage
            {"rollout": {"canaries": {"percentage": 0}}}                         | rollout.canaries.percentage      | 1 to 99
            {"rollout": {"canaries": {"percentage": 100}}}                       | rollout.canaries.percentage      | 1 to 99
            {"rollout": {"canaries": {"percentage": 1.5}}}                       | rollout.canaries.percentage      | a whole number
            {"rollout": {"canaries": {"labels": {}}}}                            | rollout.canaries.labels          | at least one
            {"rollout": {"canaries": {"labels": {"A b": "c"}}}}                  | rollout.canaries.labels          | lower-case
            {"rollout": {"canaries": {"labels": {"region": "asia"}}}}            | rollout.canaries                 | at least one
            {"rollout": {"canaries": {"labels": {"all": "yes"}}}}                | rollout.canaries                 | one left
            {"rollout": {"canaries": {"percentage": 5}, "duration": "soon"}}     | rollout.duration                 | a length of time
            {"rollout": {"canaries": {"percentage": 5}, "duration": "8d"}}       | rollout.duration                 | 1s to 7d
            {"rollout": {"canaries": {"percentage": 5}, "guards": {"minRequests": 0}}} | rollout.guards.minRequests | 1 to
            {"rollout": {"canaries": {"percentage": 5}, "guards": {"maxLatencyRatio": 0.5}}} | rollout.guards.maxLatencyRatio | 1 to 1000
            {"rollout": {"canaries": {"percentage": 5}, "guards": {"maxServerErrorIncrease": -1}}} | rollout.guards.maxServerErrorIncrease | 0 to 100
            {"rollout": {"canaries": {"percentage": 5}, "guards": {"maxHitRatioDrop": "10"}}} | rollout.guards.maxHitRatioDrop | a number
            {"rollout": {"canaries": {"percentage": 5}, "watch": 1}}             | rollout.watch                    | unknown property
            """)
    void aRolloutThatCannotBeIsRefusedByItsField(String said, String field, String expected) throws Exception {
        edges.add(new SimulatedEdge(api, enrol("ams", "{\"region\": \"eu\", \"all\": \"yes\"}")));
        edges.add(new SimulatedEdge(api, enrol("nyc", "{\"region\": \"us\", \"all\": \"yes\"}")));
        patiently().until(() -> edges.stream().allMatch(edge -> edge.running() == 1));

        var refused = publish(said);

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(body(refused, ProblemDocument.class).problems()).anySatisfy(problem -> {
            assertThat(problem.path()).isEqualTo(field);
            assertThat(problem.message()).contains(expected);
        });
        assertThat(snapshots().items()).hasSize(1);
        assertThat(body(api.get(api.admin(), "/api/v1/rollouts"), Rollouts.class)
                        .items())
                .isEmpty();
    }
}

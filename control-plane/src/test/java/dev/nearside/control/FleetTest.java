package dev.nearside.control;

import static dev.nearside.control.Documents.distribution;
import static dev.nearside.control.RunningControlPlane.body;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.model.wire.Json;
import dev.nearside.model.wire.api.Distributions;
import dev.nearside.model.wire.api.Edges;
import dev.nearside.model.wire.api.EnrolmentToken;
import dev.nearside.model.wire.api.EnrolmentTokens;
import dev.nearside.model.wire.api.Invalidations;
import dev.nearside.model.wire.api.ProblemDocument;
import dev.nearside.model.wire.feed.CaughtUp;
import dev.nearside.model.wire.feed.Duty;
import dev.nearside.model.wire.feed.Enrolled;
import dev.nearside.model.wire.feed.Hello;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What operators decide about edges, and what becomes of it.
class FleetTest {
    private RunningControlPlane api;

    @BeforeEach
    void start(@TempDir Path data) throws Exception {
        api = new RunningControlPlane(data);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private static String path(Enrolled edge) {
        return "/api/v1/edges/" + edge.edgeId();
    }

    private Edges.Item item(Enrolled edge) throws Exception {
        return body(api.get(api.admin(), path(edge)), Edges.Item.class);
    }

    private String token() throws Exception {
        return body(api.post(api.admin(), "/api/v1/enrolment-tokens", ""), EnrolmentToken.class)
                .token();
    }

    private HttpResponse<String> enrol(String token, String name, String labels) throws Exception {
        return api.post("", "/edge/v1/enrol", """
                {"token": "%s", "name": "%s", "version": "1", "labels": %s}
                """.formatted(token, name, labels));
    }

    private HttpResponse<String> order(Enrolled edge, String what) throws Exception {
        return api.post(api.admin(), path(edge) + "/" + what, "");
    }

    private int statusOf(Enrolled edge, String credential) throws Exception {
        return api.report(new Enrolled(edge.edgeId(), edge.name(), credential), "epoch", 0, 0)
                .statusCode();
    }

    @Test
    void labelsComeWithTheEnrolmentAndAreReplacedByOperators() throws Exception {
        var edge = body(enrol(token(), "edge", "{\"site\": \"ams\", \"tier\": \"1\"}"), Enrolled.class);
        var before = item(edge);
        assertThat(before.labels()).containsExactlyInAnyOrderEntriesOf(Map.of("site", "ams", "tier", "1"));

        var changed = api.put(api.admin(), path(edge), before.etag(), "{\"labels\": {\"site\": \"fra\"}}");

        assertThat(body(changed, Edges.Item.class).labels()).isEqualTo(Map.of("site", "fra"));
        assertThat(changed.headers().firstValue("ETag")).contains(item(edge).etag());
        api.restart();
        assertThat(item(edge).labels()).isEqualTo(Map.of("site", "fra"));
    }

    @Test
    void whatAnEdgeSaysIsKeptShortAndPlain() throws Exception {
        var edge = api.enrol("edge");
        var said = "why\\n\\u0000" + "x".repeat(5_000);
        var report = """
                {"runId": "run", "startTime": "2026-01-01T00:00:00Z", "sentAt": "2026-01-01T00:00:00Z", "version": "1",
                 "snapshotVersion": 0, "epoch": "e", "position": 0, "counters": [],
                 "cache": {"memoryUsed": 1, "memoryLimit": 2, "diskUsed": 3, "diskLimit": 4, "objects": 5,
                           "recovered": true},
                 "refused": {"version": 1, "problems": [%s"x"]},
                 "certificates": [{"id": "c", "version": 0, "problem": "%s"}]}
                """.formatted(("\"" + said + "\", ").repeat(500), said);
        assertThat(api.post(edge.credential(), "/edge/v1/reports", report).statusCode())
                .isEqualTo(204);

        assertThat(item(edge).refusal()).startsWith("why??xxx").hasSizeLessThan(110_000);
        assertThat(item(edge).certificateProblems())
                .singleElement(InstanceOfAssertFactories.STRING)
                .startsWith("c: why??xxx")
                .hasSizeLessThan(1_100);
    }

    @Test
    void aChangeOnTopOfAnotherOneIsRefusedAndToldTheCurrentETag() throws Exception {
        var edge = api.enrol("edge");
        var read = item(edge).etag();
        assertThat(api.put(api.admin(), path(edge), read, "{\"labels\": {\"a\": \"1\"}}")
                        .statusCode())
                .isEqualTo(200);

        var late = api.put(api.admin(), path(edge), read, "{\"labels\": {\"a\": \"2\"}}");

        assertThat(late.statusCode()).isEqualTo(412);
        assertThat(late.headers().firstValue("ETag")).contains(item(edge).etag());
        assertThat(item(edge).labels()).isEqualTo(Map.of("a", "1"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            # what is said                    | which field      | what is expected
            {}                                | labels           | all labels
            {"labels": null}                  | labels           | all labels
            {"labels": "site=ams"}            | labels           | an object
            {"labels": {"site": 1}}           | labels.site      | a text
            {"labels": {"site": null}}        | labels.site      | letters
            {"labels": {"Site": "ams"}}       | labels           | lower-case
            {"labels": {"": "ams"}}           | labels           | names of 1 to 63
            {"labels": {"site": ""}}          | labels.site      | 1 to 63
            {"labels": {"site": "a=b"}}       | labels.site      | letters, digits
            {"labels": {"site": "a\\nb=c"}}   | labels.site      | letters, digits
            {"labels": {}, "drained": true}   | drained          | unknown property
            """)
    void badLabelsAreRefusedByName(String said, String field, String expected) throws Exception {
        var edge = body(enrol(token(), "edge", "{\"site\": \"ams\"}"), Enrolled.class);

        var refused = api.put(api.admin(), path(edge), item(edge).etag(), said);

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(body(refused, ProblemDocument.class).problems()).anySatisfy(problem -> {
            assertThat(problem.path()).isEqualTo(field);
            assertThat(problem.message()).contains(expected);
        });
        assertThat(item(edge).labels()).isEqualTo(Map.of("site", "ams"));
    }

    @Test
    void moreOrLongerLabelsThanAreTakenChangeNothing() throws Exception {
        var edge = api.enrol("edge");
        var many = IntStream.range(0, 33).mapToObj("\"l%d\": \"1\""::formatted).toList();
        var token = token();

        var tooMany = api.put(
                api.admin(), path(edge), item(edge).etag(), "{\"labels\": {%s}}".formatted(String.join(",", many)));
        var tooLong = api.put(
                api.admin(),
                path(edge),
                item(edge).etag(),
                "{\"labels\": {\"site\": \"%s\"}}".formatted("x".repeat(64)));
        var atEnrolment = enrol(token, "other", "{\"site\": \"not good\"}");

        assertThat(List.of(tooMany.statusCode(), tooLong.statusCode(), atEnrolment.statusCode()))
                .containsOnly(400);
        assertThat(item(edge).labels()).isEmpty();
        assertThat(api.tryToEnrol(token, "other").statusCode())
                .as("the token was not used up")
                .isEqualTo(201);
    }

    @Test
    void labelsWithoutIfMatchOrForNobodyAreRefused() throws Exception {
        var edge = api.enrol("edge");
        var unconditional = api.request(api.admin(), path(edge)).header("Content-Type", "application/json");

        assertThat(api.send(unconditional.PUT(java.net.http.HttpRequest.BodyPublishers.ofString("{\"labels\": {}}")))
                        .statusCode())
                .isEqualTo(428);
        assertThat(api.put(api.admin(), "/api/v1/edges/nobody", "\"1\"", "{\"labels\": {}}")
                        .statusCode())
                .isEqualTo(404);
        assertThat(api.put(api.token("viewer"), path(edge), "\"1\"", "{\"labels\": {}}")
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void aDrainedEdgeIsToldAndNobodyWaitsForIt() throws Exception {
        var made = api.post(
                api.admin(), "/api/v1/distributions", distribution("site", "site.test", "CachingOptimized", true));
        var invalidations =
                "/api/v1/distributions/" + body(made, Distributions.Item.class).id() + "/invalidations";
        var edge = api.enrol("edge");
        try (var feed = new EventReader(api.feed(edge, ""))) {
            feed.next("caught-up");

            assertThat(order(edge, "drain").statusCode()).isEqualTo(200);
            assertThat(feed.next("duty").read(Duty.class).drained()).isTrue();
            var done = api.post(api.admin(), invalidations + "?wait=5s", "{\"paths\": [\"/*\"]}");

            assertThat(done.statusCode()).isEqualTo(201);
            var item = body(done, Invalidations.Item.class);
            assertThat(item.status()).isEqualTo("Completed");
            assertThat(item.edges())
                    .singleElement()
                    .satisfies(receipt -> assertThat(receipt.state()).isEqualTo("drained"));
            assertThat(feed.next("invalidation").data()).contains("/*");

            order(edge, "undrain");
            assertThat(feed.next("duty").read(Duty.class).drained()).isFalse();
        }
        assertThat(body(api.get(api.admin(), invalidations), Invalidations.class)
                        .items())
                .singleElement()
                .satisfies(item -> assertThat(item.status()).isEqualTo("InProgress"));
    }

    @Test
    void anEdgeThatWasAwayIsToldThatItIsDrainedWhenItComesBack() throws Exception {
        var edge = api.enrol("edge");
        order(edge, "drain");
        api.restart();

        try (var feed = new EventReader(api.feed(edge, ""))) {
            assertThat(feed.next("hello").read(Hello.class).drained()).isTrue();
        }
        assertThat(item(edge).drained()).isTrue();
    }

    @Test
    void whoeverScrapesIsToldOfEdgesLogSnapshotsAndRequests() throws Exception {
        var site = "/api/v1/distributions/"
                + body(
                                api.post(
                                        api.admin(),
                                        "/api/v1/distributions",
                                        distribution("site", "site.test", "CachingOptimized", true)),
                                Distributions.Item.class)
                        .id();
        api.post(api.admin(), "/api/v1/snapshots", "");
        var edge = api.enrol("edge");
        order(api.enrol("drained"), "drain");
        try (var feed = new EventReader(api.feed(edge, ""))) {
            var epoch = feed.next("caught-up").read(CaughtUp.class).epoch();
            api.report(edge, epoch, 0, 1);
            api.post(api.admin(), site + "/invalidations", "{\"paths\": [\"/a\"]}");

            var scraped = api.get(api.token("viewer"), "/metrics");

            assertThat(scraped.headers().firstValue("Content-Type"))
                    .contains("application/openmetrics-text; version=1.0.0; charset=utf-8");
            assertThat(scraped.body())
                    .endsWith("\n# EOF\n")
                    .contains(
                            "nearside_edges{state=\"connected\"} 1\n",
                            "nearside_edges{state=\"unreachable\"} 0\n",
                            "nearside_edges{state=\"enrolled\"} 1\n",
                            "nearside_edges_drained 1\n",
                            "nearside_feeds 1\n",
                            "nearside_log_position 1\n",
                            "nearside_log_followed_position 0\n",
                            "nearside_log_oldest_position 1\n",
                            "nearside_snapshot{kind=\"newest\"} 1\n",
                            "nearside_snapshot{kind=\"settled\"} 1\n",
                            "nearside_edges_snapshot{state=\"applied\"} 1\n",
                            "nearside_edges_snapshot{state=\"missing\"} 1\n",
                            "nearside_rollout{state=\"none\"} 1\n",
                            "nearside_rollout{state=\"watching\"} 0\n",
                            "# TYPE nearside_api_requests counter\n")
                    .containsPattern("nearside_api_requests_total\\{status=\"201\"} [1-9]");
        }
    }

    /// Control planes and edges are updated one after the other, in any order.
    @Test
    void whatAnEdgeOfALaterReleaseSaysBesidesIsLeftOut() throws Exception {
        var later = api.post("", "/edge/v1/enrol", """
                {"token": "%s", "name": "later", "version": "2", "ofALaterRelease": {"a": [1]}}
                """.formatted(token()));
        assertThat(later.statusCode()).as(later.body()).isEqualTo(201);
        var edge = body(later, Enrolled.class);

        var reported = api.post(edge.credential(), "/edge/v1/reports", """
                {"runId": "run", "startTime": "2026-01-01T00:00:00Z", "sentAt": "2026-01-01T00:00:00Z", "version": "2",
                 "snapshotVersion": 0, "epoch": "e", "position": 0, "counters": [], "ofALaterRelease": 1,
                 "cache": {"memoryUsed": 1, "memoryLimit": 2, "diskUsed": 3, "diskLimit": 4, "objects": 5,
                  "recovered": true, "ofALaterRelease": 6}}""");

        assertThat(reported.statusCode()).as(reported.body()).isEqualTo(204);
        assertThat(item(edge).version()).isEqualTo("2");
        api.restart();
        assertThat(item(edge).version()).as("as it was stored").isEqualTo("2");
    }

    @Test
    void aNewCredentialEndsTheOldOneWithItsFirstUse() throws Exception {
        var edge = api.enrol("edge");
        assertThat(api.post(edge.credential(), "/edge/v1/credential", "").statusCode())
                .as("nobody ordered one")
                .isEqualTo(409);
        try (var feed = new EventReader(api.feed(edge, ""))) {
            feed.next("caught-up");
            order(edge, "rotate");
            feed.next("rotation");

            var first = body(api.post(edge.credential(), "/edge/v1/credential", ""), Enrolled.class);
            // The answer may have been lost on its way.
            var second = body(api.post(edge.credential(), "/edge/v1/credential", ""), Enrolled.class);
            assertThat(statusOf(edge, edge.credential())).isEqualTo(204);
            assertThat(statusOf(edge, first.credential())).isEqualTo(401);
            assertThat(item(edge).rotationOrderTime()).isNotNull();
            assertThat(statusOf(edge, second.credential())).isEqualTo(204);

            assertThat(statusOf(edge, edge.credential())).isEqualTo(401);
            assertThat(item(edge).rotationOrderTime()).isNull();
            assertThat(feed.hasEnded()).isTrue();
            assertThat(Json.write(second)).contains(edge.edgeId());
        }
    }

    @Test
    void anEdgeThatWasAwayIsToldToFetchItsNewCredentialWhenItComesBack() throws Exception {
        var edge = api.enrol("edge");
        order(edge, "rotate");
        api.restart();

        try (var feed = new EventReader(api.feed(edge, ""))) {
            feed.next("rotation");
        }
    }

    @Test
    void aRevokedEdgeGetsNothingMore() throws Exception {
        var edge = api.enrol("edge");
        order(edge, "rotate");
        var next = body(api.post(edge.credential(), "/edge/v1/credential", ""), Enrolled.class);
        try (var feed = new EventReader(api.feed(edge, ""))) {
            feed.next("caught-up");

            assertThat(api.delete(api.admin(), path(edge)).statusCode()).isEqualTo(204);

            assertThat(feed.hasEnded()).isTrue();
        }
        assertThat(statusOf(edge, edge.credential())).isEqualTo(401);
        assertThat(statusOf(edge, next.credential())).isEqualTo(401);
        assertThat(api.feed(edge, "").statusCode()).isEqualTo(401);
        for (var what : List.of("drain", "undrain", "rotate")) {
            assertThat(order(edge, what).statusCode()).isEqualTo(404);
        }
    }

    @Test
    void aTokenLetsInOneOfManyWhoComeAtOnce() throws Exception {
        var token = token();
        try (var pool = Executors.newFixedThreadPool(8)) {
            var attempts = IntStream.range(0, 16)
                    .<Callable<Integer>>mapToObj(
                            i -> () -> api.tryToEnrol(token, "edge-" + i).statusCode())
                    .toList();
            var statuses = new java.util.ArrayList<Integer>();
            for (var attempt : pool.invokeAll(attempts)) statuses.add(attempt.get());

            assertThat(statuses).containsOnlyOnce(201);
            assertThat(statuses).filteredOn(status -> status != 201).containsOnly(401);
        }
        assertThat(body(api.get(api.admin(), "/api/v1/edges"), Edges.class).items())
                .hasSize(1);
    }

    @Test
    void unusedTokensAreListedAndWithdrawn() throws Exception {
        var token = token();
        api.post(api.admin(), "/api/v1/enrolment-tokens", "{\"name\": \"edge-7\"}");
        var listed = api.get(api.admin(), "/api/v1/enrolment-tokens");
        var items = body(listed, EnrolmentTokens.class).items();

        assertThat(listed.body()).doesNotContain(token);
        assertThat(items).extracting(EnrolmentTokens.Item::name).containsExactly(null, "edge-7");
        var withdrawn = "/api/v1/enrolment-tokens/" + items.getFirst().id();
        assertThat(api.delete(api.admin(), withdrawn).statusCode()).isEqualTo(204);
        assertThat(api.delete(api.admin(), withdrawn).statusCode()).isEqualTo(404);
        assertThat(api.tryToEnrol(token, "edge").statusCode()).isEqualTo(401);
        assertThat(body(api.get(api.admin(), "/api/v1/enrolment-tokens"), EnrolmentTokens.class)
                        .items())
                .hasSize(1);
    }
}

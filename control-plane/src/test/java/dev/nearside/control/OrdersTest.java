package dev.nearside.control;

import static dev.nearside.control.RunningControlPlane.body;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.nearside.model.wire.api.Distributions;
import dev.nearside.model.wire.api.Edges;
import dev.nearside.model.wire.api.Invalidations;
import dev.nearside.model.wire.api.Invalidations.Summary;
import dev.nearside.model.wire.api.ProblemDocument;
import dev.nearside.model.wire.feed.Enrolled;
import dev.nearside.model.wire.feed.Hello;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Orders of invalidations through the front door: who is waited for, what is refused, and what the history says.
class OrdersTest {

    private RunningControlPlane api;
    private String operator;
    private String path;
    private String epoch;

    @BeforeEach
    void start(@TempDir Path data) throws Exception {
        api = new RunningControlPlane(data);
        operator = api.token("operator");
        var made = api.post(
                operator,
                "/api/v1/distributions",
                Documents.distribution("shop", "shop.test", "658327ea-f89d-4fab-a63d-7e88639e58f6", true));
        path = "/api/v1/distributions/" + body(made, Distributions.Item.class).id() + "/invalidations";
        try (var feed = new EventReader(api.feed(api.enrol("probe"), ""))) {
            epoch = feed.next("hello").read(Hello.class).epoch();
        }
        for (var edge : body(api.get(api.admin(), "/api/v1/edges"), Edges.class).items()) {
            api.delete(api.admin(), "/api/v1/edges/" + edge.id());
        }
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private Invalidations.Item order(String batch) throws Exception {
        return body(api.post(operator, path, batch), Invalidations.Item.class);
    }

    private void reaches(Enrolled edge, long position) throws Exception {
        assertThat(api.report(edge, epoch, position, 0).statusCode()).isEqualTo(204);
    }

    // ---- who is waited for

    @Test
    void aQuorumIsReachedWhenMoreThanHalfHaveAppliedIt() throws Exception {
        var edges = List.of(api.enrol("one"), api.enrol("two"), api.enrol("three"));
        var waiting = async(path + "?wait=quorum&timeout=20s", "{\"paths\": [\"/a\"]}");
        reaches(edges.get(0), awaited(1));
        assertThat(api.get(operator, path + "/" + only().id() + "?wait=quorum&timeout=1s")
                        .statusCode())
                .isEqualTo(504);

        reaches(edges.get(1), 1);

        var answer = waiting.join();
        assertThat(answer.statusCode()).isEqualTo(201);
        var item = body(answer, Invalidations.Item.class);
        assertThat(item.status()).isEqualTo("InProgress");
        assertThat(item.completeTime()).isNull();
        assertThat(item.summary()).isEqualTo(new Summary(2, 0, 1, 0));
    }

    @Test
    void whoWaitsForMoreEdgesThanThereAreIsToldSo() throws Exception {
        var edge = api.enrol("one");
        var waiting = async(path + "?wait=quorum&quorum=5&timeout=1s", "{\"paths\": [\"/a\"]}");
        reaches(edge, awaited(1));

        var missing = waiting.join();

        assertThat(missing.statusCode()).isEqualTo(504);
        assertThat(missing.body()).contains("1 of 1 edges have, 5 are waited for.", "no other edge is in service");
        assertThat(problems(missing)).isEmpty();
    }

    @Test
    void allIsEveryEnrolledEdge() throws Exception {
        var edges = List.of(api.enrol("one"), api.enrol("two"));
        var waiting = async(path + "?wait=all&timeout=20s", "{\"paths\": [\"/a\"]}");
        reaches(edges.get(0), awaited(1));
        var missing = api.get(operator, path + "/" + only().id() + "?wait=all&timeout=1s");
        assertThat(missing.statusCode()).isEqualTo(504);
        assertThat(problems(missing)).containsExactly("edges.two");
        assertThat(waiting).isNotDone();

        reaches(edges.get(1), 1);

        var item = body(waiting.join(), Invalidations.Item.class);
        assertThat(item.status()).isEqualTo("Completed");
        assertThat(item.completeTime()).isAfterOrEqualTo(item.createTime());
        assertThat(item.summary()).isEqualTo(new Summary(2, 0, 0, 0));
        assertThat(Objects.requireNonNull(item.edges()))
                .extracting(Invalidations.Receipt::state)
                .containsOnly("applied");
    }

    @Test
    void aWaiterIsReleasedByTheEndOfAnEdgeThatWasMissing() throws Exception {
        var edge = api.enrol("lost");
        var waiting = async(path + "?wait=all&timeout=20s", "{\"paths\": [\"/a\"]}");
        awaited(1);

        api.delete(api.admin(), "/api/v1/edges/" + edge.edgeId());

        assertThat(waiting.join().statusCode()).isEqualTo(201);
    }

    @Test
    void aDrainedEdgeIsNotWaitedForAndCountsAgainWhenItIsBack() throws Exception {
        var edge = api.enrol("drained");
        reaches(api.enrol("other"), 0);
        var other = api.enrol("third");
        var order = order("{\"paths\": [\"/a\"]}");
        reaches(other, 1);
        api.post(api.admin(), "/api/v1/edges/" + edge.edgeId() + "/drain", "");

        var drained = body(api.get(operator, path + "/" + order.id()), Invalidations.Item.class);
        assertThat(drained.summary()).isEqualTo(new Summary(1, 0, 1, 1));
        api.post(api.admin(), "/api/v1/edges/" + edge.edgeId() + "/undrain", "");

        var back = body(api.get(operator, path + "/" + order.id()), Invalidations.Item.class);
        assertThat(back.summary()).isEqualTo(new Summary(1, 0, 2, 0));
        assertThat(back.status()).isEqualTo("InProgress");
    }

    @Test
    void anEdgeThatWasEnrolledLaterHasNothingOlder() throws Exception {
        var order = order("{\"paths\": [\"/a\"]}");
        assertThat(order.status()).isEqualTo("Completed");
        assertThat(order.completeTime()).isEqualTo(order.createTime());

        api.enrol("later");

        var shown = body(api.get(operator, path + "/" + order.id()), Invalidations.Item.class);
        assertThat(shown.status()).isEqualTo("Completed");
        assertThat(shown.completeTime()).isEqualTo(order.createTime());
        assertThat(shown.summary()).isEqualTo(new Summary(1, 0, 0, 0));
        assertThat(order("{\"paths\": [\"/a\"]}").status()).isEqualTo("InProgress");
    }

    @Test
    void receiptsOutliveTheControlPlane() throws Exception {
        var edge = api.enrol("one");
        api.enrol("two");
        var order = order("{\"paths\": [\"/a\"]}");
        reaches(edge, 1);
        var before = body(api.get(operator, path + "/" + order.id()), Invalidations.Item.class);

        api.restart();

        assertThat(body(api.get(operator, path + "/" + order.id()), Invalidations.Item.class))
                .isEqualTo(before);
    }

    private CompletableFuture<HttpResponse<String>> async(String where, String batch) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return api.post(operator, where, batch);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
    }

    /// Until the log has that position.
    private long awaited(long position) {
        await().until(() -> body(api.get(operator, path), Invalidations.class).items().stream()
                .anyMatch(item -> item.position() >= position));
        return position;
    }

    private Invalidations.Item only() throws Exception {
        return body(api.get(operator, path), Invalidations.class).items().getFirst();
    }

    // ---- one reference, one order

    @Test
    void theSameOrderIsFoundAgainHoweverItIsWritten() throws Exception {
        var first = order("{\"paths\": [\"/a\", \"#Tag\", \"/b*\"], \"callerReference\": \"deploy-7\"}");
        var again = api.post(
                operator, path, "{\"paths\": [\"/b*\", \"/a\", \"#tag\", \"/a\"], \"callerReference\": \"deploy-7\"}");
        var other = api.post(operator, path, "{\"paths\": [\"/a\"], \"callerReference\": \"deploy-7\"}");

        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(body(again, Invalidations.Item.class).id()).isEqualTo(first.id());
        assertThat(other.statusCode()).isEqualTo(409);
        assertThat(other.headers().firstValue("Location")).contains(path + "/" + first.id());
        assertThat(other.body()).contains(first.id());
        assertThat(body(api.get(operator, path), Invalidations.class).items()).hasSize(1);
    }

    @Test
    void duplicatesAtTheSameTimeAreOneOrder() throws Exception {
        var orders = new ArrayList<Callable<HttpResponse<String>>>();
        for (int i = 0; i < 24; i++) {
            orders.add(() -> api.post(operator, path, "{\"paths\": [\"/a\"], \"callerReference\": \"r\"}"));
        }
        var statuses = new ArrayList<Integer>();
        var ids = new ArrayList<String>();
        try (var pool = Executors.newFixedThreadPool(12)) {
            for (var answer : pool.invokeAll(orders)) {
                statuses.add(answer.get().statusCode());
                ids.add(body(answer.get(), Invalidations.Item.class).id());
            }
        }

        assertThat(statuses.stream().filter(status -> status == 201)).hasSize(1);
        assertThat(statuses).containsOnly(200, 201);
        assertThat(ids.stream().distinct()).hasSize(1);
        assertThat(order("{\"paths\": [\"/b\"]}").position()).isEqualTo(2);
    }

    // ---- what is refused

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            # what is sent                                        | where the problem is
            {"paths": null}                                       | paths
            {"paths": [null]}                                     | paths[0]
            {"paths": ["/ok", 7]}                                 | paths[1]
            {"paths": ["/ok", ["/a"]]}                            | paths[1]
            {"paths": ["/ok", ""]}                                | paths[1]
            {"paths": ["/ok", "http://a.test/"]}                  | paths[1]
            {"paths": ["/ok", "*"]}                               | paths[1]
            {"paths": ["/ok", "/\\u00e4"]}                        | paths[1]
            {"paths": ["/ok", "/a\\nb"]}                          | paths[1]
            {"paths": ["/ok"], "path": "/a"}                      | path
            {"paths": ["/ok"], "soft": 1}                         | soft
            {"paths": ["/ok"], "callerReference": 7}              | callerReference
            {"paths": ["/ok"], "callerReference": "a\\u0000b"}    | callerReference
            []                                                    | ``
            {"paths": ["/ok"]                                     | ``
            """)
    void aBadOrderIsRefusedWhereItIsBad(String batch, String where) throws Exception {
        var refused = api.post(operator, path, batch);

        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(400);
        assertThat(problems(refused)).contains(where == null ? "" : where);
        assertThat(body(api.get(operator, path), Invalidations.class).items()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # query                       | where the problem is
            wait=soon                     | wait
            wait=6m                       | wait
            wait=0s                       | wait
            wait=all&timeout=6m           | timeout
            wait=all&timeout=fast         | timeout
            wait=30s&timeout=10s          | timeout
            wait=all&quorum=2             | quorum
            wait=quorum&quorum=0          | quorum
            wait=quorum&quorum=101%25     | quorum
            wait=quorum&quorum=           | quorum
            timeout=30s                   | timeout
            quorum=2                      | quorum
            wait=none&timeout=3s          | timeout
            wiat=all                      | wiat
            wait=all&wait=quorum          | wait
            """)
    void aWaitThatIsNotUnderstoodOrdersNothing(String query, String where) throws Exception {
        var refused = api.post(operator, path + "?" + query, "{\"paths\": [\"/a\"]}");

        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(400);
        assertThat(problems(refused)).contains(where);
        assertThat(body(api.get(operator, path), Invalidations.class).items()).isEmpty();
    }

    @Test
    void threeThousandPathsAreOneOrderAndOneMoreIsTooMany() throws Exception {
        var made = order(batch(3_000));
        assertThat(made.pathCount()).isEqualTo(3_000);
        assertThat(made.paths()).hasSize(3_000);
        assertThat(body(api.get(operator, path + "/" + made.id()), Invalidations.Item.class)
                        .paths())
                .isEqualTo(made.paths());

        assertThat(problems(api.post(operator, path, batch(3_001)))).containsExactly("paths");
        var wrong = api.post(operator, path, batch(3_000).replace("/object/17\"", "object/17\""));
        assertThat(problems(wrong)).containsExactly("paths[17]");
        // What is listed stays short, however long the orders are.
        var listed = body(api.get(operator, path), Invalidations.class).items().getFirst();
        assertThat(listed.pathCount()).isEqualTo(3_000);
        assertThat(listed.paths()).hasSize(10).isEqualTo(made.paths().subList(0, 10));
        assertThat(listed.edges()).isNull();
    }

    private static String batch(int count) {
        return "{\"paths\": ["
                + IntStream.range(0, count)
                        .mapToObj(i -> "\"/object/" + i + "\"")
                        .collect(Collectors.joining(","))
                + "]}";
    }

    @Test
    void whoOrdersMoreThanIsAllowedIsToldWhenThereIsRoomAgain() throws Exception {
        var statuses = new ArrayList<Integer>();
        HttpResponse<String> last = null;
        for (int i = 0; i < 101; i++) {
            last = api.post(operator, path, batch(3_000));
            statuses.add(last.statusCode());
        }

        assertThat(statuses.subList(0, 100)).containsOnly(201);
        assertThat(Objects.requireNonNull(last).statusCode()).isEqualTo(429);
        assertThat(last.headers().firstValueAsLong("Retry-After")).isPresent();
        assertThat(last.headers().firstValueAsLong("Retry-After").orElse(0)).isBetween(1L, 60L);
        assertThat(problems(last)).containsExactly("paths");
        // It is the author who is held back, under whatever token of that name; others are not.
        assertThat(api.post(api.token("operator"), path, batch(1)).statusCode()).isEqualTo(429);
        assertThat(api.post(api.admin(), path, batch(1)).statusCode()).isEqualTo(201);
    }

    // ---- history

    @Test
    void theHistoryIsReadPageByPage() throws Exception {
        for (int i = 1; i <= 5; i++) order("{\"paths\": [\"/" + i + "\"]}");

        var first = body(api.get(operator, path + "?maxItems=2"), Invalidations.class);
        var second = body(api.get(operator, path + "?maxItems=2&marker=" + first.nextMarker()), Invalidations.class);
        var third = body(api.get(operator, path + "?maxItems=2&marker=" + second.nextMarker()), Invalidations.class);

        assertThat(positions(first)).containsExactly(5L, 4L);
        assertThat(positions(second)).containsExactly(3L, 2L);
        assertThat(positions(third)).containsExactly(1L);
        assertThat(third.nextMarker()).isNull();
        assertThat(first.items()).extracting(Invalidations.Item::author).containsOnly("operator");
        assertThat(positions(body(api.get(operator, "/api/v1/invalidations"), Invalidations.class)))
                .containsExactly(5L, 4L, 3L, 2L, 1L);
    }

    @ParameterizedTest
    @CsvSource({"maxItems=0", "maxItems=101", "maxItems=many", "marker=0", "marker=x", "marker=-1"})
    void aPageThatCannotBeIsRefused(String query) throws Exception {
        assertThat(api.get(operator, path + "?" + query).statusCode()).isEqualTo(400);
        assertThat(api.get(operator, "/api/v1/invalidations?" + query).statusCode())
                .isEqualTo(400);
    }

    private static List<Long> positions(Invalidations page) {
        return page.items().stream().map(Invalidations.Item::position).toList();
    }

    private static List<String> problems(HttpResponse<String> refused) {
        return Objects.requireNonNull(body(refused, ProblemDocument.class).problems()).stream()
                .map(ProblemDocument.Entry::path)
                .toList();
    }
}

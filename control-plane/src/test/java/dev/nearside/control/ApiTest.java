package dev.nearside.control;

import static dev.nearside.control.Documents.cachePolicy;
import static dev.nearside.control.Documents.distribution;
import static dev.nearside.control.RunningControlPlane.body;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.model.wire.api.AuditLog;
import dev.nearside.model.wire.api.CachePolicies;
import dev.nearside.model.wire.api.Distributions;
import dev.nearside.model.wire.api.Edges;
import dev.nearside.model.wire.api.Imported;
import dev.nearside.model.wire.api.Invalidations;
import dev.nearside.model.wire.api.Me;
import dev.nearside.model.wire.api.ProblemDocument;
import dev.nearside.model.wire.api.SnapshotDetail;
import dev.nearside.model.wire.api.Snapshots;
import dev.nearside.model.wire.api.Versions;
import dev.nearside.model.wire.feed.Hello;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The management API through its front door; every test makes what it needs under names of its own.
@TestInstance(Lifecycle.PER_CLASS)
class ApiTest {
    private static final String CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6";

    private RunningControlPlane api;
    private String operator;
    private final AtomicInteger names = new AtomicInteger();

    @BeforeAll
    void start(@TempDir Path data) throws Exception {
        api = new RunningControlPlane(data);
        operator = api.token("operator");
    }

    @AfterAll
    void stop() {
        api.close();
    }

    private String name(String prefix) {
        return prefix + names.incrementAndGet();
    }

    private Distributions.Item make(String name) throws Exception {
        var made = api.post(
                operator, "/api/v1/distributions", distribution(name, name + ".test", "CachingOptimized", true));
        assertThat(made.statusCode()).isEqualTo(201);
        return body(made, Distributions.Item.class);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # method | path                                   | stranger | viewer | operator | admin
            GET      | /api/v1/me                             |      401 |    200 |      200 |   200
            GET      | /api/v1/distributions                  |      401 |    200 |      200 |   200
            POST     | /api/v1/distributions                  |      401 |    403 |      400 |   400
            PUT      | /api/v1/distributions/none             |      401 |    403 |      428 |   428
            DELETE   | /api/v1/distributions/none             |      401 |    403 |      428 |   428
            GET      | /api/v1/cache-policies                 |      401 |    200 |      200 |   200
            POST     | /api/v1/cache-policies                 |      401 |    403 |      400 |   400
            POST     | /api/v1/distributions/none/versions/1/restore | 401 | 403 |   400 |   400
            GET      | /api/v1/config                         |      401 |    200 |      200 |   200
            PUT      | /api/v1/config                         |      401 |    403 |      400 |   400
            POST     | /api/v1/config                         |      401 |    403 |      400 |   400
            GET      | /api/v1/draft                          |      401 |    200 |      200 |   200
            POST     | /api/v1/snapshots/9/rollback           |      401 |    403 |      400 |   400
            GET      | /api/v1/snapshots                      |      401 |    200 |      200 |   200
            GET      | /api/v1/edges                          |      401 |    200 |      200 |   200
            DELETE   | /api/v1/edges/none                     |      401 |    403 |      403 |   404
            POST     | /api/v1/distributions/d/invalidations  |      401 |    403 |      400 |   400
            GET      | /api/v1/metrics                        |      401 |    200 |      200 |   200
            GET      | /api/v1/tokens                         |      401 |    403 |      403 |   200
            POST     | /api/v1/tokens                         |      401 |    403 |      403 |   400
            GET      | /api/v1/audit                          |      401 |    403 |      403 |   200
            GET      | /edge/v1/feed                          |      401 |    403 |      403 |   403
            POST     | /edge/v1/reports                       |      401 |    403 |      403 |   403
            GET      | /api/v1/openapi.json                   |      200 |    200 |      200 |   200
            GET      | /health/ready                          |      200 |    200 |      200 |   200
            GET      | /api/v1/nothing                        |      404 |    404 |      404 |   404
            DELETE   | /api/v1/me                             |      405 |    405 |      405 |   405
            """)
    void letsEveryRoleDoWhatItMay(String method, String path, int stranger, int viewer, int forOperator, int admin)
            throws Exception {
        assertThat(status(method, path, "")).isEqualTo(stranger);
        assertThat(status(method, path, "nst_never-given")).isEqualTo(stranger);
        assertThat(status(method, path, api.token("viewer"))).isEqualTo(viewer);
        assertThat(status(method, path, operator)).isEqualTo(forOperator);
        assertThat(status(method, path, api.admin())).isEqualTo(admin);
    }

    private int status(String method, String path, String token) throws Exception {
        var body = method.equals("GET") || method.equals("DELETE")
                ? BodyPublishers.noBody()
                : BodyPublishers.ofString("{\"x\": 1}");
        var request = api.request(token, path)
                .header("Content-Type", "application/json")
                .method(method, body);
        return api.send(request).statusCode();
    }

    private static List<ProblemDocument.Entry> problems(HttpResponse<String> refused) {
        return Objects.requireNonNull(body(refused, ProblemDocument.class).problems());
    }

    @Test
    void tellsWhoAsks() throws Exception {
        assertThat(body(api.get(api.admin(), "/api/v1/me"), Me.class)).isEqualTo(new Me("admin", "admin", "user"));
        assertThat(body(api.get(operator, "/api/v1/me"), Me.class)).isEqualTo(new Me("operator", "operator", "token"));
    }

    @Test
    void refusesAWrongPasswordAndSlowsGuessingDown() throws Exception {
        var wrong = "{\"username\": \"nobody\", \"password\": \"wrong\"}";
        for (int i = 0; i < 5; i++) {
            assertThat(api.post("", "/api/v1/login", wrong).statusCode()).isEqualTo(401);
        }
        var slowed = api.post("", "/api/v1/login", wrong);

        assertThat(slowed.statusCode()).isEqualTo(429);
        assertThat(slowed.headers().firstValue("Retry-After")).isPresent();
    }

    @Test
    void aDeletedTokenIsAStranger() throws Exception {
        var made = api.post(api.admin(), "/api/v1/tokens", "{\"name\": \"script\", \"role\": \"viewer\"}");
        var token = body(made, dev.nearside.model.wire.api.TokenCreated.class);
        assertThat(api.get(token.token(), "/api/v1/me").statusCode()).isEqualTo(200);
        assertThat(api.get(api.admin(), "/api/v1/tokens").body())
                .contains(token.id())
                .doesNotContain(token.token());

        assertThat(api.delete(api.admin(), "/api/v1/tokens/" + token.id()).statusCode())
                .isEqualTo(204);
        assertThat(api.get(token.token(), "/api/v1/me").statusCode()).isEqualTo(401);
    }

    @Test
    void everySavedChangeIsAVersionThatStays() throws Exception {
        var name = name("versions");
        var made = make(name);
        var path = "/api/v1/distributions/" + made.id();
        assertThat(api.get(operator, path).body()).contains("\"cachePolicyId\":\"" + CACHING_OPTIMIZED);

        var changed = api.put(
                operator,
                path + "?comment=away",
                made.etag(),
                distribution(name, name + ".test", "CachingDisabled", true));

        assertThat(changed.statusCode()).isEqualTo(200);
        assertThat(changed.headers().firstValue("ETag")).contains("\"2\"");
        var versions = body(api.get(operator, path + "/versions"), Versions.class);
        assertThat(versions.items()).extracting(Versions.Item::version).containsExactly(2L, 1L);
        assertThat(versions.items()).extracting(Versions.Item::comment).containsExactly("away", "");
        var first = body(api.get(operator, path + "/versions/1"), Distributions.Item.class);
        assertThat(first.config()).isEqualTo(made.config());
    }

    @Test
    void aChangeOfAnOldVersionIsRefusedAndToldTheCurrentOne() throws Exception {
        var name = name("stale");
        var made = make(name);
        var path = "/api/v1/distributions/" + made.id();
        var document = distribution(name, name + ".test", "CachingDisabled", true);
        assertThat(api.put(operator, path, made.etag(), document).statusCode()).isEqualTo(200);

        var stale = api.put(operator, path, made.etag(), document);

        assertThat(stale.statusCode()).isEqualTo(412);
        assertThat(stale.headers().firstValue("ETag")).contains("\"2\"");
        assertThat(problems(stale).getFirst().message()).contains("\"2\"");
        assertThat(api.put(operator, path, "2", document).statusCode()).isEqualTo(400);
        assertThat(api.delete(operator, path).statusCode()).isEqualTo(428);
    }

    @Test
    void onlyADisabledDistributionIsDeleted() throws Exception {
        var name = name("delete");
        var made = make(name);
        var path = "/api/v1/distributions/" + made.id();

        var refused = api.delete(operator, path, "If-Match", made.etag());
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(body(refused, ProblemDocument.class).type()).endsWith("distribution-not-disabled");

        var off = api.put(operator, path, made.etag(), distribution(name, name + ".test", "CachingOptimized", false));
        assertThat(api.delete(
                                operator,
                                path,
                                "If-Match",
                                body(off, Distributions.Item.class).etag())
                        .statusCode())
                .isEqualTo(204);
        assertThat(api.get(operator, path).statusCode()).isEqualTo(404);
        assertThat(body(api.get(operator, path + "/versions"), Versions.class).items())
                .hasSize(2);
        // Its name and its alias are free again.
        make(name);
    }

    @Test
    void aUsedPolicyStaysAndTellsWhoUsesIt() throws Exception {
        var name = name("used");
        var policy =
                body(api.post(operator, "/api/v1/cache-policies", cachePolicy(name, 60)), CachePolicies.Item.class);
        api.post(operator, "/api/v1/distributions", distribution(name, name + ".test", name, true));

        var refused = api.delete(operator, "/api/v1/cache-policies/" + policy.id(), "If-Match", policy.etag());

        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.body()).contains(name);
        var shown = body(api.get(operator, "/api/v1/cache-policies/" + policy.id()), CachePolicies.Item.class);
        assertThat(shown.usedBy()).containsExactly(name);
    }

    @Test
    void managedPoliciesAreThereAndStay() throws Exception {
        var managed = body(api.get(operator, "/api/v1/cache-policies?type=managed"), CachePolicies.class);
        assertThat(managed.items()).extracting(CachePolicies.Item::id).contains(CACHING_OPTIMIZED);
        assertThat(managed.items()).extracting(CachePolicies.Item::type).containsOnly("managed");

        var path = "/api/v1/cache-policies/" + CACHING_OPTIMIZED;
        assertThat(api.put(operator, path, "\"1\"", cachePolicy("mine", 1)).statusCode())
                .isEqualTo(409);
        assertThat(api.delete(operator, path, "If-Match", "\"1\"").statusCode()).isEqualTo(409);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            # what is sent                                                    | where the problem is
            {"name": "x", "bogus": 1}                                         | bogus
            {"name": "x", "name": "y"}                                        | name
            {"name": 5}                                                       | name
            {"name": "bad name", "origins": []}                               | name
            {"name": "x", "origins": [{"id": "o", "domainName": "not a host"}]} | origins[0].domainName
            {"name": "x", "cacheBehaviors": [{"pathPattern": "a b"}]}         | cacheBehaviors[0].pathPattern
            {"name": "x", "defaultCacheBehavior": {"cachePolicyId": "Gone"}}  | defaultCacheBehavior.cachePolicyId
            {"id": "E1", "name": "x"}                                         | id
            {"name": "x"                                                      | ``
            [1]                                                               | ``
            """)
    void aBadDocumentIsRefusedWithItsPathAndNothingIsStored(String document, String path) throws Exception {
        var before = api.get(operator, "/api/v1/distributions").body();

        var refused = api.post(operator, "/api/v1/distributions", document);

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(problems(refused)).extracting(ProblemDocument.Entry::path).contains(path);
        assertThat(api.get(operator, "/api/v1/distributions").body()).isEqualTo(before);
    }

    @Test
    void anAliasBelongsToOneDistribution() throws Exception {
        var first = name("alias");
        make(first);

        var refused = api.post(
                operator,
                "/api/v1/distributions",
                distribution(name("alias"), first + ".test", "CachingOptimized", true));

        assertThat(refused.statusCode()).isEqualTo(400);
        var problem = problems(refused).getFirst();
        assertThat(problem.path()).isEqualTo("aliases[0]");
        assertThat(problem.message()).contains(first);
    }

    @Test
    void aNameBelongsToOneDocumentOfAKind() throws Exception {
        var name = name("name");
        make(name);

        var refused = api.post(
                operator, "/api/v1/distributions", distribution(name, "other." + name, "CachingOptimized", true));

        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(problems(refused).getFirst().path()).isEqualTo("name");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # content type                    | status
            application/json                  |    400
            application/json; charset=utf-8   |    400
            text/plain                        |    415
            application/x-www-form-urlencoded |    415
            """)
    void readsJsonAndNothingElse(String type, int status) throws Exception {
        var request = api.request(operator, "/api/v1/config")
                .header("Content-Type", type)
                .POST(BodyPublishers.ofString("[]"));

        assertThat(api.send(request).statusCode()).isEqualTo(status);
    }

    @Test
    void aBodyHasAnEnd() throws Exception {
        var tooLarge = "{\"name\": \"" + "x".repeat(8 * 1024 * 1024) + "\"}";

        assertThat(api.post(operator, "/api/v1/cache-policies", tooLarge).statusCode())
                .isEqualTo(413);
    }

    @Test
    void aConfigurationIsSavedByNameAndAsAWhole() throws Exception {
        var name = name("config");
        var configuration = """
            {"cachePolicies": [%s], "distributions": [%s]}
            """.formatted(cachePolicy(name, 60), distribution(name, name + ".test", name, true));

        var created = body(api.post(operator, "/api/v1/config", configuration), Imported.class);
        var again = body(api.post(operator, "/api/v1/config", configuration), Imported.class);
        var change = "{\"cachePolicies\": [%s]}".formatted(cachePolicy(name, 61));
        assertThat(api.post(operator, "/api/v1/config", change).statusCode()).isEqualTo(428);
        var changed = body(api.call(operator, "POST", "/api/v1/config", change, "If-Match", "*"), Imported.class);

        assertThat(created.items()).extracting(Imported.Item::change).containsExactly("created", "created");
        assertThat(again.items()).extracting(Imported.Item::change).containsExactly("unchanged", "unchanged");
        assertThat(again.items())
                .extracting(Imported.Item::id)
                .isEqualTo(created.items().stream().map(Imported.Item::id).toList());
        assertThat(changed.items()).extracting(Imported.Item::change).containsExactly("updated");
        assertThat(changed.items().getFirst().version()).isEqualTo(2);
    }

    @Test
    void oneProblemStoresNothingOfAConfiguration() throws Exception {
        var name = name("half");
        var configuration = """
            {"cachePolicies": [%s], "distributions": [%s, %s]}
            """.formatted(
                        cachePolicy(name, 9_999),
                        distribution(name, name + ".test", name, true),
                        distribution(name + "b", name + ".test", "Gone", true));

        var refused = api.post(operator, "/api/v1/config", configuration);

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(problems(refused))
                .extracting(ProblemDocument.Entry::path)
                .anyMatch(path -> path.startsWith("cachePolicies[0]."))
                .contains("distributions[1].aliases[0]", "distributions[1].defaultCacheBehavior.cachePolicyId");
        assertThat(api.get(operator, "/api/v1/cache-policies?type=custom").body())
                .doesNotContain(name);
        assertThat(api.get(operator, "/api/v1/distributions").body()).doesNotContain(name);
    }

    @Test
    void aSnapshotHoldsTheLatestVersionsAndTellsWhoRunsIt() throws Exception {
        var name = name("snapshot");
        var made = make(name);
        assertThat(made.status()).isEqualTo("Unpublished");
        var edge = api.enrol(name);

        var published = api.post(operator, "/api/v1/snapshots", "{\"comment\": \"go\"}");

        assertThat(published.statusCode()).isEqualTo(201);
        var snapshot = body(published, Snapshots.Item.class);
        assertThat(snapshot.comment()).isEqualTo("go");
        assertThat(snapshot.edges()).contains(new Snapshots.EdgeState(name, "unreachable"));
        var path = "/api/v1/snapshots/" + snapshot.version();
        var detail = body(api.get(operator, path), SnapshotDetail.class);
        assertThat(detail.configuration().distributions()).contains(made.config());
        assertThat(body(api.get(operator, "/api/v1/snapshots"), Snapshots.class).unpublishedChanges())
                .isZero();

        api.report(edge, "any", 0, snapshot.version());
        assertThat(body(api.get(operator, path), SnapshotDetail.class)
                        .snapshot()
                        .edges())
                .contains(new Snapshots.EdgeState(name, "applied"));
        api.delete(api.admin(), "/api/v1/edges/" + edge.edgeId());
    }

    @Test
    void anInvalidationIsCompleteOnceEveryEdgeHasIt() throws Exception {
        var name = name("invalidate");
        var path = "/api/v1/distributions/" + make(name).id() + "/invalidations";
        var edge = api.enrol(name);
        try (var feed = new EventReader(api.feed(edge, ""))) {
            var epoch = feed.next("hello").read(Hello.class).epoch();
            feed.next("caught-up");
            api.report(edge, epoch, 0, 0);

            var made = body(api.post(operator, path, "{\"paths\": [\"/a/*\"]}"), Invalidations.Item.class);
            assertThat(made.status()).isEqualTo("InProgress");
            assertThat(made.edges()).extracting(Invalidations.Receipt::state).containsExactly("waiting");

            feed.next("invalidation");
            api.report(edge, epoch, made.position(), 0);
            var shown = body(api.get(operator, path + "/" + made.id()), Invalidations.Item.class);
            assertThat(shown.status()).isEqualTo("Completed");
            assertThat(shown.edges()).extracting(Invalidations.Receipt::state).containsExactly("applied");
        }
        api.delete(api.admin(), "/api/v1/edges/" + edge.edgeId());
    }

    @Test
    void whoWaitsForAnEdgeThatIsGoneIsToldItsName() throws Exception {
        var name = name("gone");
        var path = "/api/v1/distributions/" + make(name).id() + "/invalidations";
        var edge = api.enrol(name);

        var missing = api.post(operator, path + "?wait=1s", "{\"paths\": [\"/a\"], \"callerReference\": \"r\"}");

        assertThat(missing.statusCode()).isEqualTo(504);
        assertThat(body(missing, ProblemDocument.class).problems())
                .extracting(ProblemDocument.Entry::path)
                .containsExactly("edges." + name);
        // The invalidation stands; without the edge it is complete, and the same reference finds it again.
        api.delete(api.admin(), "/api/v1/edges/" + edge.edgeId());
        var found = api.post(operator, path + "?wait=1s", "{\"paths\": [\"/a\"], \"callerReference\": \"r\"}");
        assertThat(found.statusCode()).isEqualTo(200);
        assertThat(body(api.get(operator, path), Invalidations.class).items()).hasSize(1);
        var other = api.post(operator, path, "{\"paths\": [\"/b\"], \"callerReference\": \"r\"}");
        assertThat(other.statusCode()).isEqualTo(409);
    }

    @Test
    void aSoftInvalidationOfTagsIsToldAsItWasOrdered() throws Exception {
        var name = name("soft");
        var path = "/api/v1/distributions/" + make(name).id() + "/invalidations";

        var batch = "{\"paths\": [\"#Product:42\", \"/a\"], \"soft\": true, \"callerReference\": \"r\"}";
        var soft = body(api.post(operator, path, batch), Invalidations.Item.class);
        var hard = body(api.post(operator, path, "{\"paths\": [\"/a\"]}"), Invalidations.Item.class);

        assertThat(soft.paths()).containsExactly("#Product:42", "/a");
        assertThat(soft.soft()).isTrue();
        assertThat(hard.soft()).isNull();
        assertThat(api.post(operator, path, batch.replace("true", "false")).statusCode())
                .isEqualTo(409);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            # what is sent                          | where the problem is
            {"paths": []}                           | paths
            {}                                      | paths
            {"paths": ["a"]}                        | paths[0]
            {"paths": ["/ok", "/a b"]}              | paths[1]
            {"paths": ["/ok"], "callerReference": ""} | callerReference
            {"paths": "/a"}                         | paths
            {"paths": ["#"]}                        | paths[0]
            {"paths": ["#a b"]}                     | paths[0]
            {"paths": ["/a"], "soft": "yes"}        | soft
            """)
    void aBadInvalidationIsRefused(String batch, String path) throws Exception {
        var refused = api.post(operator, "/api/v1/distributions/any/invalidations", batch);

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(problems(refused)).extracting(ProblemDocument.Entry::path).contains(path);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # query                 | status
            range=10s               |    200
            range=7d                |    200
            range=7d&step=1h        |    200
            range=8d                |    400
            range=soon              |    400
            range=1h&step=1s        |    400
            range=7d&step=1m        |    400
            range=15m&step=0s       |    400
            """)
    void metricsComeInRangesAndSteps(String query, int status) throws Exception {
        assertThat(api.get(operator, "/api/v1/metrics?" + query).statusCode()).isEqualTo(status);
    }

    @Test
    void anEnrolmentTokenLetsOneEdgeIn() throws Exception {
        var name = name("enrol");
        var token = token(api.post(api.admin(), "/api/v1/enrolment-tokens", "{\"name\": \"%s\"}".formatted(name)));

        assertThat(api.tryToEnrol(token, name + "-other").statusCode()).isEqualTo(401);
        var first = body(api.tryToEnrol(token, name), dev.nearside.model.wire.feed.Enrolled.class);
        assertThat(api.tryToEnrol(token, name).statusCode()).isEqualTo(401);
        assertThat(api.report(first, "none", 0, 0).statusCode()).isEqualTo(204);

        // A token for any name does not take one away; one that was made for it does.
        var any = token(api.post(api.admin(), "/api/v1/enrolment-tokens", ""));
        assertThat(api.tryToEnrol(any, name).statusCode()).isEqualTo(409);
        var again = token(api.post(api.admin(), "/api/v1/enrolment-tokens", "{\"name\": \"%s\"}".formatted(name)));
        assertThat(api.tryToEnrol(again, name).statusCode()).isEqualTo(201);
        assertThat(api.report(first, "none", 0, 0).statusCode()).isEqualTo(401);
        assertThat(body(api.get(operator, "/api/v1/edges"), Edges.class).items())
                .filteredOn(edge -> edge.name().equals(name))
                .hasSize(1);
        for (var edge : body(api.get(operator, "/api/v1/edges"), Edges.class).items()) {
            if (edge.name().equals(name)) api.delete(api.admin(), "/api/v1/edges/" + edge.id());
        }
    }

    private static String token(HttpResponse<String> made) {
        return body(made, dev.nearside.model.wire.api.EnrolmentToken.class).token();
    }

    @Test
    void aRevokedEdgeIsCutOff() throws Exception {
        var edge = api.enrol(name("revoked"));
        try (var feed = new EventReader(api.feed(edge, ""))) {
            feed.next("caught-up");

            assertThat(api.delete(api.admin(), "/api/v1/edges/" + edge.edgeId()).statusCode())
                    .isEqualTo(204);

            assertThat(feed.hasEnded()).isTrue();
        }
        assertThat(api.report(edge, "none", 0, 0).statusCode()).isEqualTo(401);
        assertThat(api.get(operator, "/api/v1/edges/" + edge.edgeId()).statusCode())
                .isEqualTo(404);
    }

    @Test
    void everyChangeIsInTheAuditLog() throws Exception {
        var name = name("audit");
        make(name);

        var latest = body(api.get(api.admin(), "/api/v1/audit"), AuditLog.class).items();

        assertThat(latest).anySatisfy(item -> {
            assertThat(item.who()).isEqualTo("operator");
            assertThat(item.action()).isEqualTo("create distribution");
            assertThat(item.subject()).startsWith(name);
        });
    }
}

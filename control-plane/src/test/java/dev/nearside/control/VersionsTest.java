package dev.nearside.control;

import static dev.nearside.control.Documents.cachePolicy;
import static dev.nearside.control.Documents.distribution;
import static dev.nearside.control.RunningControlPlane.body;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.nearside.model.wire.api.CachePolicies;
import dev.nearside.model.wire.api.ConfigurationDifference;
import dev.nearside.model.wire.api.Difference;
import dev.nearside.model.wire.api.Distributions;
import dev.nearside.model.wire.api.DocumentDifference;
import dev.nearside.model.wire.api.Draft;
import dev.nearside.model.wire.api.ProblemDocument;
import dev.nearside.model.wire.api.SnapshotDifference;
import dev.nearside.model.wire.api.Snapshots;
import dev.nearside.model.wire.api.VersionDifference;
import dev.nearside.model.wire.api.Versions;
import jakarta.json.Json;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Versions, the draft, publishing and rolling back, through the front door.
@ParameterizedClass
@EnumSource(Engine.class)
@TestInstance(Lifecycle.PER_CLASS)
class VersionsTest {
    @Parameter
    Engine engine = Engine.H2;

    private static final String MANAGED = "658327ea-f89d-4fab-a63d-7e88639e58f6";
    private static final String ORIGIN_REQUEST_POLICY = """
            {"name": "%s", "comment": "%s", "headersConfig": {"headerBehavior": "none"},
             "cookiesConfig": {"cookieBehavior": "none"}, "queryStringsConfig": {"queryStringBehavior": "none"}}
            """;
    private static final String RESPONSE_HEADERS_POLICY = """
            {"name": "%s", "comment": "%s", "customHeadersConfig": [{"header": "X-A", "value": "1", "override": true}]}
            """;

    private RunningControlPlane api;
    private String operator;

    @BeforeAll
    void start(@TempDir Path data) throws Exception {
        api = new RunningControlPlane(data, engine.fresh(data));
        operator = api.token("operator");
    }

    @AfterAll
    void stop() {
        api.close();
    }

    /// Every test begins with nothing saved, and that published.
    @BeforeEach
    void clear() throws Exception {
        assertThat(put("{}", "If-Match", "*").statusCode()).isEqualTo(200);
        publish();
    }

    private HttpResponse<String> put(String configuration, String... headers) throws Exception {
        return api.call(operator, "PUT", "/api/v1/config", configuration, headers);
    }

    private HttpResponse<String> post(String path, String... headers) throws Exception {
        return api.call(operator, "POST", "/api/v1" + path, "", headers);
    }

    private long publish() throws Exception {
        return body(post("/snapshots"), Snapshots.Item.class).version();
    }

    private Draft draft() throws Exception {
        return body(api.get(operator, "/api/v1/draft"), Draft.class);
    }

    private Distributions.Item make(String name, String policy) throws Exception {
        return body(
                api.post(operator, "/api/v1/distributions", distribution(name, name + ".test", policy, true)),
                Distributions.Item.class);
    }

    private Distributions.Item save(Distributions.Item old, String name, String alias, String policy, boolean enabled)
            throws Exception {
        return body(
                api.put(
                        operator,
                        "/api/v1/distributions/" + old.id(),
                        old.etag(),
                        distribution(name, alias, policy, enabled)),
                Distributions.Item.class);
    }

    private CachePolicies.Item makePolicy(String name) throws Exception {
        return body(api.post(operator, "/api/v1/cache-policies", cachePolicy(name, 60)), CachePolicies.Item.class);
    }

    private HttpResponse<String> delete(String path, String etag) throws Exception {
        return api.delete(operator, "/api/v1" + path, "If-Match", etag);
    }

    private static List<ProblemDocument.Entry> problems(HttpResponse<String> refused) {
        return Objects.requireNonNull(body(refused, ProblemDocument.class).problems());
    }

    private static String etag(HttpResponse<String> response) {
        return response.headers().firstValue("ETag").orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({"distributions", "cache-policies", "origin-request-policies", "response-headers-policies"})
    void versionsOfEveryKindAreComparedAndRestored(String kind) throws Exception {
        var first = documentOf(kind, "one");
        var path = api.post(operator, "/api/v1/" + kind, first)
                .headers()
                .firstValue("Location")
                .orElseThrow();
        assertThat(api.put(operator, path + "?comment=second", "\"1\"", documentOf(kind, "two"))
                        .statusCode())
                .isEqualTo(200);

        var difference = body(api.get(operator, path + "/versions/1/diff/2"), VersionDifference.class);
        var back = body(api.get(operator, path + "/versions/2/diff/1"), VersionDifference.class);
        var none = body(api.get(operator, path + "/versions/2/diff/2"), VersionDifference.class);
        var restored =
                api.call(operator, "POST", path + "/versions/1/restore", "", "If-Match", "\"2\"", "X-Comment", "sorry");

        assertThat(difference.differences())
                .containsExactly(
                        new Difference("comment", "changed", Json.createValue("one"), Json.createValue("two")));
        assertThat(back.differences().getFirst().after()).isEqualTo(Json.createValue("one"));
        assertThat(none.differences()).isEmpty();
        assertThat(restored.statusCode()).isEqualTo(200);
        assertThat(etag(restored)).isEqualTo("\"3\"");
        assertThat(body(api.get(operator, path + "/versions"), Versions.class).items())
                .extracting(Versions.Item::comment)
                .containsExactly("restored from version 1: sorry", "second", "");
        assertThat(body(api.get(operator, path + "/versions/1/diff/3"), VersionDifference.class)
                        .differences())
                .isEmpty();
        assertThat(api.get(operator, path + "/versions/1/diff/9").statusCode()).isEqualTo(404);
        assertThat(api.get(operator, path + "/versions/x/diff/1").statusCode()).isEqualTo(404);
        assertThat(api.call(operator, "POST", path + "/versions/9/restore", "", "If-Match", "\"3\"")
                        .statusCode())
                .isEqualTo(404);
    }

    private static String documentOf(String kind, String comment) {
        return switch (kind) {
            case "distributions" ->
                distribution("kinds", "kinds.test", MANAGED, true)
                        .replaceFirst("\\{", "{\"comment\": \"" + comment + "\", ");
            case "cache-policies" -> cachePolicy("kinds", 1).replaceFirst("\\{", "{\"comment\": \"" + comment + "\", ");
            case "origin-request-policies" -> ORIGIN_REQUEST_POLICY.formatted("kinds", comment);
            case "response-headers-policies" -> RESPONSE_HEADERS_POLICY.formatted("kinds", comment);
            default -> throw new IllegalArgumentException(kind);
        };
    }

    @Test
    void aDeletedDocumentComesBackUnderItsId() throws Exception {
        var policy = makePolicy("phoenix");
        assertThat(delete("/cache-policies/" + policy.id(), policy.etag()).statusCode())
                .isEqualTo(204);

        var restored = post("/cache-policies/" + policy.id() + "/versions/1/restore", "If-Match", "\"1\"");

        assertThat(restored.statusCode()).isEqualTo(200);
        assertThat(body(restored, CachePolicies.Item.class).version()).isEqualTo(2);
        assertThat(api.get(operator, "/api/v1/cache-policies/" + policy.id()).statusCode())
                .isEqualTo(200);
    }

    @Test
    void whatNoLongerFitsIsNotRestored() throws Exception {
        var policy = makePolicy("gone");
        var made = make("needs", policy.id());
        var moved = save(made, "needs", "needs.test", MANAGED, true);
        assertThat(delete("/cache-policies/" + policy.id(), policy.etag()).statusCode())
                .isEqualTo(204);

        var refused = post("/distributions/" + made.id() + "/versions/1/restore", "If-Match", moved.etag());

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(problems(refused))
                .extracting(ProblemDocument.Entry::path)
                .containsExactly("defaultCacheBehavior.cachePolicyId");
    }

    @Test
    void theDraftIsWhatIsSavedAndNotPublished() throws Exception {
        var kept = make("kept", MANAGED);
        var going = make("going", MANAGED);
        publish();
        assertThat(draft().documents()).isEmpty();

        save(kept, "kept", "other.test", MANAGED, true);
        var off = save(going, "going", "going.test", MANAGED, false);
        delete("/distributions/" + going.id(), off.etag());
        makePolicy("new");

        var answer = api.get(operator, "/api/v1/draft");
        var draft = body(answer, Draft.class);
        assertThat(etag(answer)).isEqualTo(draft.etag());
        assertThat(draft.documents())
                .extracting(DocumentDifference::kind, DocumentDifference::name, DocumentDifference::change)
                .containsExactly(
                        tuple("distribution", "going", "removed"),
                        tuple("distribution", "kept", "changed"),
                        tuple("cache-policy", "new", "added"));
        assertThat(draft.documents().get(1).differences())
                .extracting(Difference::path, Difference::change)
                .containsExactly(tuple("aliases[kept.test]", "removed"), tuple("aliases[other.test]", "added"));
        assertThat(body(api.get(operator, "/api/v1/snapshots"), Snapshots.class).unpublishedChanges())
                .isEqualTo(3);
    }

    @Test
    void whatSaysTheSameIsNoDraft() throws Exception {
        var made = make("same", MANAGED);
        publish();

        save(made, "same", "same.test", MANAGED, true);

        assertThat(draft().documents()).isEmpty();
    }

    @Test
    void discardingTheDraftBringsEverythingBack() throws Exception {
        var kept = make("stay", MANAGED);
        var going = make("leave", MANAGED);
        long snapshot = publish();
        var before = api.get(operator, "/api/v1/config").body();
        // Names and aliases change hands, so that neither can go back alone.
        var off = save(going, "leave", "leave.test", MANAGED, false);
        delete("/distributions/" + going.id(), off.etag());
        save(kept, "leave", "leave.test", MANAGED, true);
        makePolicy("extra");

        assertThat(api.delete(operator, "/api/v1/draft").statusCode()).isEqualTo(428);
        assertThat(delete("/draft", "\"1-0\"").statusCode()).isEqualTo(412);
        var discarded = delete("/draft", draft().etag());

        assertThat(discarded.statusCode()).isEqualTo(200);
        assertThat(body(discarded, Draft.class).documents()).isEmpty();
        assertThat(api.get(operator, "/api/v1/config").body()).isEqualTo(before);
        var versions = body(api.get(operator, "/api/v1/distributions/" + going.id() + "/versions"), Versions.class);
        assertThat(versions.items().getFirst().comment()).isEqualTo("draft discarded, back to snapshot " + snapshot);
        assertThat(api.delete(operator, "/api/v1/draft").statusCode()).isEqualTo(200);
    }

    @Test
    void onlyTheDraftThatWasLookedAtIsPublished() throws Exception {
        make("looked", MANAGED);
        var looked = draft().etag();
        makePolicy("meanwhile");

        var refused = post("/snapshots", "If-Match", looked);
        var published = post("/snapshots", "If-Match", draft().etag());

        assertThat(refused.statusCode()).isEqualTo(412);
        assertThat(requireNonNull(body(refused, ProblemDocument.class).current())
                        .etag())
                .isEqualTo(etag(refused));
        assertThat(published.statusCode()).isEqualTo(201);
        assertThat(draft().documents()).isEmpty();
    }

    @Test
    void rollingBackPublishesAnEarlierContentAndLeavesNoDraft() throws Exception {
        var policy = makePolicy("rolled");
        var one = make("one", policy.id());
        var two = make("two", MANAGED);
        long good = publish();
        var goodConfiguration = api.get(operator, "/api/v1/config").body();
        // The alias moves on, its owner is deleted, and so is a policy that was in use.
        var off = save(two, "two", "unused.test", MANAGED, false);
        delete("/distributions/" + two.id(), off.etag());
        save(one, "one", "two.test", MANAGED, true);
        long bad = publish();
        assertThat(delete("/cache-policies/" + policy.id(), policy.etag()).statusCode())
                .isEqualTo(204);
        long worse = publish();

        var difference = body(
                api.get(operator, "/api/v1/snapshots/%d/diff/%d".formatted(worse, good)), SnapshotDifference.class);
        var rolledBack =
                api.call(operator, "POST", "/api/v1/snapshots/" + good + "/rollback", "{\"comment\": \"it broke\"}");

        assertThat(difference.documents())
                .extracting(DocumentDifference::name, DocumentDifference::change)
                .containsExactly(tuple("one", "changed"), tuple("two", "added"), tuple("rolled", "added"));
        assertThat(rolledBack.statusCode()).isEqualTo(201);
        var snapshot = body(rolledBack, Snapshots.Item.class);
        assertThat(snapshot.version()).isEqualTo(worse + 1);
        assertThat(snapshot.comment()).isEqualTo("restored from snapshot %d: it broke".formatted(good));
        assertThat(body(
                                api.get(operator, "/api/v1/snapshots/" + good + "/diff/" + snapshot.version()),
                                SnapshotDifference.class)
                        .documents())
                .isEmpty();
        assertThat(body(api.get(operator, "/api/v1/snapshots"), Snapshots.class).items())
                .filteredOn(item -> item.version() == good || item.version() == snapshot.version())
                .extracting(Snapshots.Item::hash)
                .containsOnly(snapshot.hash());
        assertThat(draft().documents()).isEmpty();
        assertThat(api.get(operator, "/api/v1/config").body()).isEqualTo(goodConfiguration);
        assertThat(body(api.get(operator, "/api/v1/distributions/" + two.id()), Distributions.Item.class)
                        .comment())
                .startsWith("restored from snapshot " + good);
        assertThat(body(post("/snapshots/" + bad + "/rollback"), Snapshots.Item.class)
                        .version())
                .isEqualTo(worse + 2);
    }

    @Test
    void rollingBackDoesNotLoseADraftUnasked() throws Exception {
        make("first", MANAGED);
        long first = publish();
        makePolicy("unpublished");

        var unasked = post("/snapshots/" + first + "/rollback");
        var stale = post("/snapshots/" + first + "/rollback", "If-Match", "\"0-0\"");

        assertThat(unasked.statusCode()).isEqualTo(428);
        assertThat(problems(unasked).getFirst().message()).contains("unpublished");
        assertThat(stale.statusCode()).isEqualTo(412);
        assertThat(draft().documents()).hasSize(1);
        assertThat(post("/snapshots/" + first + "/rollback", "If-Match", draft().etag())
                        .statusCode())
                .isEqualTo(201);
        assertThat(draft().documents()).isEmpty();
        assertThat(post("/snapshots/999999/rollback").statusCode()).isEqualTo(404);
        assertThat(post("/snapshots/x/rollback").statusCode()).isEqualTo(404);
        assertThat(api.get(operator, "/api/v1/snapshots/1/diff/999999").statusCode())
                .isEqualTo(404);
    }

    @Test
    void aPolicyInUseStaysAlsoWhereOnlyEdgesUseIt() throws Exception {
        var policy = makePolicy("used");
        var path = "/cache-policies/" + policy.id();
        var user = make("user", policy.id());
        var bySaved = delete(path, policy.etag());
        publish();
        var moved = save(user, "user", "user.test", MANAGED, true);
        var byPublished = delete(path, policy.etag());
        long snapshot = publish();
        var free = delete(path, policy.etag());

        assertThat(bySaved.statusCode()).isEqualTo(409);
        assertThat(problems(bySaved).getFirst().message()).isEqualTo("selected by distribution user");
        assertThat(byPublished.statusCode()).isEqualTo(409);
        assertThat(problems(byPublished).getFirst().message())
                .isEqualTo("selected by distribution user as it is published in snapshot " + (snapshot - 1));
        assertThat(free.statusCode()).isEqualTo(204);
        assertThat(moved.version()).isEqualTo(2);
    }

    @Test
    void anAliasBelongsToOneDistribution() throws Exception {
        make("owner", MANAGED);

        var refused = api.post(operator, "/api/v1/distributions", distribution("thief", "owner.test", MANAGED, true));

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(problems(refused))
                .containsExactly(new ProblemDocument.Entry(
                        "aliases[0]", "\"owner.test\" (expected: an alias that distribution owner does not have)"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # a managed policy of each kind, and what is tried
            PUT    | /cache-policies/658327ea-f89d-4fab-a63d-7e88639e58f6
            DELETE | /cache-policies/658327ea-f89d-4fab-a63d-7e88639e58f6
            POST   | /cache-policies/658327ea-f89d-4fab-a63d-7e88639e58f6/versions/1/restore
            PUT    | /origin-request-policies/216adef6-5c7f-47e4-b989-5492eafa07d3
            DELETE | /origin-request-policies/216adef6-5c7f-47e4-b989-5492eafa07d3
            POST   | /origin-request-policies/216adef6-5c7f-47e4-b989-5492eafa07d3/versions/1/restore
            PUT    | /response-headers-policies/67f7725c-6f97-4210-82d7-5512b31e9d03
            DELETE | /response-headers-policies/67f7725c-6f97-4210-82d7-5512b31e9d03
            POST   | /response-headers-policies/67f7725c-6f97-4210-82d7-5512b31e9d03/versions/1/restore
            """)
    void managedPoliciesAreReadOnly(String method, String path) throws Exception {
        var document = method.equals("PUT") ? "{\"name\": \"mine\"}" : "";

        var refused = api.call(operator, method, "/api/v1" + path, document, "If-Match", "\"1\"");

        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(body(refused, ProblemDocument.class).type()).isEqualTo("urn:nearside:problem:managed-policy");
    }

    /// Every write of something that others write as well: refused without the ETag of what is there, refused with
    /// an old one together with what is there, and done with the right one.
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # method | path                                 | body         | ETag of
            PUT      | /distributions/{d}                   | distribution | /distributions/{d}
            DELETE   | /distributions/{d}                   |              | /distributions/{d}
            POST     | /distributions/{d}/versions/1/restore |             | /distributions/{d}
            PUT      | /cache-policies/{p}                  | policy       | /cache-policies/{p}
            DELETE   | /cache-policies/{p}                  |              | /cache-policies/{p}
            POST     | /cache-policies/{p}/versions/1/restore |            | /cache-policies/{p}
            PUT      | /config                              | configuration | /config
            POST     | /config                              | configuration | /config
            DELETE   | /draft                               |              | /draft
            POST     | /snapshots/{s}/rollback              |              | /draft
            """)
    void nothingIsOverwrittenUnseen(String method, String path, String kind, String etagOf) throws Exception {
        long snapshot = publish();
        var policy = makePolicy("guarded");
        var disabled = save(make("guarded", MANAGED), "guarded", "guarded.test", MANAGED, false);
        var at = "/api/v1" + fill(path, disabled.id(), policy.id(), snapshot);
        var current = etag(api.get(operator, "/api/v1" + fill(etagOf, disabled.id(), policy.id(), snapshot)));
        var sent = kind == null
                ? ""
                : switch (kind) {
                    case "distribution" -> distribution("guarded", "new.test", MANAGED, false);
                    case "policy" -> cachePolicy("guarded", 61);
                    default -> "{\"cachePolicies\": [%s]}".formatted(cachePolicy("guarded", 62));
                };
        var before = api.get(operator, "/api/v1/config").body();

        var missing = api.call(operator, method, at, sent);
        var malformed = api.call(operator, method, at, sent, "If-Match", "W/" + current);
        var stale = api.call(operator, method, at, sent, "If-Match", "\"older\"");

        assertThat(missing.statusCode()).isEqualTo(428);
        assertThat(malformed.statusCode()).isEqualTo(400);
        assertThat(problems(malformed).getFirst().path()).isEqualTo("If-Match");
        assertThat(stale.statusCode()).isEqualTo(412);
        assertThat(requireNonNull(body(stale, ProblemDocument.class).current()).etag())
                .isEqualTo(current)
                .isEqualTo(etag(stale));
        assertThat(api.get(operator, "/api/v1/config").body()).isEqualTo(before);
        assertThat(api.call(operator, method, at, sent, "If-Match", current).statusCode())
                .isLessThan(300);
    }

    private static String fill(String path, String distribution, String policy, long snapshot) {
        return path.replace("{d}", distribution).replace("{p}", policy).replace("{s}", String.valueOf(snapshot));
    }

    @Test
    void whoeverIsLateSeesWhatIsThere() throws Exception {
        var made = make("late", MANAGED);
        api.call(
                operator,
                "PUT",
                "/api/v1/distributions/" + made.id(),
                distribution("late", "newer.test", MANAGED, true),
                "If-Match",
                made.etag(),
                "X-Comment",
                "first!");

        var late = api.put(
                operator,
                "/api/v1/distributions/" + made.id(),
                made.etag(),
                distribution("late", "mine.test", MANAGED, true));

        var current = requireNonNull(body(late, ProblemDocument.class).current());
        assertThat(current.version()).isEqualTo(2);
        assertThat(current.author()).isEqualTo("operator");
        assertThat(current.comment()).isEqualTo("first!");
        assertThat(requireNonNull(current.document())
                        .asJsonObject()
                        .getJsonArray("aliases")
                        .getString(0))
                .isEqualTo("newer.test");
    }

    private String everything(String alias, long ttl) {
        return """
            {"cachePolicies": [%s], "originRequestPolicies": [%s], "responseHeadersPolicies": [%s], "distributions": [%s]}
            """.formatted(
                        cachePolicy("pages", ttl),
                        ORIGIN_REQUEST_POLICY.formatted("ask", "q"),
                        RESPONSE_HEADERS_POLICY.formatted("answer", "a"),
                        distribution("site", alias, "pages", true));
    }

    @Test
    void anExportIsTheSameBytesAgainAndElsewhere(@TempDir Path elsewhere) throws Exception {
        put(everything("a.test", 60), "If-Match", "*");
        var exported = api.get(operator, "/api/v1/config");

        var unchanged = body(put(exported.body()), ConfigurationDifference.class);

        assertThat(exported.body()).endsWith("}\n").doesNotContain("\r");
        assertThat(unchanged.documents()).isEmpty();
        assertThat(unchanged.etag()).isEqualTo(etag(exported));
        assertThat(api.get(operator, "/api/v1/config").body()).isEqualTo(exported.body());
        try (var other = new RunningControlPlane(elsewhere)) {
            assertThat(other.call(other.admin(), "PUT", "/api/v1/config", exported.body())
                            .statusCode())
                    .isEqualTo(200);
            assertThat(other.get(other.admin(), "/api/v1/config").body()).isEqualTo(exported.body());
        }
    }

    @Test
    void aDryRunTellsAndStoresNothing() throws Exception {
        put(everything("a.test", 60), "If-Match", "*");
        var before = api.get(operator, "/api/v1/config");
        var wanted = """
            {"cachePolicies": [%s], "distributions": [%s]}
            """.formatted(cachePolicy("pages", 61), distribution("site", "b.test", "pages", true));

        var told = body(api.call(operator, "PUT", "/api/v1/config?dryRun=true", wanted), ConfigurationDifference.class);
        var after = api.get(operator, "/api/v1/config");
        var done = body(put(wanted, "If-Match", etag(before)), ConfigurationDifference.class);

        assertThat(told.dryRun()).isTrue();
        assertThat(told.documents())
                .extracting(DocumentDifference::name, DocumentDifference::change)
                .containsExactly(
                        tuple("site", "changed"),
                        tuple("pages", "changed"),
                        tuple("ask", "removed"),
                        tuple("answer", "removed"));
        assertThat(after.body()).isEqualTo(before.body());
        assertThat(told.etag()).isEqualTo(etag(before));
        assertThat(done.documents()).isEqualTo(told.documents());
        assertThat(done.etag()).isEqualTo(etag(api.get(operator, "/api/v1/config")));
        assertThat(done.draft()).isEqualTo(draft().etag());
        assertThat(post("/snapshots", "If-Match", done.draft()).statusCode()).isEqualTo(201);
    }

    @Test
    void namesMayChangeHandsInOneReplacement() throws Exception {
        var one = makePolicy("one");
        var two = makePolicy("two");

        var swapped = put("""
                {"cachePolicies": [{"id": "%s", "name": "two", "minTTL": 0, "defaultTTL": 60, "maxTTL": 300},
                                   {"id": "%s", "name": "one", "minTTL": 0, "defaultTTL": 60, "maxTTL": 300}]}
                """.formatted(one.id(), two.id()), "If-Match", "*");

        assertThat(swapped.statusCode()).isEqualTo(200);
        assertThat(body(api.get(operator, "/api/v1/cache-policies/" + one.id()), CachePolicies.Item.class)
                        .config()
                        .name())
                .isEqualTo("two");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            # what is sent                                                     | where the problem is
            []                                                                 |
            {"distribution": []}                                               | distribution
            {"distributions": {}}                                              | distributions
            {"cachePolicies": [{"name": 1}]}                                   | cachePolicies[0].name
            {"cachePolicies": [{"name": "a", "minTTL": -1}]}                   | cachePolicies[0].minTTL
            {"cachePolicies": [{"name": "a"}, {"name": "a"}]}                  | cachePolicies[1].name
            {"cachePolicies": [{"id": "a", "name": "a"}, {"id": "a", "name": "b"}]} | cachePolicies[1].id
            {"cachePolicies": [{"id": "a-name-that-is-longer-than-any-uuid-is", "name": "a"}]} | cachePolicies[0].id
            {"cachePolicies": [{"id": "658327ea-f89d-4fab-a63d-7e88639e58f6", "name": "a"}]} | cachePolicies[0].id
            {"cachePolicies": [{"id": "a b", "name": "a"}]}                    | cachePolicies[0].id
            {"cachePolicies": [{"name": "CachingOptimized"}]}                  | cachePolicies[0].name
            {"distributions": [{"name": "a"}]}                                 | distributions[0].origins
            """)
    void aBadConfigurationChangesNothing(String configuration, String path) throws Exception {
        put(everything("a.test", 60), "If-Match", "*");
        var before = api.get(operator, "/api/v1/config").body();

        for (var query : List.of("", "?dryRun=true")) {
            var refused = api.call(operator, "PUT", "/api/v1/config" + query, configuration, "If-Match", "*");

            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(problems(refused))
                    .extracting(ProblemDocument.Entry::path)
                    .contains(path == null ? "" : path);
        }
        assertThat(api.get(operator, "/api/v1/config").body()).isEqualTo(before);
    }

    @Test
    void whatIsAskedWronglyIsRefused() throws Exception {
        var many = "{\"cachePolicies\": [" + "{}, ".repeat(10_000) + "{}]}";
        assertThat(api.call(operator, "PUT", "/api/v1/config?dryRun=true", many).body())
                .contains("10001 documents (expected: at most 10000)");
        assertThat(problems(api.call(operator, "PUT", "/api/v1/config?dryRun=maybe", "{}")))
                .extracting(ProblemDocument.Entry::path)
                .containsExactly("dryRun");
        assertThat(api.call(operator, "PUT", "/api/v1/config", "{\"x\": \"" + "x".repeat(8 * 1024 * 1024) + "\"}")
                        .statusCode())
                .isEqualTo(413);
        assertThat(problems(
                        api.call(operator, "POST", "/api/v1/snapshots/1/rollback", "{\"comment\": 1, \"why\": true}")))
                .extracting(ProblemDocument.Entry::path)
                .containsExactlyInAnyOrder("comment", "why");
    }
}

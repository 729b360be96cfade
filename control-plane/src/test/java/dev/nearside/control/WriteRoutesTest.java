package dev.nearside.control;

import static dev.nearside.control.Documents.cachePolicy;
import static dev.nearside.control.Documents.distribution;
import static dev.nearside.control.RunningControlPlane.body;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertAll;

import dev.nearside.control.WriteRoutesTest.Bad.Because;
import dev.nearside.control.http.Route;
import dev.nearside.model.wire.Json;
import dev.nearside.model.wire.api.Certificates;
import dev.nearside.model.wire.api.Distributions;
import dev.nearside.model.wire.api.Edges;
import dev.nearside.model.wire.api.EnrolmentToken;
import dev.nearside.model.wire.api.Imported;
import dev.nearside.model.wire.api.NewCertificate;
import dev.nearside.model.wire.api.ProblemDocument;
import dev.nearside.model.wire.feed.Enrolled;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/// Every route that changes something is tried with everything that is wrong: each gets a problem document that names
/// the field, and nothing is stored.
@TestInstance(Lifecycle.PER_CLASS)
class WriteRoutesTest {
    private static final String POLICIES = "/api/v1/cache-policies";
    private static final String REPORT = """
            {"runId": "run", "startTime": "2026-01-01T00:00:00Z", "sentAt": "2026-01-01T00:00:00Z", "version": "1",
             "snapshotVersion": 1, "epoch": "e", "position": 0, "counters": [], "cache": {"memoryUsed": 1,
             "memoryLimit": 2, "diskUsed": 3, "diskLimit": 4, "objects": 5, "recovered": true}}""";
    private static final String LONG = "a".repeat(1001);

    private RunningControlPlane api;
    private Enrolled edge;
    private final Map<String, Write> table = new LinkedHashMap<>();

    /// One route, how it is called rightly, and how wrongly besides what is wrong for all.
    ///
    /// @param path with its places filled in
    /// @param body a good one; empty if there is none
    private record Write(String path, String token, String body, List<String> headers, List<Bad> bads) {

        Write ifMatch(String etag) {
            return new Write(path, token, body, List.of("If-Match", etag), bads);
        }

        Write refuses(String body, int status, String field) {
            return and(new Bad(Because.CONTENT, path, body, headers, status, field));
        }

        Write refusesAt(String otherPath, int status, String field) {
            return and(new Bad(Because.PLACE, otherPath, body, headers, status, field));
        }

        Write refusesWithout(int status) {
            return and(new Bad(Because.PRECONDITION, path, body, List.of(), status, ""));
        }

        Write refusesIfMatch(String etag, int status) {
            return and(new Bad(Because.PRECONDITION, path, body, List.of("If-Match", etag), status, "If-Match"));
        }

        private Write and(Bad bad) {
            return new Write(
                    path,
                    token,
                    body,
                    headers,
                    Stream.concat(bads.stream(), Stream.of(bad)).toList());
        }
    }

    /// One call that is to be refused.
    ///
    /// @param field what the problem document names; empty if it is the whole
    record Bad(Because because, String path, String body, List<String> headers, int status, String field) {
        enum Because {
            CONTENT,
            PLACE,
            PRECONDITION,
            COMMENT,
            QUERY,
            BODY
        }
    }

    private static Write write(String path, String token, String body) {
        return new Write(path, token, body, List.of(), List.of());
    }

    @BeforeAll
    void start(@TempDir Path data) throws Exception {
        api = new RunningControlPlane(data);
        edge = api.enrol("edge");
        fill();
    }

    @AfterAll
    void stop() {
        api.close();
    }

    private void fill() throws Exception {
        var admin = api.admin();
        var good = distribution("site", "site.test", "CachingOptimized", true);
        var site = body(api.post(admin, "/api/v1/distributions", good), Distributions.Item.class);
        body(
                api.post(admin, "/api/v1/distributions", distribution("other", "other.test", "CachingOptimized", true)),
                Distributions.Item.class);
        var distributions = "/api/v1/distributions/";
        var at = distributions + site.id();
        assertThat(api.post(admin, at + "/invalidations", "{\"paths\": [\"/a\"], \"callerReference\": \"used\"}")
                        .statusCode())
                .isEqualTo(201);
        publish();
        rollOutAndAbort();
        keepAccess();
        keepEdges();
        keepCertificates();
        keepPolicies();

        table.put(
                "POST /api/v1/distributions",
                write(distributions.substring(0, distributions.length() - 1), admin, good.replace("site", "third"))
                        .refuses("{}", 400, "name")
                        .refuses(good.replace("true", "\"yes\""), 400, "enabled")
                        .refuses(good.replace("\"site\", \"enabled\"", "\"a\\u0000\", \"enabled\""), 400, "name")
                        .refuses(good.replace("\"name\": \"site\"", "\"name\": \"" + LONG + "\""), 400, "name")
                        .refuses(good.replace("CachingOptimized", "none"), 400, "defaultCacheBehavior.cachePolicyId")
                        .refuses(good.replace("site.test", "new.test"), 409, "name")
                        .refuses(good.replace("\"site\", \"enabled", "\"new\", \"enabled"), 400, "aliases[0]"));
        table.put(
                "PUT /api/v1/distributions/{id}",
                write(at, admin, good)
                        .ifMatch(site.etag())
                        .refuses("{}", 400, "name")
                        .refuses(good.replace("8060", "\"80\""), 400, "origins[0].httpPort")
                        .refuses(good.replace("8060", "0"), 400, "origins[0].httpPort")
                        .refuses(good.replace("\"site\", \"enabled", "\"other\", \"enabled"), 409, "name")
                        .refuses(good.replace("site.test", "other.test"), 400, "aliases[0]")
                        .refusesAt(distributions + "none", 404, "")
                        .refusesWithout(428)
                        .refusesIfMatch("1", 400)
                        .refusesIfMatch("\"7\"", 412));
        table.put(
                "DELETE /api/v1/distributions/{id}",
                write(at, admin, "")
                        .ifMatch(site.etag())
                        .refusesAt(at, 409, "")
                        .refusesAt(distributions + "none", 404, "")
                        .refusesWithout(428)
                        .refusesIfMatch("\"7\"", 412));
        table.put(
                "POST /api/v1/distributions/{id}/versions/{version}/restore",
                write(at + "/versions/1/restore", admin, "")
                        .ifMatch(site.etag())
                        .refusesAt(at + "/versions/9/restore", 404, "")
                        .refusesAt(at + "/versions/x/restore", 404, "")
                        .refusesWithout(428)
                        .refusesIfMatch("\"7\"", 412));
        table.put(
                "POST /api/v1/distributions/{id}/invalidations",
                write(at + "/invalidations", admin, "{\"paths\": [\"/b\"]}")
                        .refuses("{}", 400, "paths")
                        .refuses("{\"paths\": \"/b\"}", 400, "paths")
                        .refuses("{\"paths\": [7]}", 400, "paths[0]")
                        .refuses("{\"paths\": [\"b\"]}", 400, "paths[0]")
                        .refuses("{\"paths\": [\"/" + "b".repeat(4000) + "\"]}", 400, "paths[0]")
                        .refuses("{\"paths\": [\"/b\"], \"soft\": 1}", 400, "soft")
                        .refuses("{\"paths\": [\"/b\"], \"callerReference\": \"\\u0000\"}", 400, "callerReference")
                        .refuses("{\"paths\": [\"/b\"], \"callerReference\": \"\\ud800\"}", 400, "callerReference")
                        .refuses("{\"paths\": [\"/b\"], \"callerReference\": \"used\"}", 409, "callerReference")
                        .refusesAt(at + "/invalidations?wait=soon", 400, "wait")
                        .refusesAt(at + "/invalidations?wait=all&wait=all", 400, "wait")
                        .refusesAt(distributions + "none/invalidations", 404, ""));
        keepConfiguration();
        keepSnapshots();
    }

    private void publish() throws Exception {
        assertThat(api.post(api.admin(), "/api/v1/snapshots", "").statusCode()).isEqualTo(201);
    }

    /// Snapshot 2 was tried, and is over.
    private void rollOutAndAbort() throws Exception {
        var path = "/api/v1/rollouts/2";
        var etag = "\"none\"";
        var beside = api.enrol("beside");
        try (var _ = new SimulatedEdge(api, edge);
                var _ = new SimulatedEdge(api, beside)) {
            await().until(() -> connected() == 2);
            var tried =
                    api.post(api.admin(), "/api/v1/snapshots", "{\"rollout\": {\"canaries\": {\"percentage\": 50}}}");
            assertThat(tried.statusCode()).as(tried.body()).isEqualTo(201);
            etag = api.get(api.admin(), path).headers().firstValue("ETag").orElseThrow();
            var aborted = api.call(api.admin(), "POST", path + "/abort", "", "If-Match", etag);
            assertThat(aborted.statusCode()).as(aborted.body()).isEqualTo(200);
        }
        await().until(() -> connected() == 0);
        for (var end : List.of("promote", "abort")) {
            table.put(
                    "POST /api/v1/rollouts/{version}/" + end,
                    write(path + "/" + end, api.admin(), "")
                            .ifMatch(etag)
                            .refusesAt(path + "/" + end, 409, "")
                            .refusesAt("/api/v1/rollouts/9/" + end, 404, "")
                            .refusesAt("/api/v1/rollouts/x/" + end, 404, "")
                            .refusesWithout(428));
        }
    }

    private long connected() throws Exception {
        return body(api.get(api.admin(), "/api/v1/edges"), Edges.class).items().stream()
                .filter(item -> item.state().equals("connected"))
                .count();
    }

    private void keepAccess() {
        var admin = api.admin();
        table.put(
                "POST /api/v1/login",
                write("/api/v1/login", "", "{\"username\": \"admin\", \"password\": \"wrong\"}")
                        .refuses("{}", 400, "username")
                        .refuses("{\"username\": \"admin\"}", 400, "password")
                        .refuses("{\"username\": 7, \"password\": \"x\"}", 400, "username")
                        .refuses("{\"username\": \"a\\u0000\", \"password\": \"x\"}", 400, "username")
                        .refuses("{\"username\": \"" + LONG + "\", \"password\": \"x\"}", 400, "username"));
        table.put(
                "POST /api/v1/password",
                write("/api/v1/password", admin, "{\"password\": \"wrong\", \"newPassword\": \"quite another one\"}")
                        .refuses("{}", 400, "password")
                        .refuses("{\"password\": \"wrong\"}", 400, "newPassword")
                        .refuses("{\"password\": \"wrong\", \"newPassword\": \"short\"}", 400, "newPassword")
                        .refuses(
                                "{\"password\": \"one and the same\", \"newPassword\": \"one and the same\"}",
                                400,
                                "newPassword")
                        .refuses(
                                "{\"password\": \"wrong\", \"newPassword\": \"quite\\u0000another one\"}",
                                400,
                                "newPassword")
                        .refuses("{\"password\": 7, \"newPassword\": \"quite another one\"}", 400, "password")
                        .refuses("{\"password\": \"x\", \"newPassword\": \"" + LONG + "\"}", 400, "newPassword"));
        table.put("POST /api/v1/logout", write("/api/v1/logout", admin, ""));
        table.put(
                "POST /api/v1/tokens",
                write("/api/v1/tokens", admin, "{\"name\": \"script\", \"role\": \"viewer\"}")
                        .refuses("{}", 400, "name")
                        .refuses("{\"name\": \"script\"}", 400, "role")
                        .refuses("{\"name\": \"script\", \"role\": \"root\"}", 400, "role")
                        .refuses("{\"name\": [], \"role\": \"viewer\"}", 400, "name")
                        .refuses("{\"name\": \"a\\u0000b\", \"role\": \"viewer\"}", 400, "name")
                        .refuses("{\"name\": \"a\\udc00b\", \"role\": \"viewer\"}", 400, "name")
                        .refuses("{\"name\": \"" + LONG + "\", \"role\": \"viewer\"}", 400, "name"));
        table.put(
                "DELETE /api/v1/tokens/{id}",
                write("/api/v1/tokens/none", admin, "").refusesAt("/api/v1/tokens/none", 404, ""));
    }

    private void keepEdges() throws Exception {
        var admin = api.admin();
        var path = "/api/v1/edges/" + edge.edgeId();
        var labels = "{\"labels\": {\"site\": \"ams\"}}";
        table.put(
                "PUT /api/v1/edges/{id}",
                write(path, admin, labels)
                        .ifMatch(api.get(admin, path)
                                .headers()
                                .firstValue("ETag")
                                .orElseThrow())
                        .refuses("{}", 400, "labels")
                        .refuses("{\"labels\": \"a\"}", 400, "labels")
                        .refuses("{\"labels\": {\"site\": 7}}", 400, "labels.site")
                        .refuses("{\"labels\": {\"site\": \"a\\u0000\"}}", 400, "labels.site")
                        .refuses("{\"labels\": {\"site\": \"" + LONG + "\"}}", 400, "labels.site")
                        .refuses("{\"labels\": {\"a b\": \"x\"}}", 400, "labels")
                        .refusesAt("/api/v1/edges/none", 404, "")
                        .refusesWithout(428)
                        .refusesIfMatch("\"7\"", 412));
        table.put("DELETE /api/v1/edges/{id}", write(path, admin, "").refusesAt("/api/v1/edges/none", 404, ""));
        for (var order : List.of("drain", "undrain", "rotate")) {
            table.put(
                    "POST /api/v1/edges/{id}/" + order,
                    write(path + "/" + order, admin, "").refusesAt("/api/v1/edges/none/" + order, 404, ""));
        }
        var tokens = "/api/v1/enrolment-tokens";
        table.put(
                "POST " + tokens,
                write(tokens, admin, "{\"name\": \"edge-2\"}")
                        .refuses("{\"name\": 7}", 400, "name")
                        .refuses("{\"name\": \"a\\u0000\"}", 400, "name")
                        .refuses("{\"name\": \"" + LONG + "\"}", 400, "name"));
        table.put(
                "DELETE " + tokens + "/{id}", write(tokens + "/none", admin, "").refusesAt(tokens + "/none", 404, ""));

        var token = body(api.post(admin, tokens, ""), EnrolmentToken.class).token();
        var enrolment = "{\"token\": \"%s\", \"name\": \"edge-3\", \"version\": \"1\"}".formatted(token);
        table.put(
                "POST /edge/v1/enrol",
                write("/edge/v1/enrol", "", enrolment)
                        .refuses("{}", 400, "token")
                        .refuses(enrolment.replace("\"edge-3\"", "7"), 400, "name")
                        .refuses(enrolment.replace("edge-3", "a\\u0000"), 400, "name")
                        .refuses(enrolment.replace("edge-3", LONG), 400, "name")
                        .refuses(enrolment.replace("\"1\"", "\"1\\u0000\""), 400, "version")
                        .refuses(enrolment.replace("\"1\"", "\"" + LONG + "\""), 400, "version")
                        .refuses(enrolment.replace("\"1\"", "\"1\", \"labels\": {\"site\": 1}"), 400, "labels.site")
                        .refuses(enrolment.replace(token, "none"), 401, "")
                        .refuses(enrolment.replace("edge-3", "edge"), 409, ""));
        table.put(
                "POST /edge/v1/credential",
                write("/edge/v1/credential", edge.credential(), "").refusesAt("/edge/v1/credential", 409, ""));
        table.put(
                "POST /edge/v1/reports",
                write("/edge/v1/reports", edge.credential(), REPORT)
                        .refuses("{}", 400, "snapshotVersion")
                        .refuses(REPORT.replace("\"runId\": \"run\", ", ""), 400, "runId")
                        .refuses(REPORT.replace("\"run\"", "\"" + LONG + "\""), 400, "runId")
                        .refuses(REPORT.replace("\"e\"", "\"\\u0000\""), 400, "epoch")
                        .refuses(REPORT.replace("\"position\": 0", "\"position\": \"0\""), 400, "position")
                        .refuses(REPORT.replace("\"position\": 0", "\"position\": -1"), 400, "position")
                        .refuses(
                                REPORT.replace("\"snapshotVersion\": 1", "\"snapshotVersion\": -1"),
                                400,
                                "snapshotVersion")
                        .refuses(REPORT.replace("\"objects\": 5", "\"objects\": -5"), 400, "cache")
                        .refuses(REPORT.replace("\"counters\": []", "\"counters\": {}"), 400, "counters")
                        .refuses(
                                REPORT.replace("\"counters\": []", "\"counters\": [" + belowZero() + "]"),
                                400,
                                "counters[0]")
                        .refuses(
                                REPORT.replace(
                                        "\"counters\": []",
                                        "\"counters\": [], \"service\": {\"serverErrors\": -1, \"latency\": []}"),
                                400,
                                "service.serverErrors")
                        .refuses(
                                REPORT.replace(
                                        "\"counters\": []",
                                        "\"counters\": [], \"service\": {\"serverErrors\": 1, \"latency\": [-1]}"),
                                400,
                                "service.latency")
                        .refuses(
                                REPORT.replace("\"counters\": []", "\"counters\": [" + counters(LONG) + "]"),
                                400,
                                "counters[0].distributionId")
                        .refuses(
                                REPORT.replace(
                                        "\"counters\": []", "\"counters\": [], \"certificates\": [{\"version\": 1}]"),
                                400,
                                "certificates[0].id")
                        .refuses(
                                REPORT.replace("\"counters\": []", "\"counters\": [], \"refused\": {\"version\": 1}"),
                                400,
                                "refused.problems"));
        table.put(
                "POST /edge/v1/answers",
                write("/edge/v1/answers", edge.credential(), "{\"questionId\": \"none\", \"problem\": \"none\"}")
                        .refuses("{}", 400, "questionId")
                        .refuses("{\"questionId\": 7}", 400, "questionId")
                        .refuses("{\"questionId\": \"none\"}", 404, ""));
        table.put(
                "POST /api/v1/explain",
                write("/api/v1/explain", admin, "{\"url\": \"http://site.test/\"}")
                        .refuses("{}", 400, "url")
                        .refuses("{\"url\": 7}", 400, "url")
                        .refuses("{\"url\": \"site.test\"}", 400, "url")
                        .refuses("{\"url\": \"http://site.test/\", \"edge\": \"none\"}", 400, "edge")
                        .refuses("{\"url\": \"http://site.test/\", \"headers\": {\"a b\": \"x\"}}", 400, "headers"));
        table.put("POST /api/v1/backups", write("/api/v1/backups", admin, ""));
    }

    private static String belowZero() {
        return counters("site").replaceFirst(":\\s*\\d+", ": -1");
    }

    private static String counters(String distribution) {
        var names = Stream.of(
                "hits",
                "refreshHits",
                "stales",
                "collapsed",
                "misses",
                "passes",
                "errors",
                "hitBytes",
                "refreshHitBytes",
                "staleBytes",
                "collapsedBytes",
                "missBytes",
                "passBytes",
                "errorBytes",
                "originBytes");
        return "{\"distributionId\": \"%s\", %s}"
                .formatted(
                        distribution, names.map(name -> "\"" + name + "\": 0").collect(Collectors.joining(", ")));
    }

    private void keepCertificates() throws Exception {
        var path = "/api/v1/certificates";
        var root = Authority.root("Root");
        var issued = root.issue("shop.example");
        var foreign = root.issue("shop.example");
        var shop = Json.write(new NewCertificate("shop", issued.pem() + root.pem(), issued.key()));
        var strange = Json.write(new NewCertificate("strange", issued.pem() + root.pem(), foreign.key()));
        var item = body(api.post(api.admin(), path, shop), Certificates.Item.class);
        table.put(
                "POST " + path,
                write(path, api.admin(), shop.replace("\"shop\"", "\"new\""))
                        .refuses("{}", 400, "certificate")
                        .refuses(shop.replace("\"shop\"", "7"), 400, "name")
                        .refuses(shop.replace("\"shop\"", "\"a\\u0000\""), 400, "name")
                        .refuses(shop.replace("\"shop\"", "\"" + LONG + "\""), 400, "name")
                        .refuses("{\"name\": \"x\", \"certificate\": 7, \"privateKey\": \"x\"}", 400, "certificate")
                        .refuses(strange, 400, "privateKey")
                        .refuses(shop, 409, "name"));
        table.put(
                "PUT " + path + "/{id}",
                write(path + "/" + item.id(), api.admin(), shop)
                        .ifMatch(item.etag())
                        .refuses("{}", 400, "certificate")
                        .refuses(strange, 400, "privateKey")
                        .refusesAt(path + "/none", 404, "")
                        .refusesWithout(428)
                        .refusesIfMatch("\"7\"", 412));
        table.put(
                "DELETE " + path + "/{id}",
                write(path + "/" + item.id(), api.admin(), "")
                        .ifMatch(item.etag())
                        .refusesAt(path + "/none", 404, "")
                        .refusesWithout(428)
                        .refusesIfMatch("\"7\"", 412));
    }

    /// The three kinds are refused alike; where a field is theirs alone, the table of its reader has it.
    private void keepPolicies() throws Exception {
        var managed = Map.of(
                POLICIES,
                "658327ea-f89d-4fab-a63d-7e88639e58f6",
                "/api/v1/origin-request-policies",
                "216adef6-5c7f-47e4-b989-5492eafa07d3",
                "/api/v1/response-headers-policies",
                "60669652-455b-4ae9-85a4-c4c02393f86c");
        for (var path : managed.keySet()) {
            var first = policy(path, "first");
            var made = api.post(api.admin(), path, first);
            assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
            assertThat(api.post(api.admin(), path, policy(path, "second")).statusCode())
                    .isEqualTo(201);
            var at = made.headers().firstValue("Location").orElseThrow();
            var etag = made.headers().firstValue("ETag").orElseThrow();
            table.put(
                    "POST " + path,
                    write(path, api.admin(), policy(path, "third"))
                            .refuses("{}", 400, "name")
                            .refuses(policy(path, "a\\u0000"), 400, "name")
                            .refuses(policy(path, LONG), 400, "name")
                            .refuses(first.replace("\"first\"", "7"), 400, "name")
                            .refuses(first.replace("\"first\"", "\"c\", \"comment\": \"" + LONG + "\""), 400, "comment")
                            .refuses(first, 409, "name"));
            table.put(
                    "PUT " + path + "/{id}",
                    write(at, api.admin(), first)
                            .ifMatch(etag)
                            .refuses("{}", 400, "name")
                            .refuses(first.replace("\"first\"", "[]"), 400, "name")
                            .refuses(policy(path, "second"), 409, "name")
                            .refusesAt(path + "/none", 404, "")
                            .refusesAt(path + "/" + managed.get(path), 409, "")
                            .refusesWithout(428)
                            .refusesIfMatch("W/\"1\"", 400)
                            .refusesIfMatch("\"7\"", 412));
            table.put(
                    "DELETE " + path + "/{id}",
                    write(at, api.admin(), "")
                            .ifMatch(etag)
                            .refusesAt(path + "/none", 404, "")
                            .refusesAt(path + "/" + managed.get(path), 409, "")
                            .refusesWithout(428)
                            .refusesIfMatch("\"7\"", 412));
            table.put(
                    "POST " + path + "/{id}/versions/{version}/restore",
                    write(at + "/versions/1/restore", api.admin(), "")
                            .ifMatch(etag)
                            .refusesAt(at + "/versions/9/restore", 404, "")
                            .refusesAt(path + "/" + managed.get(path) + "/versions/1/restore", 409, "")
                            .refusesWithout(428)
                            .refusesIfMatch("\"7\"", 412));
        }
    }

    private static String policy(String path, String name) {
        return switch (path) {
            case POLICIES -> cachePolicy(name, 60);
            case "/api/v1/origin-request-policies" -> "{\"name\": \"" + name + "\"}";
            default ->
                "{\"name\": \"" + name + "\", \"customHeadersConfig\": [{\"header\": \"x-a\", \"value\": \"b\"}]}";
        };
    }

    private void keepConfiguration() throws Exception {
        var path = "/api/v1/config";
        var admin = api.admin();
        var bad = "{\"cachePolicies\": [{\"name\": \"a b\"}]}";
        table.put(
                "PUT " + path,
                write(path, admin, "{}")
                        .refuses("{}", 428, "If-Match")
                        .refuses("{\"cachePolicies\": 7}", 400, "cachePolicies")
                        .refuses(bad, 400, "cachePolicies[0].name")
                        .refusesAt(path + "?dryRun=maybe", 400, "dryRun")
                        .refusesAt(path + "?dryrun=true", 400, "dryrun")
                        .refusesAt(path + "?dryRun=true&dryRun=false", 400, "dryRun")
                        .refusesIfMatch("1", 400)
                        .refusesIfMatch("\"old\"", 412));
        table.put(
                "POST " + path,
                write(path, admin, "{}")
                        .refuses("{\"distributions\": {}}", 400, "distributions")
                        .refuses(bad, 400, "cachePolicies[0].name")
                        .refusesIfMatch("1", 400)
                        .refusesIfMatch("\"old\"", 412));
        table.put(
                "DELETE /api/v1/draft",
                write("/api/v1/draft", admin, "").refusesIfMatch("1", 400).refusesIfMatch("\"old\"", 412));
        // Adding nothing is no mistake.
        assertThat(body(api.post(admin, path, "{}"), Imported.class).items()).isEmpty();
    }

    private void keepSnapshots() {
        var admin = api.admin();
        var path = "/api/v1/snapshots";
        for (var at : List.of(path, path + "/1/rollback")) {
            table.put(
                    "POST " + at.replace("/1/", "/{version}/"),
                    write(at, admin, "{}")
                            .refuses("{\"comment\": 7}", 400, "comment")
                            .refuses("{\"comment\": \"a\\u0000b\"}", 400, "comment")
                            .refuses("{\"comment\": \"a\\ud800b\"}", 400, "comment")
                            .refuses("{\"comment\": \"" + LONG + "\"}", 400, "comment")
                            .refuses("{\"rollout\": {}}", 400, "rollout.canaries")
                            .refuses(
                                    "{\"rollout\": {\"canaries\": {\"percentage\": 0}}}",
                                    400,
                                    "rollout.canaries.percentage")
                            .refuses(
                                    "{\"rollout\": {\"canaries\": {\"percentage\": 5}, \"duration\": \"x\"}}",
                                    400,
                                    "rollout.duration")
                            .refusesIfMatch("1", 400)
                            .refusesIfMatch("\"old\"", 412));
        }
        table.computeIfPresent(
                "POST /api/v1/snapshots/{version}/rollback",
                (_, write) -> write.refusesAt(path + "/99/rollback", 404, "").refusesAt(path + "/x/rollback", 404, ""));
    }

    // ---- what is wrong for all

    private static List<Bad> all(Route route, Write write) {
        var bads = new ArrayList<>(write.bads());
        var path = write.path();
        bads.add(new Bad(Because.QUERY, path + "?surprise=1", write.body(), write.headers(), 400, "surprise"));
        bads.add(new Bad(Because.COMMENT, path + "?comment=%00", write.body(), write.headers(), 400, "comment"));
        bads.add(new Bad(Because.COMMENT, path + "?comment=" + LONG, write.body(), write.headers(), 400, "comment"));
        bads.add(
                new Bad(Because.COMMENT, path + "?comment=a&comment=b", write.body(), write.headers(), 400, "comment"));
        if (route.body() == Route.Body.NONE) {
            bads.add(new Bad(Because.BODY, path, "{}", write.headers(), 400, ""));
            return bads;
        }
        var body = write.body();
        var surprised =
                body.substring(0, body.lastIndexOf('}')) + (body.contains(":") ? ", " : "") + "\"surprise\": 1}";
        var twice = "{\"surprise\": 1, \"surprise\": 1}";
        // An edge may be of a later release than the control plane.
        if (!route.path().startsWith("/edge/")) {
            bads.add(new Bad(Because.BODY, path, surprised, write.headers(), 400, "surprise"));
        }
        bads.add(new Bad(Because.BODY, path, twice, write.headers(), 400, "surprise"));
        for (var broken : List.of("{", "[]", "7", "null", body + "}", "[".repeat(10_000))) {
            bads.add(new Bad(Because.BODY, path, broken, write.headers(), 400, ""));
        }
        var padded = body + " ".repeat(route.largestBody() + 1 - body.length());
        bads.add(new Bad(Because.BODY, path, padded, write.headers(), 413, ""));
        if (route.body() == Route.Body.REQUIRED) {
            bads.add(new Bad(Because.BODY, path, "", write.headers(), 400, ""));
        }
        return bads;
    }

    @Test
    void noRouteThatChangesSomethingIsForgotten() {
        assertThat(new TreeSet<>(table.keySet()))
                .isEqualTo(changes().map(WriteRoutesTest::name).collect(Collectors.toCollection(TreeSet::new)));
    }

    private Stream<Route> changes() {
        return api.controlPlane().routes().routes().stream()
                .filter(route -> !route.method().equals("GET"));
    }

    private static String name(Route route) {
        return route.method() + " " + route.path();
    }

    @TestFactory
    Stream<DynamicTest> refusesWhatIsWrongAndStoresNothing() {
        return changes()
                .map(route -> DynamicTest.dynamicTest(name(route), () -> {
                    var write = Objects.requireNonNull(table.get(name(route)), name(route));
                    var before = stored();
                    assertAll(all(route, write).stream().map(bad -> () -> refuses(route, write, bad)));
                    assertThat(stored()).isEqualTo(before);
                }));
    }

    private void refuses(Route route, Write write, Bad bad) throws Exception {
        var headers = bad.headers().toArray(String[]::new);
        var refused = api.call(write.token(), route.method(), bad.path(), bad.body(), headers);

        var what = name(route) + " with " + shortened(bad) + ": " + refused.body();
        assertThat(refused.statusCode()).as(what).isEqualTo(bad.status());
        assertThat(refused.headers().firstValue("Content-Type")).as(what).contains("application/problem+json");
        var problem = body(refused, ProblemDocument.class);
        assertThat(problem.status()).as(what).isEqualTo(bad.status());
        if (bad.field().isEmpty()) return;
        assertThat(Objects.requireNonNull(problem.problems()))
                .as(what)
                .anySatisfy(entry -> assertThat(entry.path()).isEqualTo(bad.field()))
                .allSatisfy(entry -> assertThat(entry.message()).isNotBlank());
    }

    private static String shortened(Bad bad) {
        var text = bad.toString();
        return text.length() > 300 ? text.substring(0, 300) + "…" : text;
    }

    /// Everything that a change could have left behind.
    private Map<String, String> stored() throws Exception {
        var all = new LinkedHashMap<String, String>();
        for (var path : List.of(
                "audit",
                "config",
                "draft",
                "snapshots",
                "rollouts",
                "distributions",
                "certificates",
                "invalidations",
                "edges",
                "tokens",
                "enrolment-tokens")) {
            HttpResponse<String> shown = api.get(api.admin(), "/api/v1/" + path);
            assertThat(shown.statusCode()).as(path).isEqualTo(200);
            all.put(path, shown.body());
        }
        return all;
    }
}

package dev.nearside.load.scenario;

import static io.gatling.javaapi.core.CoreDsl.StringBody;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.jsonPath;
import static io.gatling.javaapi.core.CoreDsl.percent;
import static io.gatling.javaapi.core.CoreDsl.randomSwitch;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.http.HttpDsl.header;
import static io.gatling.javaapi.http.HttpDsl.http;
import static io.gatling.javaapi.http.HttpDsl.status;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.ScenarioBuilder;
import java.time.Duration;
import java.util.Random;

/// What people and scripts ask of a control plane, each with a session of their own: looking around, saving on what
/// they read, publishing, and ordering invalidations whose receipts they read.
///
/// Several of them meet on the same documents, on purpose: whoever comes second is told so with 412 or 409, reads
/// again, and that is no failure. Anything else is.
public final class ApiClient {

    /// How many cache policies the writers share.
    private static final int DOCUMENTS = 4;

    private static final Duration THINKING = Duration.ofMillis(200);

    private static final String API = "/api/v1";
    private static final String POLICY = API + "/cache-policies/#{policy}";

    private final Random random;

    public ApiClient(Random random) {
        this.random = random;
    }

    /// What the writers write on: policies and a distribution of their own, which nothing else uses. It may all be
    /// there from an earlier run.
    public ScenarioBuilder preparing() {
        var policies = new StringBuilder();
        for (int i = 0; i < DOCUMENTS; i++) policies.append(i == 0 ? "" : ", ").append(policy(i, 60));
        return scenario("preparing")
                .exec(http("preparation")
                        .post(API + "/config")
                        .header("If-Match", "*")
                        .body(StringBody("""
                                {"cachePolicies": [%s],
                                 "distributions": [{"name": "api-load", "enabled": true, "aliases": ["api-load.invalid"],
                                   "origins": [{"id": "site", "domainName": "origin.invalid"}],
                                   "defaultCacheBehavior": {"targetOriginId": "site", "viewerProtocolPolicy": "allow-all",
                                     "cachePolicyId": "api-load-0"}}]}
                                """.formatted(policies)))
                        .asJson()
                        .check(status().is(200)));
    }

    public ScenarioBuilder asScenario() {
        return scenario("a caller of the API")
                .exec(found())
                .randomSwitch()
                .on(
                        percent(60.0).then(looking()),
                        percent(20.0).then(saving()),
                        percent(15.0).then(invalidating()),
                        percent(5.0).then(publishing()));
    }

    private ChainBuilder found() {
        return exec(
                http("list of distributions")
                        .get(API + "/distributions")
                        .check(
                                status().is(200),
                                jsonPath("$.items[?(@.config.name=='api-load')].id")
                                        .saveAs("distribution")),
                http("list of policies")
                        .get(API + "/cache-policies?type=custom")
                        .check(
                                status().is(200),
                                jsonPath(_ -> "$.items[?(@.config.name=='api-load-%d')].id"
                                                .formatted(random.nextInt(DOCUMENTS)))
                                        .saveAs("policy")));
    }

    private static ChainBuilder looking() {
        return exec(
                        read("distribution", "/distributions/#{distribution}"),
                        read("policy", "/cache-policies/#{policy}"),
                        read("versions", "/cache-policies/#{policy}/versions"))
                .pause(THINKING)
                .exec(
                        read("draft", "/draft"),
                        read("snapshots", "/snapshots"),
                        read("edges", "/edges"),
                        read("receipts", "/invalidations?maxItems=10"))
                .pause(THINKING)
                .exec(read("metrics", "/metrics"), read("whole configuration", "/config"));
    }

    private static ChainBuilder read(String what, String path) {
        return exec(http(what).get(API + path).check(status().is(200)));
    }

    private ChainBuilder saving() {
        return exec(http("policy")
                        .get(POLICY)
                        .check(
                                status().is(200),
                                header("ETag").saveAs("etag"),
                                jsonPath("$.config.name").saveAs("name")))
                .pause(THINKING)
                .exec(http("save")
                        .put(POLICY + "?comment=load")
                        .header("If-Match", "#{etag}")
                        .body(StringBody(session -> {
                            var name = session.getString("name");
                            return "{\"name\": \"%s\", \"minTTL\": 0, \"defaultTTL\": %d, \"maxTTL\": 3600}"
                                    .formatted(name, random.nextInt(3600));
                        }))
                        .asJson()
                        .check(status().in(200, 412)));
    }

    private ChainBuilder invalidating() {
        return exec(http("invalidation")
                        .post(API + "/distributions/#{distribution}/invalidations")
                        .body(StringBody(_ -> "{\"paths\": [\"/load/%d\", \"/load/%d/*\"]}"
                                .formatted(random.nextInt(100_000), random.nextInt(100_000))))
                        .asJson()
                        .check(status().is(201), jsonPath("$.id").saveAs("invalidation")))
                .pause(THINKING)
                .exec(read("receipt", "/distributions/#{distribution}/invalidations/#{invalidation}"));
    }

    /// What is published names the draft that was read.
    private static ChainBuilder publishing() {
        return exec(http("draft")
                        .get(API + "/draft")
                        .check(status().is(200), header("ETag").saveAs("etag")))
                .exec(randomSwitch()
                        .on(
                                percent(80.0)
                                        .then(exec(http("publish")
                                                .post(API + "/snapshots")
                                                .header("If-Match", "#{etag}")
                                                .check(status().in(201, 409, 412)))),
                                percent(20.0)
                                        .then(exec(http("publish whatever is there")
                                                .post(API + "/snapshots")
                                                .check(status().in(201, 409))))));
    }

    private static String policy(int number, int seconds) {
        return "{\"name\": \"api-load-%d\", \"minTTL\": 0, \"defaultTTL\": %d, \"maxTTL\": 3600}"
                .formatted(number, seconds);
    }
}

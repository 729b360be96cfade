package dev.nearside.edge;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.nearside.edge.ScriptedOrigin.Say;
import dev.nearside.model.check.Checked;
import dev.nearside.model.wire.Json;
import dev.nearside.model.wire.api.ExplainRequest;
import dev.nearside.model.wire.api.Explanation;
import dev.nearside.model.wire.api.ProblemDocument;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What an operator is told of a request, in words.
class ExplainScenarioTest {

    private static final HandMovedClock CLOCK = new HandMovedClock();
    private static ScriptedOrigin origin;
    private static RunningEdge edge;

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        origin = new ScriptedOrigin();
        edge = new RunningEdge(folder, """
                {"distributions": [{"name": "site", "aliases": ["127.0.0.1", "www.test"],
                  "cacheTagConfig": {"headerName": "Cache-Tag"},
                  "origins": [
                    {"id": "one", "domainName": "127.0.0.1", "httpPort": %d, "originProtocolPolicy": "http-only",
                     "customHeaders": [{"name": "X-Secret", "value": "sesame"}]},
                    {"id": "two", "domainName": "127.0.0.1", "httpPort": 1024, "originProtocolPolicy": "http-only"}],
                  "originGroups": [{"id": "either", "failoverCriteria": {"statusCodes": [503, 500]},
                    "members": [{"originId": "one"}, {"originId": "two"}]}],
                  "defaultCacheBehavior": {"targetOriginId": "either", "cachePolicyId": "pages", "originRequestPolicyId": "AllViewer"},
                  "cacheBehaviors": [
                    {"pathPattern": "/API/*", "targetOriginId": "one", "cachePolicyId": "CachingDisabled"},
                    {"pathPattern": "/secure/*", "targetOriginId": "one", "cachePolicyId": "pages", "viewerProtocolPolicy": "redirect-to-https"},
                    {"pathPattern": "/only/*", "targetOriginId": "one", "cachePolicyId": "pages", "viewerProtocolPolicy": "https-only"}]},
                   {"name": "here", "aliases": ["here.test"], "restrictions": {"geoRestriction": {"restrictionType": "whitelist", "items": ["AT"]}},
                  "origins": [{"id": "one", "domainName": "127.0.0.1", "httpPort": 1024, "originProtocolPolicy": "http-only"}],
                  "defaultCacheBehavior": {"targetOriginId": "one", "cachePolicyId": "pages"}}],
                 "cachePolicies": [{"name": "pages", "minTTL": 0, "defaultTTL": 20, "maxTTL": 30,
                   "queryStringsConfig": {"queryStringBehavior": "whitelist", "queryStrings": ["q"]},
                   "cookiesConfig": {"cookieBehavior": "whitelist", "cookies": ["a"]}}]}
                """.formatted(origin.port()), CLOCK);
        await().atMost(Duration.ofSeconds(30))
                .until(() -> edge.management("/health/ready").equals("ready\n"));
    }

    @AfterAll
    static void stop() {
        edge.close();
        origin.close();
    }

    private static ExplainRequest question(String url, Map<String, String> headers) {
        return new ExplainRequest(url, null, headers, null, null);
    }

    private static String url(String path) {
        return "http://www.test" + path;
    }

    private static String local(String path) {
        return "http://127.0.0.1:" + edge.port() + path;
    }

    /// Asks as the explained viewer would, and waits until what came is stored.
    private static void visit(String path) throws IOException, InterruptedException {
        edge.read(path);
        await().until(() -> edge.explain(question(local(path), Map.of())).stored() != null);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            # method | url                        | what it comes to          | and the sentence
            GET      | http://nobody.test/        | refused 403 unknown-host  | Refused: no distribution has the alias nobody.test, nor a wildcard that covers it.
            GET      | http://www.test/only/x     | refused 403 https-only    | Refused: the behavior of /only/x answers HTTPS only.
            GET      | http://www.test/secure/x?y | redirected 301 redirected | Redirected to https://www.test/secure/x?y: the behavior wants HTTPS.
            POST     | http://www.test/x          | refused 403 method-not-allowed | Refused: the behavior of /x does not allow this method.
            GET      | http://www.test/a\\b        | refused 400 bad-path      | Refused: the path holds a NUL, another control character or a backslash.
            GET      | https://www.test/only/x    | miss not-found            | Fetched from the origin: nothing is stored under this key.
            GET      | http://www.test/API/x      | pass caching-disabled     | Sent to the origin past the cache: cache policy Managed-CachingDisabled, with all its TTLs zero, caches nothing.
            GET      | http://www.test/a%2Fb      | pass path-ambiguous       | Sent to the origin past the cache: decoded once more the path could belong to another behavior.
            """)
    void saysWhatItComesTo(String method, String url, String outcome, String sentence) throws Exception {
        var told = edge.explain(new ExplainRequest(url, method, null, null, null));

        var refusal = told.refusal();
        assertThat(told.outcome() + (refusal == null ? "" : " " + refusal.status()) + " " + told.why())
                .isEqualTo(outcome);
        assertThat(told.sentence()).isEqualTo(sentence);
    }

    @Test
    void listsTheTagsOfWhatIsStored() throws Exception {
        origin.on("/tagged", Say.ok("x", "Cache-Control", "max-age=600", "Cache-Tag", "Product:42, sale"));
        visit("/tagged");
        origin.on("/untagged", Say.ok("x", "Cache-Control", "max-age=600"));
        visit("/untagged");

        assertThat(requireNonNull(edge.explain(question(local("/tagged"), Map.of()))
                                .stored())
                        .tags())
                .containsExactly("product:42", "sale");
        assertThat(requireNonNull(edge.explain(question(local("/untagged"), Map.of()))
                                .stored())
                        .tags())
                .isEmpty();
    }

    @Test
    void saysWhyAPageIsStale() throws Exception {
        origin.on("/stale", Say.ok("x", "Cache-Control", "max-age=600", "ETag", "\"1\"", "Age", "3"));
        visit("/stale");
        CLOCK.pass(Duration.ofSeconds(40));

        var told = edge.explain(question(local("/stale"), Map.of()));

        assertThat(told.sentence())
                .isEqualTo("The stored copy's life of 30 s (Max TTL) ended 13 s ago; the origin is asked whether it is "
                        + "still good (ETag); should the origin fail, the copy stands in.");
        var stored = requireNonNull(told.stored());
        assertThat(stored.age()).isEqualTo(43);
        assertThat(stored.ageSteps())
                .containsExactly(
                        new Explanation.Step("Age that it arrived with", 3, true),
                        new Explanation.Step("time of the fetch", 0, true),
                        new Explanation.Step("arrival less Date", 0, false),
                        new Explanation.Step("time since arrival", 40, true));
        assertThat(stored.lifetimeSteps())
                .containsExactly(
                        new Explanation.Step("max-age", 600, false), new Explanation.Step("Max TTL", 30, true));
        assertThat(stored.windows())
                .containsExactly(
                        new Explanation.Window(
                                "while it is refreshed", null, false, "the origin did not say stale-while-revalidate"),
                        new Explanation.Window("when the origin fails", null, true, "allowed"));
    }

    @Test
    void saysWhichPatternsWereTried() throws Exception {
        var told = requireNonNull(
                edge.explain(question(url("/api/../api//x"), Map.of())).match());

        assertThat(told.path()).isEqualTo("/api/x");
        assertThat(told.behavior()).isEqualTo("*");
        assertThat(told.tried())
                .containsExactly(
                        new Explanation.Tried("/API/*", false, "/api/x differs in case, which counts"),
                        new Explanation.Tried("/secure/*", false, "/api/x does not match"),
                        new Explanation.Tried("/only/*", false, "/api/x does not match"),
                        new Explanation.Tried("*", true, "the default behavior answers whatever no other one matches"));
    }

    @Test
    void saysWhatIsInTheKeyAndWhy() throws Exception {
        var asked = question(url("/key?z=1&q=2"), Map.of("Cookie", "a=secret; b=hidden", "Accept-Language", "de"));
        var key = requireNonNull(edge.explain(asked).key());

        assertThat(key.parts())
                .extracting(part -> part.part() + " " + part.value() + ": " + part.because())
                .containsExactly(
                        "distribution site: distributions share nothing with each other",
                        "path /key: always, as the viewer has sent it",
                        "policy h.c+1:a.q+1:q.: what cache policy pages selects, so that no other policy's objects are met",
                        "query q=2: cache policy pages keys on these query parameters: q",
                        "accept-encoding null: cache policy pages tells no encodings apart",
                        "cookies a=…: cache policy pages keys on these cookies: a");
    }

    @Test
    void saysWhatVaries() throws Exception {
        origin.on("/vary", Say.ok("x", "Cache-Control", "max-age=600", "Vary", "Accept-Language"));
        visit("/vary");

        var told = edge.explain(question(local("/vary"), Map.of("Accept-Language", "de")));

        assertThat(told.why()).isEqualTo("variant-not-found");
        assertThat(told.sentence())
                .isEqualTo(
                        "Fetched from the origin: copies for other values of accept-language are stored, none for these.");
        assertThat(requireNonNull(told.key()).variesOn()).containsExactly("accept-language");
    }

    @Test
    void hidesWhatIsSecret() throws Exception {
        var asked = question(url("/x"), Map.of("Authorization", "Bearer token", "Cookie", "a=crumb; session=biscuit"));
        var told = edge.explain(asked);
        var sent = requireNonNull(told.toOrigin());

        assertThat(sent.headers())
                .contains(
                        new Explanation.Header("Authorization", "(hidden)"),
                        new Explanation.Header("Cookie", "a=…; session=…"),
                        new Explanation.Header("X-Secret", "(fixed for this origin, hidden)"));
        assertThat(Json.write(told)).doesNotContain("token", "crumb", "biscuit", "sesame");
    }

    @Test
    void saysWhichOriginsAreAsked() throws Exception {
        var sent = requireNonNull(edge.explain(question(url("/x"), Map.of())).toOrigin());

        assertThat(sent.origins())
                .containsExactly(
                        new Explanation.Asked("one", "http://127.0.0.1:" + origin.port(), "first of the group"),
                        new Explanation.Asked("two", "http://127.0.0.1:1024", "second of the group, after 500, 503"));
    }

    @Test
    void aQuestionLeavesNoTrace() throws Exception {
        edge.explain(question(url("/untouched"), Map.of()));

        assertThat(origin.trips("/untouched")).isEmpty();
        assertThat(edge.logged()).noneMatch(line -> line.contains("/untouched"));
        assertThat(edge.explain(question(url("/untouched"), Map.of())).stored()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "GET,  http://www.test/secure/x, /secure/*",
        "GET,  http://www.test/only/x,   /only/*",
        "POST, http://www.test/x,        *"
    })
    void saysWhichBehaviorSendsViewersAway(String method, String url, String behavior) throws Exception {
        var told = edge.explain(new ExplainRequest(url, method, Map.of(), null, null));

        assertThat(requireNonNull(told.match()).behavior()).isEqualTo(behavior);
        assertThat(requireNonNull(told.refusal()).status()).isGreaterThan(300);
    }

    @Test
    void saysThatTheCountryIsUnknown() throws Exception {
        assertThat(edge.explain(question("http://here.test/", Map.of())).sentence())
                .endsWith(
                        " The viewer's country is unknown (see --geoip of the edge), so the geo restriction lets it in.");
        assertThat(edge.explain(question(url("/x"), Map.of())).sentence()).doesNotContain("country");
    }

    @Test
    void saysWhatTypeAQuestionHas() throws Exception {
        assertThat(edge.explain("POST", "text/plain", "{}").body())
                .contains("Content-Type: text/plain (expected: application/json)");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            # method | type             | body              | status | problem
            GET      | application/json | {}                | 405    | ``
            POST     | text/plain       | {}                | 415    | ``
            POST     | application/json | {}                | 400    | url
            POST     | application/json | {"url": 5}        | 400    | url
            POST     | application/json | {                 | 400    | ``
            """)
    void aBadQuestionIsRefused(String method, String type, String body, int status, String problem) throws Exception {
        var answer = edge.explain(method, type, body);

        assertThat(answer.statusCode()).isEqualTo(status);
        var document = switch (Json.read(answer.body(), ProblemDocument.class)) {
            case Checked.Valid<ProblemDocument>(var value) -> value;
            case Checked.Invalid<ProblemDocument>(var problems) -> throw new AssertionError(problems.toString());
        };
        if (status == 400) {
            assertThat(requireNonNull(document.problems()))
                    .extracting(ProblemDocument.Entry::path)
                    .containsExactly(problem);
        }
    }
}

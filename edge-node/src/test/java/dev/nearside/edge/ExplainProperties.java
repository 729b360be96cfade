package dev.nearside.edge;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.nearside.edge.ScriptedOrigin.Say;
import dev.nearside.edge.http.Headers;
import dev.nearside.model.wire.api.ExplainRequest;
import dev.nearside.model.wire.api.Explanation;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/// What the node says that it would do is what it then does.
class ExplainProperties {

    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final HandMovedClock CLOCK = new HandMovedClock();

    @SuppressWarnings("NullAway.Init") // before the first try
    private static ScriptedOrigin origin;

    @SuppressWarnings("NullAway.Init") // before the first try
    private static RunningEdge edge;

    /// What happens: some time passes, then somebody asks.
    record Move(int seconds, String method, String kind, Map<String, String> headers, String query) {}

    @BeforeContainer
    static void start() throws IOException {
        origin = new ScriptedOrigin();
        var folder = Files.createTempDirectory("explain");
        edge = new RunningEdge(folder, configuration(origin.port()), CLOCK);
        await().atMost(Duration.ofSeconds(30))
                .until(() -> edge.management("/health/ready").equals("ready\n"));
    }

    @AfterContainer
    static void stop() {
        edge.close();
        origin.close();
    }

    private static String configuration(int port) {
        return """
                {"distributions": [{"name": "site", "aliases": ["127.0.0.1"], "defaultRootObject": "index.html",
                  "origins": [{"id": "o", "domainName": "127.0.0.1", "httpPort": %d, "originProtocolPolicy": "http-only",
                    "customHeaders": [{"name": "X-Secret", "value": "sesame"}]}],
                  "defaultCacheBehavior": {"targetOriginId": "o", "cachePolicyId": "plain"},
                  "cacheBehaviors": [
                    {"pathPattern": "/secure/*", "targetOriginId": "o", "cachePolicyId": "plain", "viewerProtocolPolicy": "redirect-to-https"},
                    {"pathPattern": "/only/*", "targetOriginId": "o", "cachePolicyId": "plain", "viewerProtocolPolicy": "https-only"},
                    {"pathPattern": "/off/*", "targetOriginId": "o", "cachePolicyId": "CachingDisabled", "originRequestPolicyId": "AllViewer",
                     "allowedMethods": ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"]},
                    {"pathPattern": "/vary/*", "targetOriginId": "o", "cachePolicyId": "plain", "originRequestPolicyId": "AllViewer"},
                    {"pathPattern": "/keyed/*", "targetOriginId": "o", "cachePolicyId": "keyed",
                     "allowedMethods": ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"], "cachedMethods": ["GET", "HEAD", "OPTIONS"]},
                    {"pathPattern": "/min/*", "targetOriginId": "o", "cachePolicyId": "min"}]}],
                 "cachePolicies": [
                   {"name": "plain", "minTTL": 0, "defaultTTL": 20, "maxTTL": 3600},
                   {"name": "min", "minTTL": 15, "defaultTTL": 20, "maxTTL": 25},
                   {"name": "keyed", "minTTL": 0, "defaultTTL": 20, "maxTTL": 3600, "enableAcceptEncodingGzip": true,
                    "enableAcceptEncodingBrotli": true,
                    "headersConfig": {"headerBehavior": "whitelist", "headers": ["Accept-Language", "Authorization"]},
                    "cookiesConfig": {"cookieBehavior": "whitelist", "cookies": ["a"]},
                    "queryStringsConfig": {"queryStringBehavior": "allExcept", "queryStrings": ["utm"]}}]}
                """.formatted(port);
    }

    /// What the origin says, by the name of the file.
    private static Headers said(String kind) {
        return switch (kind) {
            case "long" -> Headers.of("Cache-Control", "max-age=60", "ETag", "\"1\"");
            case "short" -> Headers.of("Cache-Control", "max-age=5", "Last-Modified", "Sat, 31 Jan 2026 11:00:00 GMT");
            case "bare" -> Headers.of("Cache-Control", "max-age=5");
            case "shared" -> Headers.of("Cache-Control", "max-age=60, s-maxage=5");
            case "swr" -> Headers.of("Cache-Control", "max-age=5, stale-while-revalidate=10", "ETag", "\"1\"");
            case "must" -> Headers.of("Cache-Control", "max-age=5, must-revalidate", "ETag", "\"1\"");
            case "private" -> Headers.of("Cache-Control", "private, max-age=60");
            case "none" -> Headers.of("Cache-Control", "no-store");
            case "check" -> Headers.of("Cache-Control", "no-cache", "ETag", "\"1\"");
            case "vary" -> Headers.of("Cache-Control", "max-age=60", "Vary", "Accept-Language, X-Other");
            case "aged" -> Headers.of("Cache-Control", "max-age=60", "Age", "50");
            case "gone" -> Headers.of("Cache-Control", "max-age=5");
            default -> Headers.of();
        };
    }

    private static final List<String> FOLDERS =
            List.of("", "secure", "only", "off", "vary", "keyed", "min", "Keyed", "a%2Fb", "x/../keyed");
    private static final List<String> FILES = List.of(
            "long", "short", "bare", "shared", "swr", "must", "private", "none", "check", "vary", "aged", "gone",
            "silent");

    @Provide
    Arbitrary<List<Move>> moves() {
        var language = Arbitraries.of("", "de", "en");
        var coding = Arbitraries.of("", "gzip", "br, gzip", "identity");
        var cookie = Arbitraries.of("", "a=1; b=2", "a=2", "b=3");
        var authorization =
                Arbitraries.frequencyOf(Tuple.of(4, Arbitraries.just("")), Tuple.of(1, Arbitraries.just("Basic x")));
        var loop = Arbitraries.frequencyOf(
                Tuple.of(15, Arbitraries.just("")), Tuple.of(1, Arbitraries.just("nearside; distribution=\"site\"")));
        var headers = Combinators.combine(language, coding, cookie, authorization, loop)
                .as((l, e, c, a, o) -> {
                    var said = new HashMap<String, String>();
                    said.put("User-Agent", "curl");
                    if (!l.isEmpty()) said.put("Accept-Language", l);
                    if (!e.isEmpty()) said.put("Accept-Encoding", e);
                    if (!c.isEmpty()) said.put("Cookie", c);
                    if (!a.isEmpty()) said.put("Authorization", a);
                    if (!o.isEmpty()) said.put("CDN-Loop", o);
                    return Map.copyOf(said);
                });
        var method = Arbitraries.frequencyOf(
                Tuple.of(8, Arbitraries.just("GET")), Tuple.of(2, Arbitraries.of("HEAD", "POST", "OPTIONS", "DELETE")));
        var seconds = Arbitraries.of(0, 0, 1, 4, 5, 6, 15, 16, 30, 61);
        var query = Arbitraries.of("", "", "?q=1", "?utm=x", "?q=1&utm=y");
        // Few places, so that later moves meet what earlier ones have left.
        return Arbitraries.of(FOLDERS)
                .flatMap(folder -> Arbitraries.of(FILES)
                        .flatMap(file -> Combinators.combine(seconds, method, headers, query)
                                .as((s, m, h, q) -> new Move(s, m, folder + "/" + file, h, q))
                                .list()
                                .ofMinSize(2)
                                .ofMaxSize(7)));
    }

    @Property(tries = 40, shrinking = ShrinkingMode.OFF)
    void theNodeDoesWhatItSaysItWould(@ForAll("moves") List<Move> moves) throws Exception {
        int run = COUNT.incrementAndGet();
        Map<String, String> bodies = new HashMap<>();
        for (var move : moves) {
            CLOCK.pass(Duration.ofSeconds(move.seconds()));
            int slash = move.kind().lastIndexOf('/');
            var path = (slash == 0 ? "" : "/") + move.kind().substring(0, slash) + "/" + run
                    + move.kind().substring(slash);
            script(path, move.kind().substring(slash + 1));
            play(path, move, bodies);
        }
    }

    /// Each answer has a body of its own, so that it can be told which one a viewer got.
    private static void script(String path, String file) {
        var said = said(file);
        int status = file.equals("gone") ? 404 : 200;
        origin.on(path, asked -> {
            boolean same =
                    asked.headers().has("If-None-Match") || asked.headers().has("If-Modified-Since");
            var fields = new ArrayList<String>();
            for (var field : said.fields()) fields.addAll(List.of(field.name(), field.value()));
            var flat = fields.toArray(String[]::new);
            return Future.succeededFuture(
                    same
                            ? Say.status(304, flat)
                            : new Say(
                                    status,
                                    Headers.of(flat),
                                    List.of(Buffer.buffer("body " + COUNT.incrementAndGet()))));
        });
    }

    private static void play(String path, Move move, Map<String, String> bodies) throws Exception {
        var url = "http://127.0.0.1:" + edge.port() + path + move.query();
        var question = new ExplainRequest(url, move.method(), move.headers(), "127.0.0.1", null);
        var told = edge.explain(question);
        int before = origin.trips(path).size();
        var answer = edge.ask(
                move.method(),
                path + move.query(),
                move.headers().entrySet().stream()
                        .flatMap(header -> Stream.of(header.getKey(), header.getValue()))
                        .toArray(String[]::new));
        var status = answer.headers().firstValue("Cache-Status").orElse("");
        switch (told.outcome()) {
            case "refused", "redirected" -> {
                var refusal = requireNonNull(told.refusal());
                assertThat(answer.statusCode()).as(told.toString()).isEqualTo(refusal.status());
                assertThat(answer.headers().firstValue("Location").orElse(null)).isEqualTo(refusal.location());
                assertThat(origin.trips(path)).hasSize(before);
            }
            case "hit" -> {
                assertThat(status)
                        .as(told.toString())
                        .startsWith("nearside; hit")
                        .doesNotContain("detail");
                assertThat(origin.trips(path)).hasSize(before);
                if (!move.method().equals("HEAD")) {
                    assertThat(answer.body())
                            .as("what was stored under %s", told.key())
                            .isEqualTo(bodies.get(digest(told)));
                }
            }
            case "stale" -> {
                assertThat(status).as(told.toString()).contains("hit", "detail=stale-while-revalidate");
                await().pollInterval(Duration.ofMillis(2))
                        .until(() -> origin.trips(path).size() == before + 1);
                assertSent(told, path, before);
            }
            case "revalidate" -> {
                assertThat(status).as(told.toString()).contains("fwd=stale");
                assertSent(told, path, before);
            }
            case "miss" -> {
                assertThat(status)
                        .as(told.toString())
                        .contains(
                                switch (told.why()) {
                                    case "not-found", "no-longer-storable" -> "fwd=uri-miss";
                                    case "variant-not-found" -> "fwd=vary-miss";
                                    default -> "fwd=stale";
                                });
                assertSent(told, path, before);
            }
            case "pass" -> {
                assertThat(status)
                        .as(told.toString())
                        .contains(told.why().equals("method-not-cacheable") ? "fwd=method" : "fwd=bypass");
                assertSent(told, path, before);
            }
            default -> throw new AssertionError(told);
        }
        settle(question, told, answer, status, bodies);
    }

    /// What the origin got, field by field, but for what is hidden and for the request's id.
    private static void assertSent(Explanation told, String path, int before) {
        var trips = origin.trips(path);
        assertThat(trips).as(told.toString()).hasSize(before + 1);
        var got = trips.getLast();
        var sent = requireNonNull(told.toOrigin());
        assertThat(sent.requestLine()).isEqualTo(got.method() + " " + got.target());
        var expected = new HashMap<String, String>();
        for (var header : sent.headers()) expected.put(header.name().toLowerCase(Locale.ROOT), header.value());
        var actual = new HashMap<String, String>();
        for (var field : got.headers().fields()) actual.put(field.name().toLowerCase(Locale.ROOT), field.value());
        actual.remove("connection");
        for (var unlike : List.of("x-nearside-id", "authorization", "cookie", "x-secret")) {
            assertThat(expected.remove(unlike) != null).as(unlike).isEqualTo(actual.remove(unlike) != null);
        }
        assertThat(actual).isEqualTo(expected);
        assertThat(told.toString()).doesNotContain("sesame");
    }

    /// A viewer has the last byte a moment before the object is stored.
    private static void settle(
            ExplainRequest question,
            Explanation told,
            HttpResponse<String> answer,
            String status,
            Map<String, String> bodies)
            throws IOException, InterruptedException {
        if (status.endsWith("stored") || told.outcome().equals("stale")) {
            await().pollInterval(Duration.ofMillis(2)).until(() -> {
                var stored = edge.explain(question).stored();
                return stored != null && stored.receivedAt().equals(CLOCK.instant());
            });
        }
        var after = edge.explain(question);
        if (after.stored() != null
                && status.contains("stored")
                && !answer.body().isEmpty()) {
            bodies.put(digest(after), answer.body());
        }
    }

    private static String digest(Explanation told) {
        return requireNonNull(told.key()).digest();
    }
}

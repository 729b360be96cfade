package dev.nearside.edge.respond;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.edge.decide.Freshness;
import dev.nearside.edge.http.Headers;
import dev.nearside.edge.http.LogPosition;
import dev.nearside.edge.http.StoredResponse;
import dev.nearside.edge.http.ViewerRequest;
import dev.nearside.edge.respond.CacheStatus.Forwarded;
import dev.nearside.edge.respond.ViewerHead.Part;
import dev.nearside.edge.route.Routed.Route;
import dev.nearside.edge.route.Sites;
import dev.nearside.model.policy.HeaderSelection;
import dev.nearside.model.policy.PolicyId;
import dev.nearside.model.policy.ResponseHeadersPolicy;
import dev.nearside.model.policy.ResponseHeadersPolicy.Cors;
import dev.nearside.model.policy.ResponseHeadersPolicy.Header;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ViewerHeadTest {

    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final String DATE = "Thu, 01 Jan 2026 12:00:00 GMT";
    private static final CacheStatus HIT =
            CacheStatus.hit(new Freshness(Duration.ofSeconds(7), Duration.ofSeconds(60)));

    @Test
    void aHitCarriesTheStoredHeadAndHowItWasFound() {
        var stored = Headers.of(
                "Content-Type", "text/plain", "Age", "3", "ETag", "\"a\"", "Date", DATE, "Server", "site", "Via", "x");

        assertThat(hit(get(), stored))
                .isEqualTo(new ViewerHead(
                        200,
                        Headers.of(
                                "Content-Type", "text/plain",
                                "ETag", "\"a\"",
                                "Date", DATE,
                                "Server", "site",
                                "Accept-Ranges", "bytes",
                                "Content-Length", "10",
                                "Age", "7",
                                "Via", "1.1 edge-1 (nearside)",
                                "X-Cache", "Hit from nearside",
                                "Cache-Status", "nearside; hit; ttl=53",
                                "X-Nearside-Id", "req-1"),
                        new Part.Whole(),
                        ResultClass.HIT));
    }

    @Test
    void aMissPassesTheOriginsHeadOnWithoutWhatEndsHere() {
        var headers = Headers.of(
                "Connection", "X-Hop",
                "X-Hop", "1",
                "Transfer-Encoding", "chunked",
                "Trailer", "x",
                "Age", "3",
                "Cache-Status", "inner; hit",
                "X-A", "1");
        var status = CacheStatus.forwarded(Forwarded.URI_MISS, OptionalInt.of(200), true);
        var answer = Answer.fetched(200, headers, OptionalLong.empty(), ResultClass.MISS, status);

        assertThat(ViewerHead.of(route(get()), answer, "edge-1", NOON))
                .isEqualTo(new ViewerHead(
                        200,
                        Headers.of(
                                "Age", "3",
                                "X-A", "1",
                                "Date", DATE,
                                "Server", "nearside",
                                "Via", "1.1 edge-1 (nearside)",
                                "X-Cache", "Miss from nearside",
                                "Cache-Status", "inner; hit, nearside; fwd=uri-miss; fwd-status=200; stored",
                                "X-Nearside-Id", "req-1"),
                        new Part.Whole(),
                        ResultClass.MISS));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", quoteCharacter = '`', textBlock = """
        # method | header        | value         | status | part  | length | range
        GET      | X-A           | 1             | 200    | whole | 10     | -
        HEAD     | X-A           | 1             | 200    | none  | 10     | -
        GET      | If-None-Match | "a"           | 304    | none  | -      | -
        HEAD     | If-None-Match | W/"a"         | 304    | none  | -      | -
        GET      | If-None-Match | "b"           | 200    | whole | 10     | -
        GET      | Range         | bytes=2-4     | 206    | 2+3   | 3      | bytes 2-4/10
        GET      | Range         | bytes=-1      | 206    | 9+1   | 1      | bytes 9-9/10
        GET      | Range         | bytes=10-     | 416    | none  | 0      | bytes */10
        GET      | Range         | bytes=0-1,3-4 | 206    | 2 parts | -    | -
        GET      | Range         | bytes=3-4,0-1 | 200    | whole | 10     | -
        HEAD     | Range         | bytes=2-4     | 200    | none  | 10     | -
        """)
    void conditionsAndRangesAreAnsweredHere(
            String method, String name, String value, int status, String part, String length, String range) {
        var request = Sites.request(method + " http://a.example/", name, value);
        var head =
                hit(request, Headers.of("ETag", "\"a\"", "Content-Type", "text/plain", "Cache-Control", "max-age=60"));

        assertThat(head.status()).isEqualTo(status);
        assertThat(written(head.part())).isEqualTo(part);
        assertThat(head.headers().first("Content-Length")).isEqualTo(Optional.ofNullable(length));
        assertThat(head.headers().first("Content-Range")).isEqualTo(Optional.ofNullable(range));
        assertThat(head.headers().has("Content-Type")).isEqualTo(status < 300);
        assertThat(head.headers().has("Cache-Control")).isTrue();
        assertThat(head.result()).isEqualTo(status == 416 ? ResultClass.ERROR : ResultClass.HIT);
    }

    @Test
    void whatPassedTheCacheByIsNotJudgedAgain() {
        var request = Sites.request("GET http://a.example/", "If-None-Match", "*", "Range", "bytes=0-0");
        var status = CacheStatus.forwarded(Forwarded.BYPASS, OptionalInt.of(200), false);
        var answer = Answer.fetched(200, Headers.EMPTY, OptionalLong.of(10), ResultClass.PASS, status);

        assertThat(ViewerHead.of(route(request), answer, "edge-1", NOON).status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # cookies sent | own trip | kept
        none           | true     | false
        all            | true     | true
        a              | true     | true
        all            | false    | false
        """)
    void cookiesGoToTheViewerWhoseTripItWas(String cookies, boolean mine, boolean kept) {
        var sent = Sites.sent(new HeaderSelection.None(), Sites.names(cookies), Sites.names("none"));
        var headers = Headers.of("Set-Cookie", "a=1");
        var status = CacheStatus.forwarded(Forwarded.URI_MISS, OptionalInt.of(200), false);
        var fetched = Answer.fetched(200, headers, OptionalLong.empty(), ResultClass.MISS, status);
        var answer = mine
                ? fetched
                : Answer.stored(stored(200, headers), Duration.ZERO, OptionalLong.of(1), ResultClass.COLLAPSED, status);
        var route = Sites.route(Sites.KEY_OF_PATH, sent, get());

        assertThat(ViewerHead.of(route, answer, "edge-1", NOON).headers().has("Set-Cookie"))
                .isEqualTo(kept);
    }

    @Test
    void varyNamesWhatTheOriginSees() {
        var sent = Sites.sent(new HeaderSelection.Only(Set.of("accept")), Sites.names("none"), Sites.names("none"));
        var route = Sites.route(Sites.KEY_OF_PATH, sent, get());
        var headers = Headers.of("Vary", "Accept, User-Agent,accept-encoding, Cookie", "Vary", "X-A");
        var answer = Answer.stored(stored(200, headers), Duration.ZERO, OptionalLong.of(1), ResultClass.HIT, HIT);

        assertThat(ViewerHead.of(route, answer, "edge-1", NOON).headers().all("Vary"))
                .containsExactly("Accept, accept-encoding, Cookie");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # way       | status | class       | X-Cache
        HIT         | 200    | HIT         | Hit from nearside
        REFRESH_HIT | 200    | REFRESH_HIT | RefreshHit from nearside
        STALE       | 200    | STALE       | Hit from nearside
        COLLAPSED   | 301    | COLLAPSED   | Hit from nearside
        MISS        | 200    | MISS        | Miss from nearside
        PASS        | 200    | PASS        | Miss from nearside
        HIT         | 404    | ERROR       | Error from nearside
        PASS        | 503    | ERROR       | Error from nearside
        """)
    void everyAnswerIsOfOneClass(ResultClass way, int status, ResultClass result, String xCache) {
        var answer = Answer.stored(stored(status, Headers.EMPTY), Duration.ZERO, OptionalLong.of(1), way, HIT);
        var head = ViewerHead.of(route(get()), answer, "edge-1", NOON);

        assertThat(head.result()).isEqualTo(result);
        assertThat(head.headers().all("X-Cache")).containsExactly(xCache);
    }

    @Test
    void cacheStatusSpeaksItsRegisteredWords() {
        assertThat(CacheStatus.hit(new Freshness(Duration.ofSeconds(65), Duration.ofSeconds(60))))
                .hasToString("nearside; hit; ttl=-5");
        assertThat(CacheStatus.collapsed(Forwarded.URI_MISS)).hasToString("nearside; fwd=uri-miss; collapsed");
        assertThat(CacheStatus.forwarded(Forwarded.STALE, OptionalInt.of(304), true)
                        .because("STALE_IF_ERROR"))
                .hasToString("nearside; fwd=stale; fwd-status=304; stored; detail=stale-if-error");
        assertThat(CacheStatus.refused("UNKNOWN_HOST")).hasToString("nearside; detail=unknown-host");
    }

    @Test
    void aPolicyRemovesThenAdds() {
        var policy = new ResponseHeadersPolicy(
                new PolicyId("p"),
                "p",
                Optional.empty(),
                List.of(
                        new Header("X-Content-Type-Options", "nosniff", true),
                        new Header("X-Frame-Options", "DENY", false)),
                List.of(
                        new Header("X-A", "ours", true),
                        new Header("X-B", "ours", false),
                        new Header("X-C", "", false)),
                Set.of("x-powered-by", "x-c", "server"),
                Optional.empty());
        var headers = head(
                        policy,
                        get(),
                        Headers.of(
                                "X-Powered-By", "php",
                                "Server", "apache",
                                "x-frame-options", "SAMEORIGIN",
                                "X-A", "theirs",
                                "X-A", "too",
                                "X-B", "theirs",
                                "X-C", "theirs"))
                .headers();

        assertThat(headers.has("X-Powered-By")).isFalse();
        assertThat(headers.all("Server")).containsExactly("nearside");
        assertThat(headers.all("X-Content-Type-Options")).containsExactly("nosniff");
        assertThat(headers.all("X-Frame-Options")).containsExactly("SAMEORIGIN");
        assertThat(headers.all("X-A")).containsExactly("ours");
        assertThat(headers.all("X-B")).containsExactly("theirs");
        assertThat(headers.all("X-C")).containsExactly("");
    }

    @Test
    void corsAnswersThoseWhoAsk() {
        var cors = new Cors(
                List.of("https://*.b.example"),
                List.of("X-Amz-*", "X-A"),
                List.of("PUT", "GET"),
                true,
                List.of("X-E"),
                OptionalLong.of(600),
                false);
        var simple = Sites.request("GET http://a.example/", "Origin", "https://w.b.example");
        var preflight = Sites.request(
                "OPTIONS http://a.example/",
                "Origin",
                "https://w.b.example",
                "Access-Control-Request-Method",
                "PUT",
                "Access-Control-Request-Headers",
                "x-amz-date, x-amz, x-other");

        assertThat(corsOf(cors, simple, Headers.EMPTY))
                .isEqualTo(Headers.of(
                        "Vary", "Origin",
                        "Access-Control-Allow-Origin", "https://w.b.example",
                        "Access-Control-Allow-Credentials", "true",
                        "Access-Control-Expose-Headers", "X-E"));
        assertThat(corsOf(cors, preflight, Headers.EMPTY))
                .isEqualTo(Headers.of(
                        "Vary", "Origin",
                        "Access-Control-Allow-Origin", "https://w.b.example",
                        "Access-Control-Allow-Credentials", "true",
                        "Access-Control-Expose-Headers", "X-E",
                        "Access-Control-Allow-Methods", "GET, PUT",
                        "Access-Control-Allow-Headers", "x-amz-date, X-A",
                        "Access-Control-Max-Age", "600"));
        assertThat(corsOf(cors, get(), Headers.EMPTY)).isEqualTo(Headers.of("Vary", "Origin"));
        var stranger = Sites.request("GET http://a.example/", "Origin", "https://c.example");
        assertThat(corsOf(cors, stranger, Headers.EMPTY)).isEqualTo(Headers.of("Vary", "Origin"));
        var theirs = Headers.of("Access-Control-Max-Age", "1");
        assertThat(corsOf(cors, simple, theirs)).isEqualTo(Headers.of("Access-Control-Max-Age", "1", "Vary", "Origin"));
    }

    @Test
    void corsOfThePolicyMayReplaceTheOrigins() {
        var cors = new Cors(List.of("*"), List.of(), List.of(), false, List.of(), OptionalLong.empty(), true);
        var simple = Sites.request("GET http://a.example/", "Origin", "https://w.b.example");

        assertThat(corsOf(cors, simple, Headers.of("Access-Control-Allow-Origin", "x", "access-control-max-age", "1")))
                .isEqualTo(Headers.of("Access-Control-Allow-Origin", "*"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # pattern              | origin                       | allowed
        *                      | https://a.example            | true
        http://*.example.org   | http://www.example.org       | true
        http://*.example.org   | https://test.example.org     | false
        http://*.example.org   | http://www.example.org:81    | false
        *.example.org          | http://test.example.org      | true
        *.example.org          | https://test.test.example.org| true
        *.example.org          | https://example.org          | false
        *.example.org          | https://badexample.org       | false
        *.example.org          | https://a.example.org:81     | false
        example.org            | http://example.org           | true
        example.org            | https://example.org          | true
        example.org            | https://example.org.evil     | false
        http://example.org     | https://example.org          | false
        http://example.org     | http://example.org:81        | false
        http://example.org:*   | http://example.org:123       | true
        http://example.org:*   | http://example.org           | true
        http://example.org:1*3 | http://example.org:13        | true
        http://example.org:1*3 | http://example.org:1893      | true
        http://example.org:1*3 | http://example.org:1894      | false
        *.example.org:1*       | https://test.example.org:123 | true
        *.example.org:1*       | https://test.example.org     | false
        example.org            | null                         | false
        """)
    void anOriginIsAllowedByItsPattern(String pattern, String origin, boolean allowed) {
        assertThat(AllowedOrigin.matches(pattern, origin)).isEqualTo(allowed);
    }

    @Test
    void anErrorSaysWhatIsNeededAndNoMore() {
        var request = Sites.request("GET http://a.example/");
        var page = ErrorPage.of(502, "req-1", Optional.of("text/html,*/*"));
        var head = ViewerHead.error(
                page, request, Optional.empty(), CacheStatus.refused("ORIGIN_UNREACHABLE"), "edge-1", NOON);

        assertThat(page.body()).contains("502 Bad gateway", "request req-1");
        assertThat(head.result()).isEqualTo(ResultClass.ERROR);
        assertThat(head.headers())
                .isEqualTo(Headers.of(
                        "Content-Type", "text/html; charset=utf-8",
                        "Cache-Control", "no-store",
                        "Content-Length", Integer.toString(page.body().length()),
                        "Date", DATE,
                        "Server", "nearside",
                        "Via", "1.1 edge-1 (nearside)",
                        "X-Cache", "Error from nearside",
                        "Cache-Status", "nearside; detail=origin-unreachable",
                        "X-Nearside-Id", "req-1"));
        assertThat(ErrorPage.of(403, "<script>", Optional.of("application/json"))
                        .body())
                .isEqualTo("""
                        {"title": "Forbidden", "status": 403, "detail": "This request is not allowed here.", \
                        "requestId": "?script?"}
                        """);
    }

    @Test
    void aRedirectNamesItsGoal() {
        var request = Sites.request("HEAD http://a.example/");
        var head = ViewerHead.redirect(ErrorPage.moved(301), "https://a.example/", request, "edge-1", NOON);

        assertThat(head.status()).isEqualTo(301);
        assertThat(head.part()).isEqualTo(new Part.None());
        assertThat(head.headers().first("Location")).contains("https://a.example/");
        assertThat(head.headers().first("X-Cache")).contains("Redirect from nearside");
    }

    private static Headers corsOf(Cors cors, ViewerRequest request, Headers headers) {
        var policy = new ResponseHeadersPolicy(
                new PolicyId("p"), "p", Optional.of(cors), List.of(), List.of(), Set.of(), Optional.empty());
        return head(policy, request, headers)
                .headers()
                .withoutAny(Set.of(
                        "accept-ranges",
                        "content-length",
                        "age",
                        "date",
                        "server",
                        "via",
                        "x-cache",
                        "cache-status",
                        "x-nearside-id"));
    }

    private static ViewerHead head(ResponseHeadersPolicy policy, ViewerRequest request, Headers headers) {
        var plain = route(request);
        var route = new Route(
                plain.distribution(),
                plain.behavior(),
                plain.cachePolicy(),
                plain.originRequestPolicy(),
                Optional.of(policy),
                plain.origin(),
                plain.failover(),
                plain.request(),
                plain.path(),
                plain.selectors());
        var answer = Answer.stored(stored(200, headers), Duration.ZERO, OptionalLong.of(1), ResultClass.HIT, HIT);
        return ViewerHead.of(route, answer, "edge-1", NOON);
    }

    private static ViewerHead hit(ViewerRequest request, Headers headers) {
        var answer =
                Answer.stored(stored(200, headers), Duration.ofMillis(7999), OptionalLong.of(10), ResultClass.HIT, HIT);
        return ViewerHead.of(route(request), answer, "edge-1", NOON);
    }

    private static StoredResponse stored(int status, Headers headers) {
        return new StoredResponse(status, headers, NOON, NOON, LogPosition.NONE);
    }

    private static Route route(ViewerRequest request) {
        return Sites.route(Sites.KEY_OF_PATH, Sites.SENDS_NOTHING, request);
    }

    private static ViewerRequest get() {
        return Sites.request("GET http://a.example/");
    }

    private static String written(Part part) {
        return switch (part) {
            case Part.None() -> "none";
            case Part.Whole() -> "whole";
            case Part.Slice(var offset, var length) -> offset + "+" + length;
            case Part.Several(var slices) -> slices.size() + " parts";
        };
    }
}

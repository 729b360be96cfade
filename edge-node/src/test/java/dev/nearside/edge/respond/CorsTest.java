package dev.nearside.edge.respond;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.edge.decide.Freshness;
import dev.nearside.edge.http.Headers;
import dev.nearside.edge.http.LogPosition;
import dev.nearside.edge.http.StoredResponse;
import dev.nearside.edge.http.ViewerRequest;
import dev.nearside.edge.route.Routed.Route;
import dev.nearside.edge.route.Sites;
import dev.nearside.model.policy.PolicyId;
import dev.nearside.model.policy.ResponseHeadersPolicy;
import dev.nearside.model.policy.ResponseHeadersPolicy.Cors;
import dev.nearside.model.policy.ResponseHeadersPolicy.Header;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Answers to cross-origin requests (CF§6.1), and the rest of a response headers policy on every kind of answer.
class CorsTest {

    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final String US = "https://w.example";

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # origins allowed                  | Origin                    | Access-Control-Allow-Origin | Vary
        *                                  | https://w.example         | *                           | -
        *                                  | null                      | *                           | -
        *                                  | -                         | -                           | -
        https://w.example                  | https://w.example         | https://w.example           | Origin
        https://w.example                  | HTTPS://w.example         | -                           | Origin
        https://w.example                  | https://W.example         | https://W.example           | Origin
        https://w.example                  | http://w.example          | -                           | Origin
        https://w.example                  | https://w.example.evil    | -                           | Origin
        https://w.example                  | -                         | -                           | Origin
        https://w.example                  | null                      | -                           | Origin
        w.example                          | http://w.example          | http://w.example            | Origin
        a.example https://w.example        | https://w.example         | https://w.example           | Origin
        *.example.org                      | http://test.example.org   | http://test.example.org     | Origin
        *.example.org                      | http://.example.org       | http://.example.org         | Origin
        *.example.org                      | http://example.org        | -                           | Origin
        *.example.org                      | http://a.example.org:81   | -                           | Origin
        http://example.org:*               | http://example.org        | http://example.org          | Origin
        http://example.org:1*3             | http://example.org:123    | http://example.org:123      | Origin
        http://example.org:1*3             | http://example.org:12     | -                           | Origin
        """)
    void whoAsksFromAnAllowedOriginIsNamed(String allowed, String origin, String named, String vary) {
        var request = origin.equals("-") ? request("GET") : request("GET", "Origin", origin);
        var headers = hit(policy(cors(allowed, "", "GET", "", false)), request, Headers.EMPTY);

        assertThat(headers.joined("Access-Control-Allow-Origin").orElse("-")).isEqualTo(named);
        assertThat(headers.joined("Vary").orElse("-")).isEqualTo(vary);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # headers allowed      | asked for                      | answered
        *                      | x-a, authorization             | *
        * Authorization        | x-a, authorization             | *, Authorization
        X-A X-B                | x-a                            | X-A, X-B
        X-A X-B                | -                              | X-A, X-B
        x-amz-*                | x-amz-, x-amz-test, x-amz      | x-amz-, x-amz-test
        x-amz-*                | X-AMZ-Date                     | X-AMZ-Date
        x-*-id                 | x-request-id, x-id             | x-request-id
        x-amz-* X-A            | x-other                        | X-A
        x-amz-*                | x-other                        | -
        ''                     | x-a                            | -
        """)
    void aPreflightIsToldWhichHeadersMayBeSent(String allowed, String asked, String answered) {
        var request = asked.equals("-") ? preflight() : preflight("Access-Control-Request-Headers", asked);
        var headers = hit(policy(cors(US, allowed, "GET", "", false)), request, Headers.EMPTY);

        assertThat(headers.joined("Access-Control-Allow-Headers").orElse("-")).isEqualTo(answered);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        GET       | GET
        PUT GET   | GET, PUT
        ALL       | DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT
        """)
    void aPreflightIsToldWhichMethodsMayBeUsed(String allowed, String answered) {
        var headers = hit(policy(cors(US, "", allowed, "", false)), preflight(), Headers.EMPTY);

        assertThat(headers.joined("Access-Control-Allow-Methods")).contains(answered);
        assertThat(headers.joined("Access-Control-Max-Age")).contains("600");
    }

    @ParameterizedTest
    @CsvSource({"GET, -", "POST, PUT", "OPTIONS, -"})
    void whatIsNoPreflightIsNotToldWhatOnlyPreflightsNeed(String method, String requested) {
        var request = requested.equals("-")
                ? request(method, "Origin", US)
                : request(method, "Origin", US, "Access-Control-Request-Method", requested);
        var headers = hit(policy(cors(US, "*", "ALL", "X-E", false)), request, Headers.EMPTY);

        assertThat(names(headers)).isEqualTo("access-control-allow-origin access-control-expose-headers vary");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # credentials | origins           | answered
        true          | https://w.example | true
        false         | https://w.example | -
        # Browsers refuse it beside an asterisk. The asking origin is never named in its place: that would hand
        # every site the viewer's own pages.
        true          | *                 | true
        """)
    void credentialsAreAllowedWhereThePolicySaysSo(boolean credentials, String origins, String answered) {
        var headers =
                hit(policy(cors(origins, "", "GET", "", credentials)), request("GET", "Origin", US), Headers.EMPTY);

        assertThat(headers.joined("Access-Control-Allow-Credentials").orElse("-"))
                .isEqualTo(answered);
        assertThat(headers.joined("Access-Control-Allow-Origin")).contains(origins);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # the policy overrides | the origin says                       | the viewer gets
        false                  | Access-Control-Allow-Origin: x        | x -
        false                  | Access-Control-Max-Age: 5             | - -
        false                  | X-A: 1                                | https://w.example X-E
        true                   | Access-Control-Allow-Origin: x        | https://w.example X-E
        true                   | access-control-allow-credentials: true| https://w.example X-E
        """)
    void oneSideSpeaksAlone(boolean overrides, String said, String gets) {
        var colon = said.indexOf(": ");
        var theirs = Headers.of(said.substring(0, colon), said.substring(colon + 2));
        var plain = cors(US, "", "GET", "X-E", false);
        var cors = new Cors(
                plain.allowOrigins(),
                plain.allowHeaders(),
                plain.allowMethods(),
                false,
                plain.exposeHeaders(),
                plain.maxAgeSeconds(),
                overrides);

        var headers = hit(policy(cors), request("GET", "Origin", US), theirs);

        assertThat(headers.joined("Access-Control-Allow-Origin").orElse("-") + " "
                        + headers.joined("Access-Control-Expose-Headers").orElse("-"))
                .isEqualTo(gets);
        assertThat(headers.has("Access-Control-Allow-Credentials")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # the origin varies on      | the viewer is told
        -                           | Origin
        Accept-Encoding             | Accept-Encoding, Origin
        Accept-Encoding, origin     | Accept-Encoding, Origin
        *                           | *
        """)
    void cachesBehindUsAreToldThatTheOriginMatters(String said, String told) {
        var theirs = said.equals("-") ? Headers.EMPTY : Headers.of("Vary", said);

        assertThat(hit(policy(cors(US, "", "GET", "", false)), request("GET"), theirs)
                        .joined("Vary"))
                .contains(told);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # kind of answer | asked with
        hit              | -
        miss             | -
        pass             | -
        notModified      | If-None-Match: "1"
        part             | Range: bytes=0-1
        unsatisfiable    | Range: bytes=99-
        notFound         | -
        redirect         | -
        error            | -
        """)
    void everyKindOfAnswerCarriesThePolicy(String kind, String with) {
        var policy = new ResponseHeadersPolicy(
                new PolicyId("p"),
                "p",
                Optional.of(cors(US, "", "GET", "X-E", false)),
                List.of(new Header("Strict-Transport-Security", "max-age=60", true)),
                List.of(new Header("X-Ours", "1", true), new Header("X-Both", "ours", false)),
                Set.of("x-powered-by"),
                Optional.empty());
        var request = with.equals("-")
                ? request("GET", "Origin", US)
                : request("GET", "Origin", US, with.split(": ", 2)[0], with.split(": ", 2)[1]);
        var theirs = Headers.of("X-Powered-By", "php", "X-Both", "theirs", "ETag", "\"1\"");
        var route = route(policy, request);
        var head = switch (kind) {
            case "miss" -> answered(route, 200, theirs, ResultClass.MISS);
            case "pass" -> answered(route, 200, theirs, ResultClass.PASS);
            case "notFound" -> answered(route, 404, theirs, ResultClass.HIT);
            case "redirect" -> answered(route, 301, theirs.plus("Location", "/x"), ResultClass.HIT);
            case "error" ->
                ViewerHead.error(
                        ErrorPage.of(502, "req-1", Optional.empty()),
                        request,
                        Optional.of(route),
                        CacheStatus.refused("Unreachable"),
                        "edge-1",
                        NOON);
            default -> answered(route, 200, theirs, ResultClass.HIT);
        };
        var expected = switch (kind) {
            case "notModified" -> 304;
            case "part" -> 206;
            case "unsatisfiable" -> 416;
            case "notFound" -> 404;
            case "redirect" -> 301;
            case "error" -> 502;
            default -> 200;
        };

        assertThat(head.status()).isEqualTo(expected);
        var headers = head.headers();
        assertThat(headers.all("Access-Control-Allow-Origin")).containsExactly(US);
        assertThat(headers.all("Access-Control-Expose-Headers")).containsExactly("X-E");
        assertThat(headers.all("Strict-Transport-Security")).containsExactly("max-age=60");
        assertThat(headers.all("X-Ours")).containsExactly("1");
        assertThat(headers.all("X-Both")).containsExactly(kind.equals("error") ? "ours" : "theirs");
        assertThat(headers.has("X-Powered-By")).isFalse();
        assertThat(headers.joined("Vary")).contains("Origin");
    }

    @Test
    void whatIsRemovedAndWrittenByUsIsOurs() {
        var policy = new ResponseHeadersPolicy(
                new PolicyId("p"),
                "p",
                Optional.empty(),
                List.of(),
                List.of(),
                Set.of("server", "date", "vary", "etag"),
                Optional.empty());
        var theirs = Headers.of(
                "Server",
                "apache",
                "Date",
                "Wed, 31 Dec 2025 12:00:00 GMT",
                "Vary",
                "Accept-Encoding",
                "ETag",
                "\"1\"");

        var headers = hit(policy, request("GET"), theirs);

        assertThat(headers.all("Server")).containsExactly("nearside");
        assertThat(headers.all("Date")).containsExactly("Thu, 01 Jan 2026 12:00:00 GMT");
        assertThat(headers.has("Vary")).isFalse();
        assertThat(headers.has("ETag")).isFalse();
    }

    private static String names(Headers headers) {
        return headers.fields().stream()
                .map(field -> field.name().toLowerCase(Locale.ROOT))
                .filter(name -> name.startsWith("access-control-") || name.equals("vary"))
                .sorted()
                .collect(Collectors.joining(" "));
    }

    private static Cors cors(String origins, String headers, String methods, String expose, boolean credentials) {
        return new Cors(
                words(origins),
                words(headers),
                words(methods),
                credentials,
                words(expose),
                OptionalLong.of(600),
                false);
    }

    private static List<String> words(String text) {
        return text.isEmpty() ? List.of() : Arrays.asList(text.split(" ", -1));
    }

    private static ResponseHeadersPolicy policy(Cors cors) {
        return new ResponseHeadersPolicy(
                new PolicyId("p"), "p", Optional.of(cors), List.of(), List.of(), Set.of(), Optional.empty());
    }

    private static ViewerRequest request(String method, String... headers) {
        return Sites.request(method + " http://a.example/", headers);
    }

    private static ViewerRequest preflight(String... more) {
        var headers = new String[more.length + 4];
        headers[0] = "Origin";
        headers[1] = US;
        headers[2] = "Access-Control-Request-Method";
        headers[3] = "PUT";
        System.arraycopy(more, 0, headers, 4, more.length);
        return request("OPTIONS", headers);
    }

    private static Headers hit(ResponseHeadersPolicy policy, ViewerRequest request, Headers theirs) {
        return answered(route(policy, request), 200, theirs, ResultClass.HIT).headers();
    }

    private static ViewerHead answered(Route route, int status, Headers theirs, ResultClass way) {
        var cacheStatus = CacheStatus.hit(new Freshness(Duration.ofSeconds(7), Duration.ofSeconds(60)));
        var answer = way == ResultClass.HIT
                ? Answer.stored(
                        new StoredResponse(status, theirs, NOON, NOON, LogPosition.NONE),
                        Duration.ZERO,
                        OptionalLong.of(10),
                        way,
                        cacheStatus)
                : Answer.fetched(status, theirs, OptionalLong.of(10), way, cacheStatus);
        return ViewerHead.of(route, answer, "edge-1", NOON);
    }

    private static Route route(ResponseHeadersPolicy policy, ViewerRequest request) {
        var route = Sites.route(Sites.KEY_OF_PATH, Sites.SENDS_NOTHING, request);
        return new Route(
                route.distribution(),
                route.behavior(),
                route.cachePolicy(),
                route.originRequestPolicy(),
                Optional.of(policy),
                route.origin(),
                route.failover(),
                route.request(),
                route.path(),
                route.selectors());
    }
}

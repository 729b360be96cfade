package dev.nearside.edge.origin;

import static dev.nearside.edge.route.Sites.KEY_OF_PATH;
import static dev.nearside.edge.route.Sites.SENDS_NOTHING;
import static dev.nearside.edge.route.Sites.key;
import static dev.nearside.edge.route.Sites.names;
import static dev.nearside.edge.route.Sites.request;
import static dev.nearside.edge.route.Sites.sent;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.edge.http.Headers;
import dev.nearside.edge.http.Validators;
import dev.nearside.edge.http.ViewerRequest;
import dev.nearside.edge.key.Selection;
import dev.nearside.edge.route.Routed.Route;
import dev.nearside.edge.route.Sites;
import dev.nearside.model.distribution.DistributionId;
import dev.nearside.model.origin.Origin;
import dev.nearside.model.origin.OriginId;
import dev.nearside.model.origin.OriginProtocolPolicy;
import dev.nearside.model.origin.Timeouts;
import dev.nearside.model.policy.CachePolicy;
import dev.nearside.model.policy.HeaderSelection;
import dev.nearside.model.policy.OriginRequestPolicy;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForwardedRequestTest {

    private static final Hop HOP = new Hop("edge-1");
    private static final OriginRequestPolicy ALL_VIEWER =
            sent(new HeaderSelection.AllViewer(), names("all"), names("all"));

    @Test
    void nothingIsSentThatNoPolicySelects() {
        var asked = request(
                "GET http://a.example:8081/a?x=1",
                "Host",
                "a.example:8081",
                "User-Agent",
                "curl",
                "Accept",
                "*/*",
                "Accept-Encoding",
                "gzip",
                "Referer",
                "http://b.example/",
                "Authorization",
                "Basic x",
                "Cookie",
                "a=1",
                "Range",
                "bytes=0-0",
                "If-None-Match",
                "\"a\"",
                "Content-Type",
                "text/plain",
                "CloudFront-Viewer-Country",
                "XX",
                "X-Edge-A",
                "1");

        assertThat(fetch(KEY_OF_PATH, SENDS_NOTHING, asked))
                .isEqualTo(new ForwardedRequest(
                        "GET",
                        "/a",
                        Headers.of(
                                "Host", "origin.example",
                                "User-Agent", "nearside",
                                "Via", "1.1 edge-1 (nearside)",
                                "X-Forwarded-For", "192.0.2.7",
                                "CDN-Loop", "nearside; distribution=\"d\"",
                                "X-Nearside-Id", "req-1",
                                "Surrogate-Capability", "nearside=\"Surrogate/1.0\"")));
    }

    @Test
    void allViewerSendsAllButWhatIsOursAndWhatEndsHere() {
        var asked = request(
                "GET http://a.example/a?x=1&&y",
                "Host",
                "A.example:8081",
                "User-Agent",
                "curl",
                "Accept",
                "*/*",
                "Accept-Encoding",
                "gzip, br",
                "Authorization",
                "Basic x",
                "Cookie",
                "b=2; a=1",
                "Connection",
                "X-Hop",
                "X-Hop",
                "1",
                "TE",
                "trailers",
                "Upgrade",
                "h2c",
                "Proxy-Authorization",
                "x",
                "Expect",
                "100-continue",
                "X-Forwarded-Proto",
                "https",
                "CloudFront-Is-Mobile-Viewer",
                "true",
                "If-Modified-Since",
                "x",
                "Via",
                "1.0 other",
                "X-A",
                "1");

        assertThat(fetch(key("", names("none"), names("none"), true, true), ALL_VIEWER, asked))
                .isEqualTo(new ForwardedRequest(
                        "GET",
                        "/a?x=1&&y",
                        Headers.of(
                                "Host", "a.example:8081",
                                "Accept", "*/*",
                                "Authorization", "Basic x",
                                "X-A", "1",
                                "Accept-Encoding", "br,gzip",
                                "Cookie", "a=1; b=2",
                                "User-Agent", "curl",
                                "Via", "1.0 other, 1.1 edge-1 (nearside)",
                                "X-Forwarded-For", "192.0.2.7",
                                "CDN-Loop", "nearside; distribution=\"d\"",
                                "X-Nearside-Id", "req-1",
                                "Surrogate-Capability", "nearside=\"Surrogate/1.0\"")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
        # cache policy | origin request policy | of a, b and c
        none           | none                  | -
        none           | all                   | a b c
        none           | a                     | a
        none           | -a                    | b c
        all            | none                  | a b c
        all            | -a                    | a b c
        a              | none                  | a
        a              | all                   | a b c
        a              | b                     | a b
        a              | -a                    | a b c
        a              | -b                    | a c
        -a             | none                  | b c
        -a             | all                   | a b c
        -a             | a                     | a b c
        -a             | -a                    | b c
        -a             | -b                    | c
        """)
    void whatEitherPolicySelectsIsSent(String keyed, String sentToo, String names) {
        var policy = key("", names(keyed), names(keyed), false, false);
        var request = request("GET http://a.example/?a=1&b=1&c=1", "Cookie", "a=1; b=1; c=1");
        var forwarded = fetch(policy, sent(new HeaderSelection.None(), names(sentToo), names(sentToo)), request);
        var expected = Optional.ofNullable(names);

        assertThat(forwarded.headers().first("Cookie"))
                .isEqualTo(expected.map(text -> text.replace(" ", "=1; ") + "=1"));
        assertThat(forwarded.target())
                .isEqualTo("/index.html"
                        + expected.map(text -> "?" + text.replace(" ", "=1&") + "=1")
                                .orElse(""));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # method | keyed | sent   | goes
        GET      | false | none   | false
        HEAD     | false | none   | false
        GET      | true  | none   | true
        GET      | false | only   | true
        GET      | false | all    | true
        GET      | false | except | false
        OPTIONS  | false | none   | false
        POST     | false | none   | true
        DELETE   | false | none   | true
        """)
    void authorizationGoesWhereItIsWanted(String method, boolean keyed, String sentToo, boolean goes) {
        HeaderSelection headers = switch (sentToo) {
            case "only" -> new HeaderSelection.Only(Set.of("authorization"));
            case "all" -> new HeaderSelection.AllViewer();
            case "except" -> new HeaderSelection.AllExcept(Set.of("authorization"));
            default -> new HeaderSelection.None();
        };
        var policy = key(keyed ? "authorization" : "", names("none"), names("none"), false, false);
        var request = request(method + " http://a.example/", "Authorization", "Basic x");

        assertThat(fetch(policy, sent(headers, names("none"), names("none")), request)
                        .headers()
                        .has("Authorization"))
                .isEqualTo(goes);
    }

    @Test
    void aBodyBringsItsHeaders() {
        var asked = request(
                "POST http://a.example/", "Content-Type", "text/plain", "Content-Length", "3", "If-Match", "\"a\"");
        var route = Sites.route(KEY_OF_PATH, SENDS_NOTHING, asked);
        var headers = ForwardedRequest.pass(route, Selection.of(route), HOP).headers();

        assertThat(headers.first("Content-Type")).contains("text/plain");
        assertThat(headers.first("Content-Length")).contains("3");
        assertThat(headers.first("If-Match")).contains("\"a\"");
    }

    @Test
    void whatIsStoredIsAskedAfterInTheOriginsOwnWords() {
        var route = Sites.route(KEY_OF_PATH, ALL_VIEWER, request("GET http://a.example/", "If-None-Match", "\"v\""));
        var stored = new Validators(Optional.of("W/\"s\""), Optional.of("yesterday"));
        var headers = ForwardedRequest.revalidate(route, Selection.of(route), HOP, stored)
                .headers();

        assertThat(headers.all("If-None-Match")).containsExactly("W/\"s\"");
        assertThat(headers.all("If-Modified-Since")).containsExactly("yesterday");
    }

    @Test
    void theOperatorsHeadersReplaceTheViewers() {
        var origin = new Origin(
                new OriginId("site"),
                "10.0.0.1",
                "/base",
                List.of(new Origin.Header("X-A", "ours"), new Origin.Header("Authorization", "key")),
                OriginProtocolPolicy.MATCH_VIEWER,
                8060,
                8443,
                Timeouts.DEFAULT,
                Optional.empty());
        var plain = Sites.route(
                KEY_OF_PATH,
                sent(new HeaderSelection.AllExcept(Set.of("host")), names("none"), names("none")),
                request("GET http://a.example/x", "X-A", "theirs", "Authorization", "theirs"));
        var route = new Route(
                plain.distribution(),
                plain.behavior(),
                plain.cachePolicy(),
                plain.originRequestPolicy(),
                plain.responseHeadersPolicy(),
                origin,
                plain.failover(),
                plain.request(),
                plain.path(),
                plain.selectors());
        var forwarded = ForwardedRequest.fetch(route, Selection.of(route), HOP);

        assertThat(forwarded.target()).isEqualTo("/base/x");
        assertThat(forwarded.headers().all("X-A")).containsExactly("ours");
        assertThat(forwarded.headers().all("Authorization")).containsExactly("key");
        assertThat(forwarded.headers().all("Host")).containsExactly("10.0.0.1:8060");
        assertThat(OriginAddress.of(origin, "https")).isEqualTo(new OriginAddress("https", "10.0.0.1", 8443));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        # CDN-Loop of the request                                          | loop
        other                                                              | false
        nearside; distribution="e"                                         | false
        nearside; distribution="d"                                         | true
        other, nearside; distribution="d"                                  | true
        nearside; distribution="e", nearside; distribution="f"             | true
        nearsider, nearside; distribution="e"                              | false
        """)
    void aRequestThatWasHereBeforeIsALoop(String said, boolean loop) {
        assertThat(CdnLoop.isLoop(request("GET http://a.example/", "CDN-Loop", said), new DistributionId("d")))
                .isEqualTo(loop);
    }

    private static ForwardedRequest fetch(CachePolicy key, OriginRequestPolicy sent, ViewerRequest request) {
        var route = Sites.route(key, sent, request);
        return ForwardedRequest.fetch(route, Selection.of(route), HOP);
    }
}

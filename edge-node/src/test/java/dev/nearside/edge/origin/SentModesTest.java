package dev.nearside.edge.origin;

import static dev.nearside.edge.route.Sites.key;
import static dev.nearside.edge.route.Sites.names;
import static dev.nearside.edge.route.Sites.request;
import static dev.nearside.edge.route.Sites.sent;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.edge.http.Headers;
import dev.nearside.edge.http.ViewerRequest;
import dev.nearside.edge.key.Selection;
import dev.nearside.edge.route.Selectors;
import dev.nearside.edge.route.Sites;
import dev.nearside.model.policy.CachePolicy;
import dev.nearside.model.policy.HeaderSelection;
import dev.nearside.model.policy.NameSelection;
import dev.nearside.model.policy.OriginRequestPolicy;
import dev.nearside.model.policy.PolicyId;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Cache policy times origin request policy: what reaches the origin (CF§5.2), in all its cells.
class SentModesTest {

    private static final Hop HOP = new Hop("edge-1");

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
        # cache policy | origin request policy | of a, b and c
        none           | none                  | -
        none           | all                   | a b c
        none           | a                     | a
        none           | -a                    | b c
        all            | none                  | a b c
        all            | all                   | a b c
        all            | a                     | a b c
        all            | -a                    | a b c
        a              | none                  | a
        a              | all                   | a b c
        a              | a                     | a
        a              | b                     | a b
        a              | -a                    | a b c
        a              | -b                    | a c
        -a             | none                  | b c
        -a             | all                   | a b c
        -a             | a                     | a b c
        -a             | b                     | b c
        -a             | -a                    | b c
        -a             | -b                    | c
        """)
    void cookiesAndQueryStrings(String keyed, String sentToo, String names) {
        var policy = key("", names(keyed), names(keyed), false, false);
        var request = request("GET http://a.example/x?c=3&a=1&b=2&a=0", "Cookie", "c=3; b=2; a=1");
        var forwarded = fetch(policy, sent(new HeaderSelection.None(), names(sentToo), names(sentToo)), request);
        var expected = names == null ? Set.<String>of() : Set.of(names.split(" ", -1));

        var cookies = Arrays.stream(new String[] {"a=1", "b=2", "c=3"})
                .filter(pair -> expected.contains(pair.substring(0, 1)))
                .collect(Collectors.joining("; "));
        assertThat(forwarded.headers().first("Cookie"))
                .isEqualTo(cookies.isEmpty() ? Optional.empty() : Optional.of(cookies));
        var query = Arrays.stream(new String[] {"c=3", "a=1", "b=2", "a=0"}) // in the viewer's order
                .filter(pair -> expected.contains(pair.substring(0, 1)))
                .collect(Collectors.joining("&"));
        assertThat(forwarded.target()).isEqualTo(query.isEmpty() ? "/x" : "/x?" + query);
    }

    /// A cache policy has no "all" and no "all but" for headers.
    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
        # cache policy | origin request policy | of X-A, X-B and X-C
        none           | none                  | -
        none           | all                   | x-a x-b x-c
        none           | only x-a              | x-a
        none           | except x-a            | x-b x-c
        none           | facts                 | x-a x-b x-c
        x-a            | none                  | x-a
        x-a            | all                   | x-a x-b x-c
        x-a            | only x-a              | x-a
        x-a            | only x-b              | x-a x-b
        x-a            | except x-a            | x-a x-b x-c
        x-a            | except x-b            | x-a x-c
        x-a            | facts                 | x-a x-b x-c
        """)
    void headers(String keyed, String sentToo, String names) {
        var policy = key(keyed.equals("none") ? "" : keyed, names("none"), names("none"), false, false);
        var request = request("GET http://a.example/x", "X-A", "1", "X-B", "2", "X-C", "3");
        var forwarded = fetch(policy, sent(selection(sentToo), names("none"), names("none")), request);

        assertThat(sentNames(forwarded.headers(), "x-"))
                .isEqualTo(names == null ? Set.of() : Set.of(names.split(" ", -1)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
        # cache policy              | origin request policy                     | facts that are sent
        none                        | none                                      | -
        none                        | all                                       | -
        none                        | except host                               | -
        none                        | only cloudfront-viewer-city               | cloudfront-viewer-city
        none                        | facts cloudfront-viewer-city              | cloudfront-viewer-city
        none                        | facts cloudfront-error-uri                | cloudfront-error-uri
        cloudfront-viewer-country   | none                                      | cloudfront-viewer-country
        cloudfront-viewer-country   | all                                       | cloudfront-viewer-country
        cloudfront-viewer-country   | facts cloudfront-viewer-city              | cloudfront-viewer-city cloudfront-viewer-country
        """)
    void facts(String keyed, String sentToo, String names) {
        var policy = key(keyed.equals("none") ? "" : keyed, names("none"), names("none"), false, false);
        var request = request(
                "GET http://a.example/x",
                "CloudFront-Viewer-Country",
                "AT",
                "CloudFront-Viewer-City",
                "Wien",
                "CloudFront-Error-Uri",
                "/");
        var forwarded = fetch(policy, sent(selection(sentToo), names("none"), names("none")), request);

        assertThat(sentNames(forwarded.headers(), "cloudfront-"))
                .isEqualTo(names == null ? Set.of() : Set.of(names.split(" ", -1)));
    }

    @Test
    void hostGoesOrDoesNot() {
        var policy = key("", names("none"), names("none"), false, false);
        var request = request("GET http://a.example/x", "Host", "a.example");

        for (var sending : new String[] {"all", "facts", "except x-a", "only host"}) {
            assertThat(fetch(policy, sent(selection(sending), names("none"), names("none")), request)
                            .headers()
                            .all("Host"))
                    .as(sending)
                    .containsExactly("a.example");
        }
        for (var sending : new String[] {"none", "except host", "only x-a"}) {
            assertThat(fetch(policy, sent(selection(sending), names("none"), names("none")), request)
                            .headers()
                            .all("Host"))
                    .as(sending)
                    .containsExactly("origin.example");
        }
        assertThat(fetch(
                                key("host", names("none"), names("none"), false, false),
                                sent(selection("except host"), names("none"), names("none")),
                                request)
                        .headers()
                        .all("Host"))
                .containsExactly("a.example");
    }

    @Test
    void allViewerExceptHostTellsTheViewersDevicePlaceAndProtocol() {
        var managed = new OriginRequestPolicy(
                new PolicyId("b689b0a8-53d0-40ab-baf2-68738e2966ac"),
                "Managed-AllViewerExceptHostHeader",
                new HeaderSelection.AllExcept(Set.of("host")),
                new NameSelection.All(),
                new NameSelection.All());
        var selectors = Selectors.of(Sites.KEY_OF_PATH, Optional.of(managed));

        assertThat(selectors.sendsHeader("cloudfront-is-mobile-viewer")).isTrue();
        assertThat(selectors.sendsHeader("cloudfront-viewer-country")).isTrue();
        assertThat(selectors.sendsHeader("cloudfront-forwarded-proto")).isTrue();
        assertThat(selectors.sendsHeader("cloudfront-viewer-tls")).isTrue();
        assertThat(selectors.sendsHeader("cloudfront-viewer-address")).isFalse();
        assertThat(selectors.sendsHeader("cloudfront-viewer-asn")).isFalse();
        assertThat(selectors.sendsHeader("cloudfront-viewer-header-order")).isFalse();
        assertThat(selectors.sendsHeader("host")).isFalse();
        assertThat(selectors.keyedFacts()).isEmpty();
        assertThat(selectors.sentFacts()).hasSize(19);
        assertThat(selectors.tellsDevice()).isTrue();
        assertThat(selectors.isOutsideKey("cloudfront-is-mobile-viewer")).isTrue();
    }

    private static HeaderSelection selection(String written) {
        var names = Arrays.stream(written.split(" ", -1)).skip(1).collect(Collectors.toSet());
        return switch (written.split(" ", -1)[0]) {
            case "none" -> new HeaderSelection.None();
            case "all" -> new HeaderSelection.AllViewer();
            case "only" -> new HeaderSelection.Only(names);
            case "except" -> new HeaderSelection.AllExcept(names);
            case "facts" -> new HeaderSelection.AllViewerAndCloudFront(names);
            default -> throw new IllegalArgumentException(written);
        };
    }

    private static Set<String> sentNames(Headers headers, String prefix) {
        return headers.fields().stream()
                .map(field -> field.name().toLowerCase(Locale.ROOT))
                .filter(name -> name.startsWith(prefix))
                .filter(name -> !name.equals("x-forwarded-for") && !name.equals("x-nearside-id"))
                .collect(Collectors.toSet());
    }

    private static ForwardedRequest fetch(CachePolicy key, OriginRequestPolicy sent, ViewerRequest request) {
        var route = Sites.route(key, sent, request);
        return ForwardedRequest.fetch(route, Selection.of(route), HOP);
    }
}

package dev.nearside.edge.key;

import static dev.nearside.edge.route.Sites.KEY_OF_PATH;
import static dev.nearside.edge.route.Sites.SENDS_NOTHING;
import static dev.nearside.edge.route.Sites.names;
import static dev.nearside.edge.route.Sites.route;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.edge.http.Headers;
import dev.nearside.edge.http.LogPosition;
import dev.nearside.edge.http.StoredResponse;
import dev.nearside.edge.http.Variants;
import dev.nearside.edge.http.ViewerRequest;
import dev.nearside.edge.route.Sites;
import dev.nearside.model.policy.CachePolicy;
import dev.nearside.model.policy.HeaderSelection;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CacheKeysTest {

    private static final CachePolicy ALL = Sites.key("host x-a", names("all"), names("all"), true, true);

    /// A request, in the parts that may be keyed.
    record Parts(String path, Optional<String> query, Optional<String> header, String cookies) {}

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # one                              | other                              | same
        GET http://a.example/a             | HEAD http://a.example/a            | true
        GET http://a.example/a             | OPTIONS http://a.example/a         | false
        GET http://a.example/a             | GET https://a.example/a            | true
        GET http://a.example/a             | GET http://a.example:81/a          | true
        GET http://a.example/a             | GET http://a.example/A             | false
        GET http://a.example/a             | GET http://a.example/%61           | false
        GET http://a.example/a?x=1         | GET http://a.example/a?x=1&z=2     | true
        GET http://a.example/a?x=1         | GET http://a.example/a             | false
        GET http://a.example/a?x=1&y=2     | GET http://a.example/a?y=2&x=1     | false
        GET http://a.example/a?x=1         | GET http://a.example/a?X=1         | false
        GET http://a.example/              | GET http://a.example/index.html    | true
        """)
    void tellsApartWhatThePolicySelects(String one, String other, boolean same) {
        var policy = Sites.key("", names("none"), names("x y"), false, false);
        var first = CacheKeys.of(route(policy, SENDS_NOTHING, Sites.request(one)));
        var second = CacheKeys.of(route(policy, SENDS_NOTHING, Sites.request(other)));

        assertThat(first.equals(second)).isEqualTo(same);
    }

    @Test
    void headersAndCookiesAreKeyedWhateverTheirOrder() {
        var one = Sites.request("GET http://a.example/", "X-A", "1", "Cookie", "b=2; a=1", "X-Z", "9");
        var two = Sites.request("GET http://a.example/", "cookie", "a=1; b=2", "x-a", "1");
        var three = Sites.request("GET http://a.example/", "X-A", "", "Cookie", "a=1; b=2");
        var four = Sites.request("GET http://a.example/", "Cookie", "a=1; b=2");

        assertThat(key(one)).isEqualTo(key(two));
        assertThat(Set.of(key(two), key(three), key(four))).hasSize(3);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", quoteCharacter = '`', textBlock = """
        # gzip | br    | viewer accepts      | keyed   | sent
        true   | true  | gzip, br            | br,gzip | br,gzip
        true   | true  | br;q=1.0, gzip;q=.1 | br,gzip | br,gzip
        true   | true  | gzip, deflate       | gzip    | gzip
        true   | true  | GZIP                | gzip    | gzip
        true   | true  | br                  | br      | br
        true   | true  | deflate, zstd, *    | -       | identity
        true   | true  | ``                  | -       | identity
        true   | true  | gzip;q=0, br        | br      | br
        true   | true  | gzip; Q = 0.000     | -       | identity
        true   | true  | gzip;q=0.001        | gzip    | gzip
        true   | true  | xgzip, brr          | -       | identity
        true   | false | gzip, br            | gzip    | gzip
        true   | false | br                  | -       | identity
        false  | true  | gzip, br            | br      | br
        false  | true  | gzip                | -       | identity
        false  | false | gzip, br            | -       | -
        true   | true  | -                   | -       | -
        """)
    void codingsAreNormalised(boolean gzip, boolean brotli, String accepted, String keyed, String sent) {
        var headers = Optional.ofNullable(accepted);
        var asked = headers.map(value -> Sites.request("GET http://a.example/", "Accept-Encoding", value))
                .orElseGet(() -> Sites.request("GET http://a.example/"));

        assertThat(AcceptedCodings.of(asked, gzip, brotli))
                .isEqualTo(new AcceptedCodings(Optional.ofNullable(keyed), Optional.ofNullable(sent)));
    }

    @Test
    void aTargetHasTheKeyedQueryBehindBothForms() {
        var policy = Sites.key("", names("none"), names("x"), false, false);
        var target = CacheKeys.of(route(policy, SENDS_NOTHING, Sites.request("GET http://a.example/b/%61?z=1&x=2")))
                .target();

        assertThat(target).isEqualTo(new CacheKey.Target("d", "/b/%61?x=2", "/b/a?x=2"));
        assertThat(CacheKeys.of(route(KEY_OF_PATH, SENDS_NOTHING, Sites.request("GET http://a.example/b?z=1")))
                        .target())
                .isEqualTo(new CacheKey.Target("d", "/b", "/b"));
    }

    @Property
    void equalPartsMakeEqualKeysAndOthersDoNot(@ForAll("parts") Parts one, @ForAll("parts") Parts other) {
        assertThat(key(request(one)).equals(key(request(other)))).isEqualTo(one.equals(other));
    }

    @Property
    void whatIsNotSelectedMakesNoDifference(@ForAll("parts") Parts one, @ForAll("parts") Parts other) {
        var first = CacheKeys.of(route(KEY_OF_PATH, SENDS_NOTHING, request(one)));
        var second = CacheKeys.of(route(KEY_OF_PATH, SENDS_NOTHING, request(other)));

        assertThat(first.equals(second)).isEqualTo(one.path().equals(other.path()));
    }

    @Property
    void noTwoPoliciesCollide(
            @ForAll("policies") CachePolicy one, @ForAll("policies") CachePolicy other, @ForAll("parts") Parts parts) {
        var first = CacheKeys.of(route(one, SENDS_NOTHING, request(parts)));
        var second = CacheKeys.of(route(other, SENDS_NOTHING, request(parts)));

        assertThat(first.equals(second)).isEqualTo(one.equals(other));
    }

    @Test
    void variantsAreOfWhatTheOriginSeesOutsideTheKey() {
        var sent = Sites.sent(new HeaderSelection.Only(Set.of("accept", "x-a")), names("none"), names("none"));
        var selectors = route(ALL, sent, Sites.request("GET http://a.example/")).selectors();

        assertThat(CacheKeys.variants(
                        Optional.empty(), varying("Accept, X-A, X-Z, Cookie"), selectors, LogPosition.NONE))
                .contains(new Variants(List.of("accept"), LogPosition.NONE));
        assertThat(CacheKeys.variants(Optional.empty(), varying("Accept-Encoding"), selectors, LogPosition.NONE))
                .isEmpty();
        var known = Optional.of(new Variants(List.of("user-agent"), LogPosition.NONE));
        assertThat(CacheKeys.variants(known, varying("Accept"), selectors, LogPosition.NONE))
                .contains(new Variants(List.of("accept", "user-agent"), LogPosition.NONE));
        assertThat(CacheKeys.covers(varying("X-Z"), List.of(), selectors)).isTrue();
        assertThat(CacheKeys.covers(varying("Accept"), List.of(), selectors)).isFalse();
        assertThat(CacheKeys.covers(varying("Accept"), List.of("accept"), selectors))
                .isTrue();
    }

    @Test
    void aVariantIsItsHeadersAndItsTargetIsTheKeys() {
        var primary = key(Sites.request("GET http://a.example/"));
        var variants = new Variants(List.of("accept", "x-b"), LogPosition.NONE);
        var html = CacheKeys.variant(primary, variants, Headers.of("Accept", "text/html"));
        var same = CacheKeys.variant(primary, variants, Headers.of("accept", " text/html ", "x-c", "1"));
        var other = CacheKeys.variant(primary, variants, Headers.of("X-B", "text/html"));

        assertThat(html).isEqualTo(same).isNotEqualTo(other).isNotEqualTo(primary);
        assertThat(html.target()).isEqualTo(primary.target());
    }

    @Provide
    Arbitrary<Parts> parts() {
        var text = Arbitraries.of("a", "b", "c=", "d").list().ofMaxSize(3).map(list -> String.join("", list));
        return Combinators.combine(
                        text.map(path -> "/p" + path),
                        text.optional(),
                        text.optional(),
                        Arbitraries.of("", "a=1", "a=1; b=2", "a=1; b=2; h=x"))
                .as(Parts::new);
    }

    @Provide
    Arbitrary<CachePolicy> policies() {
        var selection = Arbitraries.of("none", "all", "a", "a b", "-a", "-a b");
        return Combinators.combine(
                        Arbitraries.of("", "x-a", "host", "host x-a"),
                        selection,
                        selection,
                        Arbitraries.of(true, false),
                        Arbitraries.of(true, false))
                .as((headers, cookies, query, gzip, brotli) ->
                        Sites.key(headers, names(cookies), names(query), gzip, brotli));
    }

    private static ViewerRequest request(Parts parts) {
        var line = "GET http://a.example" + parts.path()
                + parts.query().map(query -> "?" + query).orElse("");
        return parts.header()
                .map(value -> Sites.request(line, "X-A", value, "Cookie", parts.cookies()))
                .orElseGet(() -> Sites.request(line, "Cookie", parts.cookies()));
    }

    private static CacheKey key(ViewerRequest request) {
        return CacheKeys.of(route(ALL, SENDS_NOTHING, request));
    }

    private static StoredResponse varying(String on) {
        return new StoredResponse(200, Headers.of("Vary", on), Instant.EPOCH, Instant.EPOCH, LogPosition.NONE);
    }
}

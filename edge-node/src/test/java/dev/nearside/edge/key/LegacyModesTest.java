package dev.nearside.edge.key;

import static dev.nearside.edge.route.Sites.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.edge.http.Headers;
import dev.nearside.edge.http.LogPosition;
import dev.nearside.edge.http.StoredResponse;
import dev.nearside.edge.http.Variants;
import dev.nearside.edge.http.ViewerRequest;
import dev.nearside.edge.route.Routed.Route;
import dev.nearside.edge.route.RoutingTable;
import dev.nearside.edge.route.Sites;
import dev.nearside.model.behavior.AllowedMethods;
import dev.nearside.model.behavior.Behavior;
import dev.nearside.model.behavior.Caching;
import dev.nearside.model.behavior.PathPattern;
import dev.nearside.model.behavior.ViewerProtocolPolicy;
import dev.nearside.model.policy.ForwardedValues;
import dev.nearside.model.policy.NameSelection;
import dev.nearside.model.policy.Policies;
import dev.nearside.model.policy.TtlBounds;
import dev.nearside.model.snapshot.Snapshot;
import dev.nearside.model.snapshot.SnapshotVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A behavior without policies (CF§2.7): what it keys on and what it forwards.
class LegacyModesTest {

    private static final NameSelection NOTHING = new NameSelection.None();
    private static final TtlBounds TTL = new TtlBounds(Duration.ZERO, Duration.ofDays(1), Duration.ofDays(365));

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
        # query string | keys | query       | in the key  | to the origin
        false          | -    | a=1&b=2     | -           | -
        true           | -    | a=1&b=2     | a=1&b=2     | a=1&b=2
        true           | -    | b=2&a=1     | b=2&a=1     | b=2&a=1
        true           | a    | a=1&b=2     | a=1         | a=1&b=2
        true           | a c  | c=3&b=2&a=1 | c=3&a=1     | c=3&b=2&a=1
        true           | a    | b=2         | -           | b=2
        true           | a    | A=1&&b      | -           | A=1&&b
        true           | a    | -           | -           | -
        """)
    void queryStrings(boolean forwarded, String keys, String query, String keyed, String sent) {
        var route = route(
                new ForwardedValues(forwarded, names(keys), List.of(), NOTHING),
                request("GET http://a.example/x" + (query == null ? "" : "?" + query)));

        assertThat(Selection.of(route).query()).isEqualTo(Optional.ofNullable(keyed));
        assertThat(route.selectors().sendsWholeQuery()).isEqualTo(forwarded);
        assertThat(route.selectors().sendsWholeQuery() ? route.request().rawQuery() : Optional.<String>empty())
                .isEqualTo(Optional.ofNullable(sent));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
        # cookies        | Cookie                     | in the key and to the origin
        none             | a=1; b=2                   | -
        all              | b=2; a=1                   | a=1; b=2
        a                | a=1; b=2; A=3              | a=1
        sess*            | session=1; sess=2; ses=3   | sess=2; session=1
        *id              | userid=1; id=2; ids=3      | id=2; userid=1
        a?c              | abc=1; ac=2; abbc=3; a?c=4 | a?c=4; abc=1
        *                | b=1; a=2                   | a=2; b=1
        sess* a          | a=1; session=2; b=3        | a=1; session=2
        """)
    void cookies(String said, String cookie, String selected) {
        var cookies = switch (said) {
            case "none" -> NOTHING;
            case "all" -> new NameSelection.All();
            default -> new NameSelection.Matching(names(said));
        };
        var route = route(
                new ForwardedValues(false, Set.of(), List.of(), cookies),
                request("GET http://a.example/x", "Cookie", cookie));

        assertThat(Selection.of(route).cookies()).isEqualTo(Optional.ofNullable(selected));
        for (var name : Arrays.stream(cookie.split("; ", -1))
                .map(pair -> pair.split("=", 2)[0])
                .toList()) {
            assertThat(route.selectors().sendsCookie(name))
                    .as(name)
                    .isEqualTo(selected != null && ("; " + selected).contains("; " + name + "="));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # header                | listed: none | listed: itself | told apart by Vary if not listed
        x-anything              | true         | true           | true
        origin                  | true         | true           | true
        access-control-request-method | true   | true           | true
        date                    | true         | true           | true
        from                    | true         | true           | true
        warning                 | true         | true           | true
        cache-control           | true         | true           | true
        pragma                  | true         | true           | true
        content-type            | true         | true           | true
        accept                  | false        | true           | false
        accept-charset          | false        | true           | false
        accept-language         | false        | true           | false
        referer                 | false        | true           | false
        user-agent              | false        | true           | false
        authorization           | false        | true           | false
        host                    | false        | true           | false
        expect                  | false        | true           | false
        te                      | false        | true           | false
        upgrade                 | false        | true           | false
        proxy-authorization     | false        | true           | false
        x-real-ip               | false        | true           | false
        x-edge-anything         | false        | true           | false
        x-forwarded-proto       | false        | true           | false
        x-http-method-override  | false        | true           | false
        cloudfront-viewer-city  | false        | true           | false
        # forwarded by CloudFront, but what frameworks take for the truth about a request poisons what is cached
        x-forwarded-host        | false        | true           | false
        x-forwarded-port        | false        | true           | false
        x-forwarded-prefix      | false        | true           | false
        forwarded               | false        | true           | false
        x-host                  | false        | true           | false
        x-http-method           | false        | true           | false
        x-method-override       | false        | true           | false
        x-original-url          | false        | true           | false
        x-rewrite-url           | false        | true           | false
        """)
    void headersThatNobodyLists(String name, boolean unlisted, boolean listed, boolean varies) {
        var none = route(new ForwardedValues(false, Set.of(), List.of(), NOTHING), request("GET http://a.example/x"))
                .selectors();
        var itself = route(
                        new ForwardedValues(false, Set.of(), List.of(name), NOTHING), request("GET http://a.example/x"))
                .selectors();

        assertThat(none.sendsHeader(name)).isEqualTo(unlisted);
        assertThat(none.isOutsideKey(name)).isEqualTo(varies);
        assertThat(itself.sendsHeader(name)).isEqualTo(listed);
        assertThat(itself.isOutsideKey(name)).isFalse();
        assertThat(itself.keyedHeaders()).containsExactly(name);
    }

    @Test
    void whatVariesByAnUnlistedHeaderLiesUnderAVariant() {
        var selectors = route(
                        new ForwardedValues(false, Set.of(), List.of(), NOTHING), request("GET http://a.example/x"))
                .selectors();
        var response = new StoredResponse(
                200,
                Headers.of("Vary", "Origin, Accept-Language, Accept-Encoding"),
                Instant.EPOCH,
                Instant.EPOCH,
                LogPosition.NONE);

        assertThat(CacheKeys.variants(Optional.empty(), response, selectors, LogPosition.NONE))
                .contains(new Variants(List.of("origin"), LogPosition.NONE));
    }

    @Test
    void allHeadersSwitchCachingOff() {
        var route = route(
                new ForwardedValues(true, Set.of("a"), List.of("*"), new NameSelection.All()),
                request("GET http://a.example/x?a=1", "Cookie", "a=1"));

        assertThat(route.cachePolicy().ttl().disableCaching()).isTrue();
        assertThat(route.selectors().sendsHeader("host")).isTrue();
        assertThat(route.selectors().sendsHeader("accept")).isTrue();
        assertThat(route.selectors().sendsHeader("authorization")).isTrue();
        assertThat(route.selectors().sendsHeader("cloudfront-viewer-city")).isFalse();
        assertThat(route.selectors().sendsCookie("a")).isTrue();
        assertThat(route.selectors().sendsWholeQuery()).isTrue();
        assertThat(route.selectors().codings()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
        # listed          | viewer accepts | in the key | to the origin
        -                 | gzip, br       | gzip       | gzip
        -                 | br             | -          | identity
        accept-encoding   | gzip, br       | -          | -
        """)
    void gzipIsToldApartAndNeverBrotli(String listed, String accepts, String keyed, String sent) {
        var headers = listed == null ? List.<String>of() : List.of(listed);
        var route = route(
                new ForwardedValues(false, Set.of(), headers, NOTHING),
                request("GET http://a.example/x", "Accept-Encoding", accepts));
        var selection = Selection.of(route);

        assertThat(selection.coding())
                .isEqualTo(new AcceptedCodings(Optional.ofNullable(keyed), Optional.ofNullable(sent)));
        assertThat(route.selectors().brotli()).isFalse();
        assertThat(selection.headers().isEmpty()).isEqualTo(listed == null);
    }

    private static Set<String> names(String said) {
        return said == null ? Set.of() : Set.of(said.split(" ", -1));
    }

    private static Route route(ForwardedValues forwarded, ViewerRequest request) {
        var behavior = new Behavior(
                new PathPattern("/x*"),
                Sites.ORIGIN.id(),
                ViewerProtocolPolicy.ALLOW_ALL,
                AllowedMethods.ALL,
                true,
                false,
                new Caching.Legacy(forwarded, TTL),
                Optional.empty());
        var table = RoutingTable.of(new Snapshot(
                new SnapshotVersion(1),
                "",
                List.of(Sites.distribution("d", true, "a.example", behavior)),
                new Policies(List.of(Sites.KEY_OF_PATH), List.of(Sites.SENDS_NOTHING), List.of())));
        return (Route) table.route(request);
    }
}

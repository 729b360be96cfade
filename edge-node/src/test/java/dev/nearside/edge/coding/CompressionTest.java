package dev.nearside.edge.coding;

import static dev.nearside.edge.route.Sites.SENDS_NOTHING;
import static dev.nearside.edge.route.Sites.names;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.edge.http.Headers;
import dev.nearside.edge.http.ViewerRequest;
import dev.nearside.edge.key.Selection;
import dev.nearside.edge.route.Routed.Route;
import dev.nearside.edge.route.Sites;
import dev.nearside.model.behavior.Behavior;
import dev.nearside.model.policy.CachePolicy;
import dev.nearside.model.policy.TtlBounds;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompressionTest {

    private static final Set<Coding> BOTH = Set.of(Coding.values());
    private static final Headers HTML = Headers.of("Content-Type", "text/html");

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # the viewer accepts     | policy  | so it is
        br, gzip                 | gzip br | br
        gzip, br                 | gzip br | br
        br;q=0.1, gzip;q=1       | gzip br | br
        gzip                     | gzip br | gzip
        br                       | gzip br | br
        br;q=0, gzip             | gzip br | gzip
        br;q=0, gzip;q=0         | gzip br | offered
        deflate, zstd, *         | gzip br | offered
        ''                       | gzip br | offered
        -                        | gzip br | offered
        br, gzip                 | gzip    | gzip
        br                       | gzip    | offered
        br, gzip                 | br      | br
        gzip                     | br      | offered
        br, gzip                 |         | untouched
        """)
    void theViewerAndThePolicyAgreeOnACoding(String accepted, String policy, String expected) {
        var request = accepted.equals("-")
                ? Sites.request("GET http://a.example/a")
                : Sites.request("GET http://a.example/a", "Accept-Encoding", accepted);
        var flags = policy == null ? "" : policy;
        var key = Sites.key("", names("none"), names("none"), flags.contains("gzip"), flags.contains("br"));

        assertThat(decided(route(key, request, true), 200, HTML, 5_000, BOTH)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # status | length   | fields of the origin                                           | compressed
        200      | 999      | Content-Type: text/css                                         | false
        200      | 1000     | Content-Type: text/css                                         | true
        200      | 10000000 | Content-Type: text/css                                         | true
        200      | 10000001 | Content-Type: text/css                                         | false
        200      | -1       | Content-Type: text/css                                         | false
        403      | 5000     | Content-Type: text/css                                         | true
        404      | 5000     | Content-Type: text/css                                         | true
        203      | 5000     | Content-Type: text/css                                         | false
        206      | 5000     | Content-Type: text/css, Content-Range: bytes 0-4999/9000       | false
        301      | 5000     | Content-Type: text/css                                         | false
        410      | 5000     | Content-Type: text/css                                         | false
        500      | 5000     | Content-Type: text/css                                         | false
        200      | 5000     | Content-Type: text/css, Content-Encoding: identity             | false
        200      | 5000     | Content-Type: text/css, Content-Encoding: gzip                 | false
        200      | 5000     | Content-Type: TEXT/CSS                                         | true
        200      | 5000     | Content-Type: text/css;charset=utf-8                           | true
        200      | 5000     | Content-Type: text/css ; charset=utf-8                         | true
        200      | 5000     | X-None: 1                                                      | false
        200      | 5000     | Content-Type: text/cssx                                        | false
        200      | 5000     | Content-Type: application/ld+json                              | false
        200      | 5000     | Content-Type: font/woff2                                       | false
        200      | 5000     | Content-Type: image/png                                        | false
        200      | 5000     | Content-Type: image/svg+xml                                    | true
        200      | 5000     | Content-Type: application/wasm                                 | true
        200      | 5000     | Content-Type: vnd.apple.mpegurl                                | true
        200      | 5000     | Content-Type: text/css, Cache-Control: no-transform            | false
        200      | 5000     | Content-Type: text/css, CDN-Cache-Control: no-transform        | false
        200      | 5000     | Content-Type: text/css, Cache-Control: private                 | true
        """)
    void theAnswerIsOneThatGains(int status, long length, String fields, boolean compressed) {
        var route = route(both(), gzip("GET"), true);

        assertThat(decided(route, status, headers(fields), length, BOTH)).isEqualTo(compressed ? "gzip" : "untouched");
    }

    @Test
    void noTransformHoldsBesideATargetedField() {
        var headers = Headers.of(
                "Content-Type", "text/css", "Cache-Control", "no-transform", "CDN-Cache-Control", "max-age=60");

        assertThat(decided(route(both(), gzip("GET"), true), 200, headers, 5_000, BOTH))
                .isEqualTo("untouched");
    }

    @Test
    void onlyWhereTheBehaviorWantsIt() {
        assertThat(decided(route(both(), gzip("GET"), false), 200, HTML, 5_000, BOTH))
                .isEqualTo("untouched");
    }

    @Test
    void notWhereNothingIsCached() {
        var disabled = new TtlBounds(Duration.ZERO, Duration.ZERO, Duration.ZERO);
        var policy = both();
        var key = new CachePolicy(
                policy.id(),
                policy.name(),
                false,
                disabled,
                policy.headers(),
                policy.cookies(),
                policy.queryStrings(),
                true,
                true,
                policy.reuse());

        assertThat(decided(route(key, gzip("GET"), true), 200, HTML, 5_000, BOTH))
                .isEqualTo("untouched");
    }

    @ParameterizedTest
    @CsvSource({"GET, gzip", "HEAD, gzip", "POST, untouched", "OPTIONS, untouched"})
    void aHeadIsToldWhatAGetWouldBe(String method, String expected) {
        assertThat(decided(route(both(), gzip(method), true), 200, HTML, 5_000, BOTH))
                .isEqualTo(expected);
    }

    @Test
    void gzipStandsInForABrotliThatIsNotThere() {
        var request = Sites.request("GET http://a.example/a", "Accept-Encoding", "br, gzip");

        assertThat(decided(route(both(), request, true), 200, HTML, 5_000, Set.of(Coding.GZIP)))
                .isEqualTo("gzip");
    }

    @Test
    void thereAreFortyEightTypes() {
        assertThat(Compression.TYPES).hasSize(48);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # the origin's fields                                 | those of the compressed answer
        ETag: "x"                                             | ETag: W/"x", Vary: Accept-Encoding, Content-Encoding: br
        ETag: W/"x"                                           | ETag: W/"x", Vary: Accept-Encoding, Content-Encoding: br
        ETag: x                                               | Vary: Accept-Encoding, Content-Encoding: br
        ETag: "                                               | Vary: Accept-Encoding, Content-Encoding: br
        Content-Length: 5000, Accept-Ranges: bytes            | Vary: Accept-Encoding, Content-Encoding: br
        Content-MD5: a, Digest: b, Content-Digest: c          | Vary: Accept-Encoding, Content-Encoding: br
        Repr-Digest: d, X-A: 1                                | X-A: 1, Vary: Accept-Encoding, Content-Encoding: br
        Vary: Origin                                          | Vary: Origin, Vary: Accept-Encoding, Content-Encoding: br
        Vary: origin; accept-encoding                         | Vary: origin; accept-encoding, Content-Encoding: br
        Vary: *                                               | Vary: *, Content-Encoding: br
        """)
    void theHeadSpeaksOfTheCompressedBytes(String plain, String compressed) {
        assertThat(CodedHead.of(headers(plain), Coding.BROTLI)).isEqualTo(headers(compressed));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # stored                             | made here, perhaps
        Content-Encoding: br, ETag: W/"x"    | true
        Content-Encoding: gzip               | true
        Content-Encoding: gzip, ETag: "x"    | false
        Content-Encoding: zstd               | false
        ETag: W/"x"                          | false
        """)
    void aStrongTagIsNeverOfOurs(String stored, boolean ours) {
        assertThat(CodedHead.mayBeOurs(headers(stored))).isEqualTo(ours);
    }

    private static String decided(Route route, int status, Headers headers, long length, Set<Coding> makeable) {
        var known = length < 0 ? OptionalLong.empty() : OptionalLong.of(length);
        var verdict = Compression.of(route, Selection.of(route).coding(), status, headers, known, makeable);
        return switch (verdict) {
            case Compression.Into(var coding) -> coding.token();
            case Compression.Offered() -> "offered";
            case Compression.Untouched() -> "untouched";
        };
    }

    private static Route route(CachePolicy key, ViewerRequest request, boolean compress) {
        var route = Sites.route(key, SENDS_NOTHING, request);
        var behavior = route.behavior();
        return new Route(
                route.distribution(),
                new Behavior(
                        behavior.pattern(),
                        behavior.target(),
                        behavior.viewerProtocolPolicy(),
                        behavior.allowedMethods(),
                        behavior.cachesOptions(),
                        compress,
                        behavior.caching(),
                        behavior.responseHeadersPolicy()),
                route.cachePolicy(),
                route.originRequestPolicy(),
                route.responseHeadersPolicy(),
                route.origin(),
                route.failover(),
                route.request(),
                route.path(),
                route.selectors());
    }

    private static CachePolicy both() {
        return Sites.key("", names("none"), names("none"), true, true);
    }

    private static ViewerRequest gzip(String method) {
        return Sites.request(method + " http://a.example/a", "Accept-Encoding", "gzip");
    }

    /// Written `Name: value, Name: value`; a semicolon with a blank stands for a comma inside a value of `Vary`.
    private static Headers headers(String written) {
        var parts = written.split(", ", -1);
        var fields = new String[2 * parts.length];
        for (int i = 0; i < parts.length; i++) {
            int colon = parts[i].indexOf(": ");
            fields[2 * i] = parts[i].substring(0, colon);
            var value = parts[i].substring(colon + 2);
            fields[2 * i + 1] = fields[2 * i].equals("Vary") ? value.replace(';', ',') : value;
        }
        return Headers.of(fields);
    }
}

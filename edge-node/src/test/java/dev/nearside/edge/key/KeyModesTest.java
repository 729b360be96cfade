package dev.nearside.edge.key;

import static dev.nearside.edge.route.Sites.SENDS_NOTHING;
import static dev.nearside.edge.route.Sites.names;
import static dev.nearside.edge.route.Sites.ofVersion;
import static dev.nearside.edge.route.Sites.request;
import static dev.nearside.edge.route.Sites.route;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.edge.http.Cookies;
import dev.nearside.edge.http.Headers;
import dev.nearside.edge.http.ViewerRequest;
import dev.nearside.edge.route.Routed.Route;
import dev.nearside.edge.route.Sites;
import dev.nearside.model.policy.CachePolicy;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Every mode of a cache policy (CF§2.2 to §2.5): what it selects of a request, and which requests share a key.
class KeyModesTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", emptyValue = "", textBlock = """
        # mode  | query            | in the key
        none    | a=1&b=2          | -
        none    | -                | -
        all     | a=1&b=2          | a=1&b=2
        all     | b=2&a=1          | b=2&a=1
        all     | -                | -
        all     | ''               | ''
        all     | &&a=1&           | &&a=1&
        all     | a=1;b=2          | a=1;b=2
        a c     | a=1&b=2&c=3      | a=1&c=3
        a c     | c=3&b=2&a=1      | c=3&a=1
        a c     | a=1&a=2&b=3&a=1  | a=1&a=2&a=1
        a c     | A=1&b=2          | -
        a c     | a                | a
        a c     | a=               | a=
        a c     | a=1=2            | a=1=2
        a c     | %61=1            | -
        a c     | a=%31            | a=%31
        a c     | a+=1             | -
        a c     | &&a=1&&c=3&      | a=1&c=3
        a c     | a=1;c=3          | a=1;c=3
        a c     | b=1;a=2          | -
        a c     | =1               | -
        a c     | ''               | -
        a c     | -                | -
        a*      | ab=1&a*=2        | a*=2
        -a c    | a=1&b=2&c=3&d=4  | b=2&d=4
        -a c    | A=1&a=1          | A=1
        -a c    | b=2&b=1          | b=2&b=1
        -a c    | =1&a=2           | =1
        -a c    | a=1              | -
        -a c    | ''               | -
        -a c    | -                | -
        """)
    void queryStrings(String mode, String query, String keyed) {
        var policy = Sites.key("", names("none"), names(mode), false, false);
        var line = "GET http://a.example/x" + (query == null ? "" : "?" + query);

        assertThat(selected(policy, request(line)).query()).isEqualTo(Optional.ofNullable(keyed));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", quoteCharacter = '`', textBlock = """
        # mode  | Cookie                   | in the key
        none    | a=1; b=2                 | -
        all     | a=1; b=2                 | a=1; b=2
        all     | b=2; a=1                 | a=1; b=2
        all     | b=2;a=1                  | a=1; b=2
        all     | a=2; a=1                 | a=2; a=1
        all     | B=1; a=1                 | B=1; a=1
        all     | a=; b=2                  | a=; b=2
        all     | a=1=2                    | a=1=2
        all     | a="x y"                  | a="x y"
        all     | ; a=1;; b=2;             | a=1; b=2
        all     | $Version=1; a=1; $Path=/ | a=1
        all     | $Version=1               | -
        all     | -                        | -
        all     | ``                       | -
        # a header that is no list of name=value does not count
        all     | a=1; b                   | -
        all     | a                        | -
        all     | =1; a=1                  | -
        all     | a=1, b                   | a=1, b
        a c     | c=3; b=2; a=1            | a=1; c=3
        a c     | A=1                      | -
        a c     | a=2; b=1; a=1            | a=2; a=1
        a c     | b=1                      | -
        a*      | ab=1; a*=2               | a*=2
        -a c    | d=4; a=1; b=2; c=3       | b=2; d=4
        -a c    | a=1                      | -
        """)
    void cookies(String mode, String cookie, String keyed) {
        var policy = Sites.key("", names(mode), names("none"), false, false);
        var asked = cookie == null
                ? request("GET http://a.example/x")
                : request("GET http://a.example/x", "Cookie", cookie);

        assertThat(selected(policy, asked).cookies()).isEqualTo(Optional.ofNullable(keyed));
    }

    @Test
    void severalLinesOfCookiesAreOneAndABadLineIsNone() {
        var lines = Headers.of("Cookie", "b=2", "Accept", "*/*", "cookie", "nothing", "Cookie", "a=1; c=3");

        assertThat(Cookies.of(lines).written()).contains("a=1; b=2; c=3");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", emptyValue = "", textBlock = """
        # one, name=value   | other             | same key
        X-A=1               | x-a=1             | true
        X-A=1               | X-A=2             | false
        X-A=a               | X-A=A             | false
        X-A=                | -                 | false
        X-A=1               | -                 | false
        X-B=1               | -                 | false
        X-C=1               | -                 | true
        X-A=1/X-B=2         | X-B=2/X-A=1       | true
        X-A=1               | X-B=1             | false
        X-A=1/X-A=2         | X-A=1, 2          | true
        X-A=1/X-A=2         | X-A=2/X-A=1       | false
        X-A=1/X-C=2/X-A=2   | X-A=1/X-A=2       | true
        """)
    void headers(String one, String other, boolean same) {
        var policy = Sites.key("x-a x-b", names("none"), names("none"), false, false);

        assertThat(key(policy, with(one)).equals(key(policy, with(other)))).isEqualTo(same);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # host in key | one                       | other                           | same key
        false         | a.example http            | b.example http                  | true
        false         | a.example http            | a.example:8081 http             | true
        false         | a.example http            | a.example https                 | true
        true          | a.example http            | b.example http                  | false
        true          | a.example http            | a.example:8081 http             | false
        true          | a.example http            | A.EXAMPLE http                  | true
        true          | a.example http            | a.example https                 | true
        """)
    void hostAndScheme(boolean keyed, String one, String other, boolean same) {
        var policy = Sites.key(keyed ? "host" : "", names("none"), names("none"), false, false);

        assertThat(key(policy, to(one)).equals(key(policy, to(other)))).isEqualTo(same);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # one      | other       | same key
        GET /x     | HEAD /x     | true
        GET /x     | OPTIONS /x  | false
        GET /x     | GET /x/     | false
        GET /x     | GET /X      | false
        GET /x     | GET /%78    | false
        GET /x     | GET //x     | false
        GET /x     | GET /./x    | false
        GET /      | GET /index.html | true
        GET /      | GET //      | false
        """)
    void methodAndPath(String one, String other, boolean same) {
        var policy = Sites.KEY_OF_PATH;

        assertThat(key(policy, line(one)).equals(key(policy, line(other)))).isEqualTo(same);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", quoteCharacter = '`', textBlock = """
        # flags | version | viewer accepts            | keyed   | sent
        gb      | 1.1     | gzip, br                  | br,gzip | br,gzip
        gb      | 1.1     | br, gzip                  | br,gzip | br,gzip
        gb      | 1.1     | gzip                      | gzip    | gzip
        gb      | 1.1     | br                        | br      | br
        gb      | 1.1     | deflate                   | -       | identity
        g       | 1.1     | gzip                      | gzip    | gzip
        g       | 1.1     | gzip, br                  | gzip    | gzip
        g       | 1.1     | br                        | -       | identity
        b       | 1.1     | br                        | br      | br
        b       | 1.1     | gzip, br                  | br      | br
        b       | 1.1     | gzip                      | -       | identity
        -       | 1.1     | gzip, br                  | -       | -
        # no header: nothing in the key, nothing to the origin
        gb      | 1.1     | -                         | -       | -
        # nothing but what is named, and not what is refused
        gb      | 1.1     | *                         | -       | identity
        gb      | 1.1     | gzip;q=0, *               | -       | identity
        gb      | 1.1     | identity                  | -       | identity
        gb      | 1.1     | zstd, gzip;q=0.5          | gzip    | gzip
        gb      | 1.1     | gzip;q=0, br;q=0          | -       | identity
        gb      | 1.1     | gzip;q=0.000, br          | br      | br
        gb      | 1.1     | gzip ; q=0                | -       | identity
        gb      | 1.1     | gzip;q=0.1                | gzip    | gzip
        gb      | 1.1     | GZIP, Br                  | br,gzip | br,gzip
        gb      | 1.1     | x-gzip, bro               | -       | identity
        gb      | 1.1     | ,, gzip ,                 | gzip    | gzip
        gb      | 2.0     | gzip, br                  | br,gzip | br,gzip
        gb      | 1.0     | gzip, br                  | -       | -
        """)
    void acceptEncoding(String flags, String version, String accepted, String keyed, String sent) {
        var asked = accepted == null
                ? request("GET http://a.example/")
                : request("GET http://a.example/", "Accept-Encoding", accepted);
        boolean gzip = flags != null && flags.contains("g");
        boolean brotli = flags != null && flags.contains("b");

        assertThat(AcceptedCodings.of(ofVersion(version, asked), gzip, brotli))
                .isEqualTo(new AcceptedCodings(Optional.ofNullable(keyed), Optional.ofNullable(sent)));
    }

    @Test
    void aPolicyThatTellsCodingsApartKeysNothingElseOfTheHeader() {
        var policy = Sites.key("accept-encoding", names("none"), names("none"), true, false);
        var one = request("GET http://a.example/", "Accept-Encoding", "gzip, deflate");
        var other = request("GET http://a.example/", "Accept-Encoding", "br, gzip;q=0.1");

        assertThat(key(policy, one)).isEqualTo(key(policy, other));
        var whole = Sites.key("accept-encoding", names("none"), names("none"), false, false);
        assertThat(key(whole, one)).isNotEqualTo(key(whole, other));
    }

    @Test
    void factsAboutTheViewerAreKeyedLikeAnyHeader() {
        var policy = Sites.key(
                "cloudfront-is-mobile-viewer cloudfront-viewer-country", names("none"), names("none"), false, false);
        var mobile = request("GET http://a.example/", "CloudFront-Is-Mobile-Viewer", "true");
        var desktop = request("GET http://a.example/", "CloudFront-Is-Mobile-Viewer", "false");
        var unknown = request("GET http://a.example/");

        assertThat(Set.of(key(policy, mobile), key(policy, desktop), key(policy, unknown)))
                .hasSize(3);
    }

    private static Selection selected(CachePolicy policy, ViewerRequest request) {
        return Selection.of(route(policy, SENDS_NOTHING, request));
    }

    private static CacheKey key(CachePolicy policy, ViewerRequest request) {
        var table = Sites.table(policy, SENDS_NOTHING, Sites.distribution("d", true, "a.example b.example"));
        return CacheKeys.of((Route) table.route(request));
    }

    /// Headers written `name=value/name=value`; none if there is nothing.
    private static ViewerRequest with(String headers) {
        if (headers == null) return request("GET http://a.example/x");
        var written = new ArrayList<String>();
        for (var header : headers.split("/", -1)) {
            int equals = header.indexOf('=');
            written.add(header.substring(0, equals));
            written.add(header.substring(equals + 1));
        }
        return request("GET http://a.example/x", written.toArray(String[]::new));
    }

    private static ViewerRequest to(String hostAndScheme) {
        int space = hostAndScheme.indexOf(' ');
        var host = hostAndScheme.substring(0, space);
        return request(
                "GET " + hostAndScheme.substring(space + 1) + "://" + host.toLowerCase(Locale.ROOT) + "/x",
                "Host",
                host);
    }

    private static ViewerRequest line(String methodAndPath) {
        return request(methodAndPath.replace(" ", " http://a.example"));
    }
}

package dev.nearside.edge.route;

import static dev.nearside.edge.route.Sites.behavior;
import static dev.nearside.edge.route.Sites.distribution;
import static dev.nearside.edge.route.Sites.ofVersion;
import static dev.nearside.edge.route.Sites.request;
import static dev.nearside.edge.route.Sites.written;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.edge.http.Headers;
import dev.nearside.edge.http.ViewerRequest;
import dev.nearside.edge.route.Routed.Route;
import dev.nearside.model.behavior.AllowedMethods;
import dev.nearside.model.behavior.PathPattern;
import dev.nearside.model.behavior.ViewerProtocolPolicy;
import dev.nearside.model.distribution.Distribution;
import dev.nearside.model.distribution.GeoRestriction;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Every rule of CF§1.2, §1.5, §1.6 and §1.9 that decides where a request goes, as a row.
class RoutingRulesTest {

    private static final RoutingTable NAMES = Sites.table(
            Sites.KEY_OF_PATH,
            Sites.SENDS_NOTHING,
            distribution("any", true, "*.example.com"),
            distribution("deep", true, "*.b.c.example.com"),
            distribution("name", true, "www.b.c.example.com example.com"),
            distribution("off", false, "*.off.example.com shut.example.com"),
            distribution("plain", true, "localhost 127.0.0.1 [::1]"));

    private static final RoutingTable GATES = Sites.table(
            Sites.KEY_OF_PATH,
            Sites.SENDS_NOTHING,
            distribution(
                    "a",
                    true,
                    "a.example [::1]",
                    behavior("/any/*", ViewerProtocolPolicy.ALLOW_ALL, AllowedMethods.ALL, false),
                    behavior("/options/*", ViewerProtocolPolicy.ALLOW_ALL, AllowedMethods.GET_HEAD_OPTIONS, true),
                    behavior("/asked/*", ViewerProtocolPolicy.ALLOW_ALL, AllowedMethods.GET_HEAD_OPTIONS, false),
                    behavior("/read/*", ViewerProtocolPolicy.ALLOW_ALL, AllowedMethods.GET_HEAD, false),
                    behavior("/safe/*", ViewerProtocolPolicy.HTTPS_ONLY, AllowedMethods.ALL, false),
                    behavior("/moved/*", ViewerProtocolPolicy.REDIRECT_TO_HTTPS, AllowedMethods.ALL, false),
                    behavior("/moved-read/*", ViewerProtocolPolicy.REDIRECT_TO_HTTPS, AllowedMethods.GET_HEAD, false)));

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # host                  | distribution
        a.example.com           | any
        x.y.z.example.com       | any
        c.example.com           | any
        b.c.example.com         | any
        a.b.c.example.com       | deep
        x.y.b.c.example.com     | deep
        www.b.c.example.com     | name
        x.www.b.c.example.com   | deep
        example.com             | name
        localhost               | plain
        127.0.0.1               | plain
        [::1]                   | plain
        # a wildcard covers what is below it, and nothing beside it
        xexample.com            | UNKNOWN_HOST 403
        example.com.evil        | UNKNOWN_HOST 403
        com                     | UNKNOWN_HOST 403
        # a more specific name that is switched off does not fall back to a less specific one
        shut.example.com        | DISTRIBUTION_DISABLED 403
        off.example.com         | any
        a.off.example.com       | DISTRIBUTION_DISABLED 403
        """)
    void theMostSpecificNameDecides(String host, String outcome) {
        assertThat(written(NAMES.route(to(host)))).startsWith(outcome);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        # pattern          | path                         | matches
        /images/*.jpg      | /images/a.jpg                | true
        images/*.jpg       | /images/a.jpg                | true
        /images/*.jpg      | /images/a/b.jpg              | true
        /images/*.jpg      | /images/.jpg                 | true
        /images/*.jpg      | /images/a.jpg/b              | false
        /images/*.jpg      | /images/a.JPG                | false
        /images/*.jpg      | /Images/a.jpg                | false
        /images/*.jpg      | /x/images/a.jpg              | false
        *.jpg              | /a.jpg                       | true
        *.jpg              | /a/b.jpg                     | true
        *product.jpg       | /product.jpg                 | true
        *product.jpg       | /my/product.jpg              | true
        a*.jpg             | /apple.jpg                   | true
        a*.jpg             | /abra/cadabra/magic.jpg      | true
        a*.jpg             | /x/a.jpg                     | false
        /a??.jpg           | /abc.jpg                     | true
        /a??.jpg           | /ab.jpg                      | false
        /a??.jpg           | /a/b.jpg                     | true
        /a??.jpg           | /abcd.jpg                    | false
        /a?                | /a                           | false
        /a?                | /a?b=c                       | false
        /a?b*              | /a?b=c                       | false
        /a*                | /a?b=c                       | true
        *                  | /                            | true
        /*                 | /                            | true
        /                  | /x                           | false
        ?                  | /x                           | true
        /*/                | /a/b/                        | true
        /a/*               | /a                           | false
        /a/*               | /a/                          | true
        # characters that stand for themselves
        /a.b               | /axb                         | false
        /$~"'@:+&          | /$~"'@:+&                    | true
        /a+b               | /a%2Bb                       | true
        /a:b               | /a%3ab                       | true
        # a path is matched in its normal form
        /a/b*              | /a/b/../c                    | false
        /a/c               | /a/b/../c                    | true
        /a/c               | /a/./c                       | true
        /a/c               | //a//c                       | true
        /c                 | /../../c                     | true
        /a/c               | /%61/%63                     | true
        /a/                | /a/b/..                      | true
        /a/*/c             | /a/b%2Fc                     | false
        """)
    void aPatternMatchesTheWholePath(String pattern, String path, boolean matches) {
        var answering = behavior(pattern, ViewerProtocolPolicy.ALLOW_ALL, AllowedMethods.GET_HEAD, false);
        var table =
                Sites.table(Sites.KEY_OF_PATH, Sites.SENDS_NOTHING, distribution("d", true, "a.example", answering));
        var route = route(table.route(request("GET http://a.example" + path)));

        assertThat(route.behavior().equals(answering)).isEqualTo(matches);
        assertThat(route.request().rawPath()).isEqualTo(path.equals("/") ? "/index.html" : path.split("\\?", 2)[0]);
    }

    @Test
    void aPatternHasAtMost255Characters() {
        assertThat(PathPattern.problem("/" + "a".repeat(254))).isEmpty();
        assertThat(PathPattern.problem("/" + "a".repeat(255))).isPresent();
        assertThat(PathPattern.problem("")).isPresent();
        assertThat(PathPattern.problem("/a b")).isPresent();
        assertThat(PathPattern.problem("/a%20b")).isPresent();
    }

    @Test
    void theFirstMatchWins() {
        var table = Sites.table(
                Sites.KEY_OF_PATH,
                Sites.SENDS_NOTHING,
                distribution("d", true, "a.example", behavior("/a*"), behavior("/a/b*"), behavior("*.css")));

        assertThat(written(table.route(request("GET http://a.example/a/b/x.css"))))
                .isEqualTo("d /a*");
        assertThat(written(table.route(request("GET http://a.example/b/x.css"))))
                .isEqualTo("d *.css");
        assertThat(written(table.route(request("GET http://a.example/b")))).isEqualTo("d *");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # version | request                                        | outcome
        1.1       | GET http://a.example/safe/x                    | HTTPS_ONLY 403
        1.1       | POST http://a.example/safe/x                   | HTTPS_ONLY 403
        1.1       | GET https://a.example/safe/x                   | a /safe/*
        1.1       | GET http://a.example/moved/x                   | 301 https://a.example/moved/x
        1.1       | HEAD http://a.example/moved/x                  | 301 https://a.example/moved/x
        1.1       | POST http://a.example/moved/x                  | 307 https://a.example/moved/x
        1.1       | PUT http://a.example/moved/x                   | 307 https://a.example/moved/x
        1.1       | DELETE http://a.example/moved/x                | 307 https://a.example/moved/x
        1.1       | OPTIONS http://a.example/moved/x               | 307 https://a.example/moved/x
        1.1       | PATCH http://a.example/moved/x                 | 307 https://a.example/moved/x
        2.0       | POST http://a.example/moved/x                  | 307 https://a.example/moved/x
        1.0       | GET http://a.example/moved/x                   | 301 https://a.example/moved/x
        1.0       | HEAD http://a.example/moved/x                  | 301 https://a.example/moved/x
        1.0       | POST http://a.example/moved/x                  | HTTPS_ONLY 403
        1.0       | OPTIONS http://a.example/moved/x               | HTTPS_ONLY 403
        1.1       | TRACE http://a.example/moved/x                 | METHOD_NOT_ALLOWED 403
        1.1       | BREW http://a.example/moved/x                  | METHOD_NOT_ALLOWED 403
        # the scheme is settled before the method
        1.1       | POST http://a.example/moved-read/x             | 307 https://a.example/moved-read/x
        1.1       | POST https://a.example/moved-read/x            | METHOD_NOT_ALLOWED 403
        # path and query as they came, the host without the port
        1.1       | GET http://a.example/moved/%61/../x?a=b&c=%20? | 301 https://a.example/moved/%61/../x?a=b&c=%20?
        1.1       | GET http://a.example/moved/x?                  | 301 https://a.example/moved/x?
        1.1       | GET http://a.example:8081/moved/x              | 301 https://a.example/moved/x
        1.1       | GET http://A.example:8081/moved//x             | UNKNOWN_HOST 403
        # methods
        1.1       | GET http://a.example/read/x                    | a /read/*
        1.1       | HEAD http://a.example/read/x                   | a /read/*
        1.1       | OPTIONS http://a.example/read/x                | METHOD_NOT_ALLOWED 403
        1.1       | POST http://a.example/read/x                   | METHOD_NOT_ALLOWED 403
        1.1       | OPTIONS http://a.example/options/x             | a /options/*
        1.1       | PUT http://a.example/options/x                 | METHOD_NOT_ALLOWED 403
        1.1       | PUT http://a.example/any/x                     | a /any/*
        1.1       | POST http://a.example/any/x                    | a /any/*
        1.1       | PATCH http://a.example/any/x                   | a /any/*
        1.1       | DELETE http://a.example/any/x                  | a /any/*
        1.1       | OPTIONS http://a.example/any/x                 | a /any/*
        1.1       | TRACE http://a.example/any/x                   | METHOD_NOT_ALLOWED 403
        1.1       | CONNECT http://a.example/any/x                 | METHOD_NOT_ALLOWED 403
        1.1       | PROPFIND http://a.example/any/x                | METHOD_NOT_ALLOWED 403
        1.1       | get http://a.example/any/x                     | METHOD_NOT_ALLOWED 403
        1.0       | POST http://a.example/any/x                    | a /any/*
        """)
    void aBehaviorRefusesRedirectsOrAnswers(String version, String line, String outcome) {
        var routed = GATES.route(ofVersion(version, request(line)));

        assertThat(written(routed)).isEqualTo(outcome);
    }

    @Test
    void aLocationMayBeAnAddress() {
        assertThat(written(GATES.route(new ViewerRequest(
                        "GET",
                        "http",
                        "[::1]",
                        "/moved/",
                        Optional.empty(),
                        Headers.EMPTY,
                        "1.1",
                        "192.0.2.7",
                        1,
                        "id"))))
                .isEqualTo("301 https://[::1]/moved/");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # method | path       | cached
        GET      | /any/x     | true
        HEAD     | /any/x     | true
        OPTIONS  | /any/x     | false
        OPTIONS  | /asked/x   | false
        OPTIONS  | /options/x | true
        POST     | /any/x     | false
        DELETE   | /any/x     | false
        """)
    void someMethodsAreCached(String method, String path, boolean cached) {
        assertThat(route(GATES.route(request(method + " http://a.example" + path)))
                        .cachesMethod())
                .isEqualTo(cached);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # method | header            | value   | outcome
        GET      | Content-Length    | 1       | BODY_NOT_ALLOWED 403
        HEAD     | Content-Length    | 1       | BODY_NOT_ALLOWED 403
        GET      | Transfer-Encoding | chunked | BODY_NOT_ALLOWED 403
        GET      | Content-Length    | 0       | a /any/*
        GET      | Content-Type      | text/a  | a /any/*
        OPTIONS  | Content-Length    | 1       | a /any/*
        DELETE   | Content-Length    | 1       | a /any/*
        """)
    void readingCarriesNoBody(String method, String header, String value, String outcome) {
        assertThat(written(GATES.route(request(method + " http://a.example/any/x", header, value))))
                .isEqualTo(outcome);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
        # request                       | path to the origin     | behavior
        GET http://a.example/           | /home/index.html       | /home/*
        HEAD http://a.example/          | /home/index.html       | /home/*
        POST http://a.example/          | /home/index.html       | /home/*
        OPTIONS http://a.example/       | /home/index.html       | /home/*
        GET http://a.example/?a=b       | /home/index.html?a=b   | /home/*
        GET http://a.example/?          | /home/index.html?      | /home/*
        GET http://a.example///         | ///                    | *
        GET http://a.example//          | //                     | *
        GET http://a.example/.          | /.                     | *
        GET http://a.example/home/      | /home/                 | /home/*
        GET http://a.example/x/         | /x/                    | *
        GET http://a.example/index.html | /index.html            | *
        """)
    void onlyTheRootHasADefaultObject(String line, String path, String pattern) {
        var site = distribution("d", true, "a.example", behavior("/home/*"));
        var table = Sites.table(Sites.KEY_OF_PATH, Sites.SENDS_NOTHING, withRoot(site, Optional.of("home/index.html")));
        var route = route(table.route(request(line)));

        assertThat(route.request().rawPath()
                        + route.request().rawQuery().map(query -> "?" + query).orElse(""))
                .isEqualTo(path);
        assertThat(route.behavior().pattern().value()).isEqualTo(pattern);
    }

    @Test
    void withoutADefaultObjectTheRootGoesToTheOrigin() {
        var table = Sites.table(
                Sites.KEY_OF_PATH,
                Sites.SENDS_NOTHING,
                withRoot(distribution("d", true, "a.example"), Optional.empty()));

        assertThat(route(table.route(request("GET http://a.example/")))
                        .request()
                        .rawPath())
                .isEqualTo("/");
    }

    @Test
    void aUrlHasAnEnd() {
        var path = "/any/" + "x".repeat(RoutingTable.MAX_URL - 5 - 3);

        assertThat(written(GATES.route(request("GET http://a.example" + path + "?ab"))))
                .isEqualTo("a /any/*");
        assertThat(written(GATES.route(request("GET http://a.example" + path + "?abc"))))
                .isEqualTo("URL_TOO_LONG 414");
        assertThat(written(GATES.route(request("GET http://b.example" + path + "?abc"))))
                .isEqualTo("URL_TOO_LONG 414");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
        # restriction | viewer's country | outcome
        none          | AT               | d *
        none          | -                | d *
        only AT DE    | AT               | d *
        only AT DE    | FR               | GEO_BLOCKED 403
        only AT DE    | -                | d *
        except AT DE  | AT               | GEO_BLOCKED 403
        except AT DE  | FR               | d *
        except AT DE  | -                | d *
        """)
    void someCountriesAreNotServed(String restriction, String country, String outcome) {
        var table = Sites.table(
                Sites.KEY_OF_PATH,
                Sites.SENDS_NOTHING,
                restricted(distribution("d", true, "a.example"), restriction(restriction)));
        var asked = new boolean[1];
        var routed = table.route(request("GET http://a.example/x"), () -> {
            asked[0] = true;
            return Optional.ofNullable(country);
        });

        assertThat(written(routed)).isEqualTo(outcome);
        assertThat(asked[0]).isEqualTo(!restriction.equals("none"));
    }

    @Test
    void theCountryIsSettledBeforeTheBehaviorAndAfterTheDistribution() {
        var nobody = new GeoRestriction.Only(Set.of());
        var table = Sites.table(
                Sites.KEY_OF_PATH,
                Sites.SENDS_NOTHING,
                restricted(
                        distribution(
                                "d",
                                true,
                                "a.example",
                                behavior(
                                        "/moved/*", ViewerProtocolPolicy.REDIRECT_TO_HTTPS, AllowedMethods.ALL, false)),
                        nobody),
                restricted(distribution("off", false, "off.example"), nobody));

        for (var path : new String[] {"/", "/moved/x", "/.well-known/pki-validation/x"}) {
            assertThat(written(table.route(request("BREW http://a.example" + path), () -> Optional.of("AT"))))
                    .isEqualTo("GEO_BLOCKED 403");
        }
        assertThat(written(table.route(request("GET http://off.example/"), () -> Optional.of("AT"))))
                .isEqualTo("DISTRIBUTION_DISABLED 403");
    }

    private static GeoRestriction restriction(String written) {
        var countries = Set.copyOf(Arrays.asList(written.split(" ", -1)));
        return written.startsWith("only")
                ? new GeoRestriction.Only(countries)
                : written.startsWith("except") ? new GeoRestriction.AllExcept(countries) : new GeoRestriction.None();
    }

    private static Distribution restricted(Distribution site, GeoRestriction restriction) {
        return changed(site, site.defaultRootObject(), restriction);
    }

    private static Distribution withRoot(Distribution site, Optional<String> object) {
        return changed(site, object, site.geoRestriction());
    }

    private static Distribution changed(Distribution site, Optional<String> root, GeoRestriction restriction) {
        return new Distribution(
                site.id(),
                site.name(),
                site.comment(),
                site.enabled(),
                site.aliases(),
                root,
                site.origins(),
                site.originGroups(),
                site.customErrors(),
                restriction,
                site.tagHeader(),
                site.certificate(),
                site.behaviors(),
                site.defaultBehavior());
    }

    private static ViewerRequest to(String host) {
        return new ViewerRequest(
                "GET", "http", host, "/x", Optional.empty(), Headers.EMPTY, "1.1", "192.0.2.7", 1, "id");
    }

    private static Route route(Routed routed) {
        assertThat(routed).isInstanceOf(Route.class);
        return (Route) routed;
    }
}

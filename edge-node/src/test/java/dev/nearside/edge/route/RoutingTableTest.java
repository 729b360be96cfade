package dev.nearside.edge.route;

import static dev.nearside.edge.route.Sites.behavior;
import static dev.nearside.edge.route.Sites.distribution;
import static dev.nearside.edge.route.Sites.request;
import static dev.nearside.edge.route.Sites.written;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.edge.http.PathForms;
import dev.nearside.edge.http.ViewerRequest;
import dev.nearside.edge.route.Routed.Route;
import dev.nearside.model.behavior.AllowedMethods;
import dev.nearside.model.behavior.PathPattern;
import dev.nearside.model.behavior.ViewerProtocolPolicy;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoutingTableTest {

    private static final RoutingTable TABLE = Sites.table(
            Sites.KEY_OF_PATH,
            Sites.SENDS_NOTHING,
            distribution(
                    "a",
                    true,
                    "a.example 127.0.0.1 [::1] localhost",
                    behavior("images/*.jpg"),
                    behavior("/a/b*"),
                    behavior("/a*"),
                    behavior("*.css"),
                    behavior("/read/*", ViewerProtocolPolicy.ALLOW_ALL, AllowedMethods.GET_HEAD, false),
                    behavior("/only/*", ViewerProtocolPolicy.ALLOW_ALL, AllowedMethods.GET_HEAD_OPTIONS, true),
                    behavior("/safe/*", ViewerProtocolPolicy.HTTPS_ONLY, AllowedMethods.ALL, false),
                    behavior("/moved/*", ViewerProtocolPolicy.REDIRECT_TO_HTTPS, AllowedMethods.ALL, false)),
            distribution("wide", true, "*.example.org"),
            distribution("narrow", true, "*.b.example.org"),
            distribution("exact", true, "www.example.org"),
            distribution("off", false, "off.example"));

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # host               | distribution
        a.example            | a
        127.0.0.1            | a
        localhost            | a
        [::1]                | a
        www.example.org      | exact
        c.example.org        | wide
        c.d.example.org      | wide
        c.b.example.org      | narrow
        b.example.org        | wide
        example.org          | UNKNOWN_HOST
        b.example            | UNKNOWN_HOST
        a.example.           | UNKNOWN_HOST
        ''                   | UNKNOWN_HOST
        off.example          | DISTRIBUTION_DISABLED
        """)
    void theMostSpecificNameDecides(String host, String distribution) {
        var request = request("GET http://a.example/x");
        var asked = new ViewerRequest(
                request.method(),
                request.scheme(),
                host,
                request.rawPath(),
                request.rawQuery(),
                request.headers(),
                "1.1",
                "192.0.2.7",
                4711,
                "id");

        assertThat(written(TABLE.route(asked))).startsWith(distribution);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # path                     | pattern
        /images/a/b.jpg            | images/*.jpg
        /images/b.JPG              | *
        /a/b/c                     | /a/b*
        /a/b/..                    | /a*
        /a/x/../b                  | /a/b*
        //a//b                     | /a/b*
        /%61/b                     | /a/b*
        /other/x.css               | *.css
        /other/x.css?a=.js         | *.css
        /other/x.js?a=.css         | *
        /A/b                       | *
        """)
    void theFirstMatchingBehaviorAnswers(String path, String pattern) {
        assertThat(written(TABLE.route(request("GET http://a.example" + path)))).isEqualTo("a " + pattern);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # request                             | outcome
        POST http://a.example/read/x          | METHOD_NOT_ALLOWED 403
        OPTIONS http://a.example/read/x       | METHOD_NOT_ALLOWED 403
        OPTIONS http://a.example/only/x        | a /only/*
        PUT http://a.example/only/x            | METHOD_NOT_ALLOWED 403
        TRACE http://a.example/x              | METHOD_NOT_ALLOWED 403
        get http://a.example/x                | METHOD_NOT_ALLOWED 403
        GET http://a.example/safe/x           | HTTPS_ONLY 403
        GET https://a.example/safe/x          | a /safe/*
        GET http://a.example/moved/x?a=b&c    | 301 https://a.example/moved/x?a=b&c
        HEAD http://a.example/moved/x         | 301 https://a.example/moved/x
        POST http://a.example/moved/x         | 307 https://a.example/moved/x
        GET https://a.example/moved/x         | a /moved/*
        GET http://a.example/%00              | BAD_PATH 400
        GET http://a.example/a\\b              | BAD_PATH 400
        """)
    void aBehaviorMayRefuseOrRedirect(String line, String outcome) {
        assertThat(written(TABLE.route(request(line)))).isEqualTo(outcome);
    }

    @Test
    void readingCarriesNoBody() {
        assertThat(written(TABLE.route(request("GET http://a.example/x", "Content-Length", "1"))))
                .isEqualTo("BODY_NOT_ALLOWED 403");
        assertThat(written(TABLE.route(request("HEAD http://a.example/x", "transfer-encoding", "chunked"))))
                .isEqualTo("BODY_NOT_ALLOWED 403");
        assertThat(written(TABLE.route(request("GET http://a.example/x", "Content-Length", "0"))))
                .isEqualTo("a *");
        assertThat(written(TABLE.route(request("POST http://a.example/x", "Content-Length", "1"))))
                .isEqualTo("a *");
    }

    @Test
    void aUrlHasAnEnd() {
        var longest = "/" + "x".repeat(RoutingTable.MAX_URL - 1);

        assertThat(written(TABLE.route(request("GET http://a.example" + longest))))
                .isEqualTo("a *");
        assertThat(written(TABLE.route(request("GET http://a.example" + longest + "x"))))
                .isEqualTo("URL_TOO_LONG 414");
    }

    @Test
    void theRootIsAskedForItsObject() {
        assertThat(TABLE.route(request("GET http://a.example/?a=b"))).isInstanceOfSatisfying(Route.class, route -> {
            assertThat(route.request().rawPath()).isEqualTo("/index.html");
            assertThat(route.request().rawQuery()).contains("a=b");
            assertThat(route.path().normal()).isEqualTo("/index.html");
        });
        assertThat(TABLE.route(request("GET http://a.example///")))
                .isInstanceOfSatisfying(
                        Route.class,
                        route -> assertThat(route.request().rawPath()).isEqualTo("///"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # path                | ambiguous
        /other/x%3F.css       | true
        /other/x%23.css       | true
        /other/what%3F        | false
        /other/x.css          | false
        /other/..%2fx.css     | true
        """)
    void aPathThatAnOriginMayReadOtherwiseIsAmbiguous(String path, boolean ambiguous) {
        assertThat(TABLE.route(request("GET http://a.example" + path)))
                .isInstanceOfSatisfying(
                        Route.class,
                        route -> assertThat(route.path().ambiguous()).isEqualTo(ambiguous));
    }

    @Test
    void nothingIsKnownBeforeTheFirstSnapshot() {
        assertThat(written(RoutingTable.EMPTY.route(request("GET http://a.example/"))))
                .isEqualTo("UNKNOWN_HOST 403");
    }

    @Property
    void patternsMatchAsTheNaiveMatcherDoes(@ForAll("patterns") String pattern, @ForAll("patterns") String rest) {
        var path = "/" + rest;
        var rooted = pattern.startsWith("/") || pattern.startsWith("*") ? pattern : "/" + pattern;

        assertThat(new PathPattern(pattern.isEmpty() ? "*" : pattern).matches(path))
                .isEqualTo(matches(pattern.isEmpty() ? "*" : rooted, path));
    }

    @Provide
    Arbitrary<String> patterns() {
        return Arbitraries.of('a', 'b', '/', '*', '?').list().ofMaxSize(8).map(characters -> {
            var text = new StringBuilder();
            characters.forEach(text::append);
            return text.toString();
        });
    }

    private static boolean matches(String pattern, String path) {
        if (pattern.isEmpty()) return path.isEmpty();
        if (pattern.charAt(0) == '*') {
            for (int i = 0; i <= path.length(); i++) {
                if (matches(pattern.substring(1), path.substring(i))) return true;
            }
            return false;
        }
        return !path.isEmpty()
                && (pattern.charAt(0) == '?' || pattern.charAt(0) == path.charAt(0))
                && matches(pattern.substring(1), path.substring(1));
    }

    @Test
    void theNormalFormOfAPatternsPathIsItself() {
        assertThat(PathForms.normal("/a\\b")).isEqualTo("/a\\b");
    }
}

package dev.nearside.control.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.control.http.Requirement.Anyone;
import dev.nearside.control.http.RouteTable.Meeting;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which route a request line meets.
class RouteTableTest {
    private final RouteTable routes = new RouteTable(List.of(
            Route.get("/things", new Anyone(), _ -> new Answer.NoContent()),
            Route.get("/things/{id}", new Anyone(), _ -> new Answer.NoContent()),
            Route.delete("/things/{id}", new Anyone(), _ -> new Answer.NoContent()),
            Route.get("/things/{id}/parts/{part}", new Anyone(), _ -> new Answer.NoContent())));

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # method | path              | met
            GET      | /things           | GET /things
            GET      | /things/1         | GET /things/{id}
            DELETE   | /things/1         | DELETE /things/{id}
            GET      | /things/1/parts/2 | GET /things/{id}/parts/{part}
            POST     | /things           | 405 GET
            POST     | /things/1         | 405 DELETE, GET
            GET      | /things/          | 404
            GET      | /things/1/        | 404
            GET      | /                 | 404
            GET      | /Things           | 404
            """)
    void meetsOneRouteOrSaysWhyNot(String method, String path, String expected) {
        var answer = switch (routes.meet(method, path)) {
            case Meeting.Met met -> met.route().method() + " " + met.route().path();
            case Meeting.OtherMethod(var allowed) -> "405 " + allowed;
            case Meeting.Nowhere() -> "404";
        };

        assertThat(answer).isEqualTo(expected);
    }

    @Test
    void handsOverTheNamedSegments() {
        assertThat(routes.meet("GET", "/things/1/parts/2"))
                .isInstanceOfSatisfying(
                        Meeting.Met.class,
                        met -> assertThat(met.parameters()).isEqualTo(Map.of("id", "1", "part", "2")));
    }

    @Test
    void readsQueriesAndRefusesBrokenOnes() {
        assertThat(ApiServer.query("a=1&b=x%20y&a=2&c"))
                .contains(Map.of("a", List.of("1", "2"), "b", List.of("x y"), "c", List.of("")));
        assertThat(ApiServer.query("")).contains(Map.of());
        assertThat(ApiServer.query("a=%zz")).isEmpty();
    }
}

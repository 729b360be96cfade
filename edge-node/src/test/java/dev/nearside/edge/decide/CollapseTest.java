package dev.nearside.edge.decide;

import static dev.nearside.edge.decide.Heads.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.edge.http.LogPosition;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CollapseTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # leader | follower | authorized | what the origin said | joins
        GET      | GET      | false      | max-age=10           | true
        GET      | HEAD     | false      | max-age=10           | true
        HEAD     | GET      | false      | max-age=10           | false
        HEAD     | HEAD     | false      | max-age=10           | false
        OPTIONS  | OPTIONS  | false      | max-age=10           | true
        GET      | GET      | false      | private              | false
        GET      | GET      | false      | max-age=0; etag: "a" | false
        GET      | GET      | false      | no-cache; etag: "a"  | false
        GET      | GET      | false      | vary: *              | false
        GET      | GET      | true       | max-age=10           | false
        GET      | GET      | true       | public, max-age=10   | true
        GET      | GET      | false      | set-cookie: a=1      | true
        """)
    void onlyAnAnswerForBothIsShared(String leader, String follower, boolean authorized, String said, boolean joins) {
        var ttl = Heads.ttl("0/60/3600");
        var leading = new Asked(leader, true, false, false);
        var verdict = Storability.evaluate(leading, 200, Heads.headers(said), ttl, NOON, NOON, LogPosition.NONE);

        assertThat(Collapse.mayJoin(leading, new Asked(follower, true, false, authorized), verdict, ttl, NOON))
                .isEqualTo(joins);
    }
}

package dev.nearside.edge.decide;

import static dev.nearside.edge.decide.Heads.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.edge.http.Headers;
import dev.nearside.edge.http.HttpDate;
import dev.nearside.edge.http.LogPosition;
import dev.nearside.edge.http.StoredResponse;
import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FreshnessTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # rules     | status | what the origin said                        | lives for seconds
        0/60/3600   | 200    | max-age=10                                  | 10
        0/60/3600   | 200    | max-age=1, s-maxage=10                      | 10
        0/60/3600   | 200    | max-age=10; expires: 99s                    | 10
        0/60/3600   | 200    | expires: 99s                                | 99
        0/60/3600   | 200    | expires: -5s                                | 0
        0/60/3600   | 200    | expires: 0                                  | 0
        0/60/3600   | 200    | expires: 99s; expires: 5s                   | 5
        0/60/3600   | 200    | max-age=99999                               | 3600
        0/60/3600   | 200    | expires: 99999s                             | 3600
        0/60/3600   | 200    | ''                                          | 60
        0/60/3600   | 200    | public                                      | 60
        0/60/3600   | 200    | pragma: no-cache                            | 60
        0/60/3600   | 200    | max-age=nonsense                            | 0
        0/60/3600   | 200    | no-cache                                    | 0
        0/60/3600   | 200    | no-cache, max-age=10                        | 0
        0/60/3600   | 200    | no-cache="x", max-age=10                    | 10
        5/60/3600   | 200    | max-age=1                                   | 5
        5/60/3600   | 200    | max-age=10                                  | 10
        5/60/3600   | 200    | expires: -5s                                | 5
        5/60/3600   | 200    | no-cache                                    | 5
        5/60/3600m  | 200    | no-store                                    | 5
        5/60/3600m  | 200    | private, max-age=99                         | 5
        5/60/3600   | 200    | ''                                          | 60
        0/0/3600    | 200    | ''                                          | 0
        0/60/3600   | 200    | max-age=10; cdn-cache-control: max-age=20   | 20
        0/60/3600   | 200    | cdn-cache-control: public; expires: 99s     | 60
        0/60/3600   | 404    | ''                                          | 10
        0/60/3600   | 404    | max-age=3                                   | 3
        0/60/3600   | 503    | max-age=99999                               | 3600
        5/60/3600   | 404    | max-age=0                                   | 0
        0/0/3600m   | 500    | no-store                                    | 10
        0/60/3600   | 301    | ''                                          | 60
        0/60/3600   | 200    | last-modified: -1000s                       | 60
        0/60/3600h  | 200    | last-modified: -1000s                       | 100
        0/60/3600h  | 200    | last-modified: -99999s                      | 3600
        5/60/3600h  | 200    | last-modified: -10s                         | 5
        0/60/3600h  | 200    | last-modified: 50s                          | 0
        0/60/3600h  | 200    | last-modified: lately                       | 60
        0/60/3600h  | 200    | ''                                          | 60
        0/60/3600h  | 200    | public; last-modified: -1000s               | 100
        0/60/3600h  | 200    | max-age=5; last-modified: -1000s            | 5
        0/60/3600h  | 200    | expires: 7s; last-modified: -1000s          | 7
        0/60/3600h  | 200    | no-cache; last-modified: -1000s             | 0
        0/60/3600h  | 404    | last-modified: -1000s                       | 10
        0/60/3600 404=3 | 404 | ''                                         | 3
        0/60/3600 404=0 | 404 | ''                                         | 0
        0/60/3600 404=3 | 410 | ''                                         | 10
        0/60/3600 404=3 | 404 | max-age=1                                  | 1
        0/60/3600 404=3 | 404 | expires: 9s                                | 9
        0/60/3600m 500=3 | 500 | no-store, max-age=99                      | 3
        0/60/3600   | 200    | max-age=10; surrogate-control: max-age=20   | 20
        0/60/3600   | 200    | expires: 99s; surrogate-control: max-age=20 | 20
        0/60/3600   | 200    | cdn-cache-control: max-age=5; surrogate-control: max-age=20 | 5
        """)
    void livesExactlyAsLongAsItMay(String rules, int status, String said, long seconds) {
        var stored = Heads.stored(status, said);
        var ttl = Heads.ttl(rules);
        var end = NOON.plusSeconds(seconds);

        assertThat(Freshness.evaluate(stored, ttl, end).isFresh()).isFalse();
        assertThat(Freshness.evaluate(stored, ttl, end.minusMillis(1)).isFresh())
                .isEqualTo(seconds > 0);
        assertThat(Freshness.evaluate(stored, ttl, NOON).left()).isEqualTo(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # age sent | sent before arrival, s | date before arrival, s | age on arrival, ms
        0          | 0                      | 0                      | 0
        8          | 0                      | 0                      | 8000
        8          | 2                      | 0                      | 10000
        0          | 0                      | 30                     | 29001
        40         | 0                      | 30                     | 40000
        0          | 0                      | -30                    | 0
        x          | 0                      | 0                      | 0
        -1         | 0                      | 0                      | 0
        '7, 99'    | 0                      | 0                      | 7000
        """)
    void trustsWhicheverClockClaimsTheGreaterAge(String age, long inFlight, long dated, long millis) {
        var headers = Headers.of("Age", age, "Date", HttpDate.format(NOON.minusSeconds(dated)));
        var stored = new StoredResponse(200, headers, NOON.minusSeconds(inFlight), NOON, LogPosition.NONE);
        var ttl = Heads.ttl("0/60/3600");

        assertThat(Freshness.evaluate(stored, ttl, NOON).age()).isEqualTo(Duration.ofMillis(millis));
        assertThat(Freshness.evaluate(stored, ttl, NOON.plusMillis(1)).age()).isEqualTo(Duration.ofMillis(millis + 1));
    }

    @Test
    void theMinimumCountsFromArrival() {
        var stored = Heads.stored("max-age=10; age: 100");
        var ttl = Heads.ttl("5/60/3600");

        assertThat(Freshness.evaluate(stored, ttl, NOON.plusMillis(4999)).isFresh())
                .isTrue();
        assertThat(Freshness.evaluate(stored, ttl, NOON.plusSeconds(5)).isFresh())
                .isFalse();
        assertThat(Freshness.evaluate(stored, Heads.ttl("0/60/3600"), NOON).isFresh())
                .isFalse();
    }

    @Property
    void ageNeverFalls(
            @ForAll @IntRange(max = 10_000) int age,
            @ForAll @IntRange(min = -10_000, max = 10_000) int dated,
            @ForAll @IntRange(min = -10_000, max = 10_000_000) int millis,
            @ForAll @IntRange(max = 10_000_000) int later) {
        var headers = Headers.of("Age", "" + age, "Date", HttpDate.format(NOON.plusSeconds(dated)));
        var stored = new StoredResponse(200, headers, NOON, NOON, LogPosition.NONE);
        var ttl = Heads.ttl("0/60/3600");
        var first = Freshness.evaluate(stored, ttl, NOON.plusMillis(millis));
        var second = Freshness.evaluate(stored, ttl, NOON.plusMillis(millis).plusMillis(later));

        assertThat(first.age()).isGreaterThanOrEqualTo(Duration.ofSeconds(age));
        assertThat(second.age()).isGreaterThanOrEqualTo(first.age());
        assertThat(second.lifetime()).isEqualTo(first.lifetime());
    }
}

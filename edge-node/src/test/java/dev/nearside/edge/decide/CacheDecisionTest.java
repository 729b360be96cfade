package dev.nearside.edge.decide;

import static dev.nearside.edge.decide.Heads.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.edge.http.LogPosition;
import dev.nearside.edge.http.StoredResponse;
import dev.nearside.edge.http.Variants;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CacheDecisionTest {

    private static final Asked GET = new Asked("GET", true, false, false);

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # rules     | what the origin said                                   | ms later | decision
        0/60/3600   | max-age=10                                             |     9999 | hit
        0/60/3600   | max-age=10                                             |    10000 | miss STALE_WITHOUT_VALIDATOR or stale
        0/60/3600   | max-age=10; etag: "a"                                  |    10000 | revalidate STALE or stale
        0/60/3600   | max-age=10; last-modified: -9s                         |    10000 | revalidate STALE or stale
        0/60/3600   | no-cache; etag: "a"                                    |        0 | revalidate STALE
        0/60/3600   | max-age=10, must-revalidate; etag: "a"                 |    10000 | revalidate STALE
        0/60/3600   | max-age=10, proxy-revalidate                           |    10000 | miss STALE_WITHOUT_VALIDATOR
        0/60/3600   | s-maxage=10                                            |    10000 | miss STALE_WITHOUT_VALIDATOR
        0/60/3600   | max-age=10, stale-while-revalidate=5                   |    10000 | hit while refreshing
        0/60/3600   | max-age=10, stale-while-revalidate=5                   |    14999 | hit while refreshing
        0/60/3600   | max-age=10, stale-while-revalidate=5                   |    15000 | miss STALE_WITHOUT_VALIDATOR or stale
        0/60/3600   | s-maxage=10, stale-while-revalidate=5                  |    14999 | hit while refreshing
        0/60/3600   | s-maxage=10, stale-while-revalidate=5                  |    15000 | miss STALE_WITHOUT_VALIDATOR
        0/60/3600   | max-age=10, stale-while-revalidate=5, must-revalidate  |    10000 | miss STALE_WITHOUT_VALIDATOR
        0/12/12     | max-age=10, stale-while-revalidate=5                   |    11999 | hit while refreshing
        0/12/12     | max-age=10, stale-while-revalidate=5                   |    12000 | miss STALE_WITHOUT_VALIDATOR or stale
        0/60/3600   | max-age=10, stale-if-error=5                           |    14999 | miss STALE_WITHOUT_VALIDATOR or stale
        0/60/3600   | max-age=10, stale-if-error=5                           |    15000 | miss STALE_WITHOUT_VALIDATOR
        0/60/3600   | s-maxage=10, stale-if-error=5                          |    14999 | miss STALE_WITHOUT_VALIDATOR or stale
        0/60/3600   | max-age=10, stale-if-error=0                           |    10000 | miss STALE_WITHOUT_VALIDATOR
        0/12/12     | max-age=10, stale-if-error=5                           |    12000 | miss STALE_WITHOUT_VALIDATOR
        5/60/3600m  | no-store                                               |     4999 | hit
        5/60/3600m  | no-store                                               |     5000 | miss STALE_WITHOUT_VALIDATOR or stale
        5/60/3600m  | no-store, stale-if-error=0                             |     5000 | miss STALE_WITHOUT_VALIDATOR
        5/60/3600   | no-store                                               |        0 | miss NO_LONGER_STORABLE
        0/60/3600   | private, max-age=60                                    |        0 | miss NO_LONGER_STORABLE
        0/60/3600   | max-age=60; vary: *                                    |        0 | miss NO_LONGER_STORABLE
        0/0/0       | max-age=60                                             |        0 | pass CACHING_DISABLED
        """)
    void dependsOnWhatIsStored(String rules, String said, long millis, String decision) {
        assertThat(decide(GET, Optional.of(Heads.stored(said)), rules, true, millis))
                .isEqualTo(decision);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # what the origin said                             | ms later | decision
        max-age=10; etag: "a"                              |        0 | revalidate UNPROVEN
        max-age=10, stale-while-revalidate=5; etag: "a"    |    10000 | revalidate UNPROVEN
        max-age=10, stale-if-error=5                       |    10000 | miss UNPROVEN_WITHOUT_VALIDATOR
        """)
    void whatIsNotProvenIsNeverServedUnasked(String said, long millis, String decision) {
        assertThat(decide(GET, Optional.of(Heads.stored(said)), "0/60/3600", false, millis))
                .isEqualTo(decision);
    }

    @Test
    void dependsOnTheRequest() {
        var stored = Optional.of(Heads.stored("max-age=10"));

        assertThat(decide(new Asked("POST", false, false, false), stored, "0/60/3600", true, 0))
                .isEqualTo("pass METHOD_NOT_CACHEABLE");
        assertThat(decide(new Asked("GET", true, true, false), stored, "0/60/3600", true, 0))
                .isEqualTo("pass PATH_AMBIGUOUS");
        assertThat(decide(new Asked("HEAD", true, false, false), stored, "0/60/3600", true, 0))
                .isEqualTo("hit");
        assertThat(decide(GET, Optional.empty(), "0/60/3600", true, 0)).isEqualTo("miss NOT_FOUND");
    }

    @Test
    void whatIsStoredForOtherRequestsIsNotNothing() {
        var variants = Optional.of(new Variants(List.of("accept-language"), LogPosition.NONE));
        var ttl = Heads.ttl("0/60/3600");

        assertThat(CacheDecision.decide(GET, variants, Optional.empty(), ttl, true, NOON))
                .isEqualTo(new CacheDecision.Miss(CacheDecision.Why.VARIANT_NOT_FOUND, Optional.empty()));
        assertThat(CacheDecision.decide(GET, variants, Optional.of(Heads.stored("max-age=10")), ttl, true, NOON))
                .isInstanceOf(CacheDecision.Hit.class);
    }

    @Test
    void aHitTellsItsAge() {
        var stored = Heads.stored("max-age=10; age: 3");

        assertThat(CacheDecision.decide(
                        GET, Optional.empty(), Optional.of(stored), Heads.ttl("0/60/3600"), true, NOON.plusSeconds(4)))
                .isEqualTo(new CacheDecision.Hit(stored, new Freshness(Duration.ofSeconds(7), Duration.ofSeconds(10))));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # status | what the origin said           | ms later | stands in
        200      | max-age=10                     |     9999 | true
        200      | max-age=10                     | 99999999 | true
        301      | max-age=10                     |    10000 | true
        404      | max-age=10                     |     9999 | true
        404      | max-age=10                     |    10000 | false
        404      | max-age=10, stale-if-error=5   |    14999 | true
        503      | max-age=10, stale-if-error=5   |    10000 | false
        200      | max-age=10, must-revalidate    |    10000 | false
        200      | max-age=10, stale-if-error=5   |    14999 | true
        200      | max-age=10, stale-if-error=5   |    15000 | false
        """)
    void standsInForAFailingOrigin(int status, String said, long millis, boolean standsIn) {
        assertThat(CacheDecision.mayServeStale(
                        Heads.stored(status, said), Heads.ttl("0/60/3600"), NOON.plusMillis(millis)))
                .isEqualTo(standsIn);
    }

    private static String decide(
            Asked asked, Optional<StoredResponse> found, String rules, boolean proven, long millis) {
        return switch (CacheDecision.decide(
                asked, Optional.empty(), found, Heads.ttl(rules), proven, NOON.plusMillis(millis))) {
            case CacheDecision.Hit _ -> "hit";
            case CacheDecision.HitWhileRefreshing _ -> "hit while refreshing";
            case CacheDecision.Revalidate again ->
                "revalidate " + again.why() + (again.whenOriginFails().isPresent() ? " or stale" : "");
            case CacheDecision.Miss miss ->
                "miss " + miss.why() + (miss.whenOriginFails().isPresent() ? " or stale" : "");
            case CacheDecision.Pass(var why) -> "pass " + why;
        };
    }
}

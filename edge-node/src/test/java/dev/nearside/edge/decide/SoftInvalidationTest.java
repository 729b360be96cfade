package dev.nearside.edge.decide;

import static dev.nearside.edge.decide.Heads.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.edge.http.Headers;
import dev.nearside.edge.http.LogPosition;
import dev.nearside.edge.http.StoredResponse;
import dev.nearside.edge.http.Tags;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a soft invalidation makes of a stored response: stale from its moment on, to the millisecond.
class SoftInvalidationTest {

    private static final Asked GET = new Asked("GET", true, false, false);

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # rules    | what the origin said                                  | invalidated at | ms later | decision
        0/60/3600  | max-age=600; etag: "a"                                |           5000 |     4999 | hit
        0/60/3600  | max-age=600; etag: "a"                                |           5000 |     5000 | revalidate SOFTLY_INVALIDATED or stale
        0/60/3600  | max-age=600                                           |           5000 |     5000 | miss SOFTLY_INVALIDATED_WITHOUT_VALIDATOR or stale
        0/60/3600  | ''                                                    |           5000 |     5000 | miss SOFTLY_INVALIDATED_WITHOUT_VALIDATOR or stale
        0/60/3600  | max-age=600; age: 100; etag: "a"                      |           5000 |     4999 | hit
        0/60/3600  | max-age=600; age: 100; etag: "a"                      |           5000 |     5000 | revalidate SOFTLY_INVALIDATED or stale
        # Min TTL does not hold against an order
        90/90/3600 | max-age=600; etag: "a"                                |           5000 |     5000 | revalidate SOFTLY_INVALIDATED or stale
        # windows are counted from the moment
        0/60/3600  | max-age=600, stale-while-revalidate=7                 |           5000 |     5000 | hit while refreshing
        0/60/3600  | max-age=600, stale-while-revalidate=7                 |           5000 |    11999 | hit while refreshing
        0/60/3600  | max-age=600, stale-while-revalidate=7, stale-if-error=0 |         5000 |    12000 | miss SOFTLY_INVALIDATED_WITHOUT_VALIDATOR
        0/60/3600  | max-age=600, stale-if-error=7                         |           5000 |    11999 | miss SOFTLY_INVALIDATED_WITHOUT_VALIDATOR or stale
        0/60/3600  | max-age=600, stale-if-error=7                         |           5000 |    12000 | miss SOFTLY_INVALIDATED_WITHOUT_VALIDATOR
        0/60/3600  | max-age=600, must-revalidate; etag: "a"               |           5000 |     5000 | revalidate SOFTLY_INVALIDATED
        0/60/3600  | s-maxage=600; etag: "a"                               |           5000 |     5000 | revalidate SOFTLY_INVALIDATED
        # what time had ended before goes by its own end
        0/60/3600  | max-age=4; etag: "a"                                  |           5000 |     4000 | revalidate STALE or stale
        0/60/3600  | max-age=4, stale-while-revalidate=7                   |           5000 |    10999 | hit while refreshing
        0/60/3600  | max-age=4, stale-while-revalidate=7                   |           5000 |    11000 | miss STALE_WITHOUT_VALIDATOR or stale
        # a fetch that began before the order and arrived after it
        0/60/3600  | max-age=600; etag: "a"                                |          -2000 |        0 | revalidate SOFTLY_INVALIDATED or stale
        0/60/3600  | max-age=600, stale-while-revalidate=7                 |          -2000 |     4999 | hit while refreshing
        0/60/3600  | max-age=600, stale-while-revalidate=7                 |          -2000 |     5000 | miss SOFTLY_INVALIDATED_WITHOUT_VALIDATOR or stale
        """)
    void endsTheLifeAtItsMoment(String rules, String said, long at, long later, String decision) {
        var stored = Heads.stored(said).staleFrom(NOON.plusMillis(at));

        assertThat(decide(stored, rules, true, later)).isEqualTo(decision);
    }

    @Test
    void whatIsUnprovenIsThatFirst() {
        var stored = Heads.stored("max-age=600, stale-while-revalidate=60; etag: \"a\"")
                .staleFrom(NOON);

        assertThat(decide(stored, "0/60/3600", false, 1)).isEqualTo("revalidate UNPROVEN");
    }

    @Test
    void theEarliestMomentCounts() {
        var stored = Heads.stored("max-age=600").staleFrom(NOON.plusMillis(7));

        assertThat(stored.staleFrom(NOON.plusMillis(8))).isSameAs(stored);
        assertThat(stored.staleFrom(NOON.plusMillis(6)).staleSince()).contains(NOON.plusMillis(6));
        assertThat(stored.unmarked()).isEqualTo(Heads.stored("max-age=600"));
    }

    @Test
    void aConfirmationMakesItFreshAgain() {
        var stored = Heads.stored("max-age=600; etag: \"a\"")
                .tagged(new Tags(List.of("t")))
                .staleFrom(NOON);

        var merged = Refreshed.merge(
                stored,
                Headers.EMPTY,
                Heads.ttl("0/60/3600"),
                NOON.plusMillis(1),
                NOON.plusMillis(2),
                new LogPosition("e", 1));

        assertThat(merged.staleSince()).isEmpty();
        assertThat(merged.tags().names()).containsExactly("t");
        assertThat(decide(merged, "0/60/3600", true, 5)).isEqualTo("hit");
    }

    private static String decide(StoredResponse stored, String rules, boolean proven, long later) {
        var now = NOON.plus(Duration.ofMillis(later));
        return switch (CacheDecision.decide(
                GET, Optional.empty(), Optional.of(stored), Heads.ttl(rules), proven, now)) {
            case CacheDecision.Hit _ -> "hit";
            case CacheDecision.HitWhileRefreshing _ -> "hit while refreshing";
            case CacheDecision.Revalidate(var _, var _, var why, var spare) ->
                "revalidate " + why + (spare.isPresent() ? " or stale" : "");
            case CacheDecision.Miss(var why, var spare) -> "miss " + why + (spare.isPresent() ? " or stale" : "");
            case CacheDecision.Pass(var why) -> "pass " + why;
        };
    }
}

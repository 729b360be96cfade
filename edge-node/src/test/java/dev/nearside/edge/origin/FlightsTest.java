package dev.nearside.edge.origin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.edge.http.LogPosition;
import dev.nearside.edge.key.CacheKey;
import org.junit.jupiter.api.Test;

class FlightsTest {

    private final CacheKey key = new CacheKey(new byte[] {1}, new CacheKey.Target("d", "/a", "/a"));
    private final Flights<Landing> flights = new Flights<>();

    @Test
    void whoComesLaterFollows() {
        var first = flights.board(key, at(5), _ -> false);

        assertThat(first).isInstanceOf(Flights.Boarding.Lead.class);
        assertThat(flights.board(key, at(5), _ -> false)).isEqualTo(new Flights.Boarding.Follow<>(first.flight()));
    }

    @Test
    void nobodyBoardsAFlightThatSetOffBeforeAnInvalidation() {
        var early = flights.board(key, at(5), _ -> false).flight();

        var anew = flights.board(key, at(6), inAir -> inAir.position().number() < 6);
        flights.close(early);

        assertThat(anew).isInstanceOf(Flights.Boarding.Lead.class);
        assertThat(anew.flight().position()).isEqualTo(at(6));
        assertThat(flights.board(key, at(6), inAir -> inAir.position().number() < 6))
                .isEqualTo(new Flights.Boarding.Follow<>(anew.flight()));
    }

    private static LogPosition at(long number) {
        return new LogPosition("e", number);
    }
}

package dev.nearside.load.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.load.compare.Round.Flawed;
import dev.nearside.load.compare.Round.Measured;
import dev.nearside.load.compare.Row.One;
import dev.nearside.load.compare.Row.Transport;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResultsTest {

    private static final Row SMALL = new Row(new One(1024), Transport.HTTP, 32);
    private static final Row LARGE = new Row(new One(1024 * 1024), Transport.HTTP, 32);

    private final Results results = new Results(List.of(Peer.NGINX, Peer.NEARSIDE, Peer.BARE));

    @Test
    void eachFigureHasItsOwnMedian() {
        var odd = List.<Round>of(measured(10, 3), measured(30, 1), measured(20, 2));
        var even = List.<Round>of(measured(10, 3), measured(30, 1));

        assertThat(Round.median(odd)).isEqualTo(measured(20, 2));
        assertThat(Round.median(even)).isEqualTo(measured(20, 2));
        assertThat(Round.median(List.of(new Measured(1, 5, 1, 1), new Measured(2, 4, 1, 1), new Measured(3, 6, 1, 1))))
                .isEqualTo(new Measured(2, 5, 1, 1));
    }

    @Test
    void aSingleFlawSpoilsTheMedian() {
        var flaw = new Flawed("3 requests went to the origin");

        assertThat(Round.median(List.of(measured(10, 1), flaw))).isEqualTo(flaw);
        assertThat(Round.median(List.of())).isInstanceOf(Flawed.class);
    }

    @Test
    void showsRatesBesideRatios() {
        smallAndLarge();

        assertThat(results.rates()).isEqualTo("""
                | | nginx | Nearside | bare handler |
                |---|--:|--:|--:|
                | 1 KiB, 32 connections | 50,000 (1.50) | **75,000** | 100,000 (0.75) |
                | 1 MiB, 32 connections | 4,000 (0.75) | **3,000** | - |
                """);
        assertThat(results.ratios()).contains("| 1 KiB, 32 connections | 1.50 | 75,000 hits/s | 0.75 |");
    }

    @Test
    void showsTimesInMillisecondsAndProcessorTimeInMicroseconds() {
        smallAndLarge();

        assertThat(results.times()).contains("| 1 KiB, 32 connections | 0.40 / 1.20 | 0.40 / 1.20 | 0.40 / 1.20 |");
        assertThat(results.cpu()).contains("| 1 KiB, 32 connections | 14.0 | 9.0 | 7.0 |");
    }

    @Test
    void saysWhereACacheIsAheadAndWhatDoesNotCount() {
        smallAndLarge();

        assertThat(results.behind()).isEqualTo("1 MiB, 32 connections: 0.75 of nginx");
        assertThat(results.flaws()).containsExactly("1m-32, bare handler: 3 requests failed");
    }

    private void smallAndLarge() {
        results.add(SMALL, Peer.NGINX, measured(50_000, 14));
        results.add(SMALL, Peer.NEARSIDE, measured(75_000, 9));
        results.add(SMALL, Peer.BARE, measured(100_000, 7));
        results.add(LARGE, Peer.NGINX, measured(4_000, 100));
        results.add(LARGE, Peer.NEARSIDE, measured(3_000, 100));
        results.add(LARGE, Peer.BARE, new Flawed("3 requests failed"));
    }

    private static Round measured(double perSecond, double cpu) {
        return new Measured(perSecond, 400, 1_200, cpu);
    }
}

package dev.nearside.load.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SyntheticTest {

    private static final Sizes SIZES = Sizes.around(10_000, 1);

    @Test
    void isTheSameInEveryRun() {
        var one = Traces.all(20_000).getLast().generate();
        var other = Traces.all(20_000).getLast().generate();
        assertThat(counts(one)).isEqualTo(counts(other));
        assertThat(one.footprint()).isEqualTo(other.footprint());
        assertThat(counts(Traces.all(20_000).getLast().withSeed(5).generate())).isNotEqualTo(counts(one));
    }

    @Test
    void followsZipf() {
        var counts = counts(Synthetic.catalogue("", 200_000, 10_000, 1, SIZES).generate());
        Arrays.sort(counts);
        // The harmonic number of 10,000 is 9.79.
        assertThat(counts[counts.length - 1]).isBetween(19_500, 21_500);
        assertThat(counts[counts.length - 10]).isBetween(1_800, 2_300);
    }

    @Test
    void asksForOneHitWondersOnce() {
        var counts = counts(
                Synthetic.catalogue("", 100_000, 100, 1, SIZES).withOnce(0.3).generate());
        assertThat(Arrays.stream(counts).filter(count -> count == 1).count()).isBetween(29_000L, 31_000L);
    }

    @Test
    void floodsTheMiddleThird() {
        var trace =
                Synthetic.catalogue("", 90_000, 100, 1, SIZES).withFlood(0.5).generate();
        var counts = counts(trace);
        var once = new int[3];
        for (int i = 0; i < trace.length(); i++) if (counts[trace.object(i)] == 1) once[i / 30_000]++;
        assertThat(once[0]).isZero();
        assertThat(once[1]).isBetween(14_500, 15_500);
        assertThat(once[2]).isZero();
    }

    @Test
    void scansTheSameObjectsAgainInOrder() {
        var trace = Synthetic.catalogue("", 100_000, 10, 1, SIZES)
                .withScans(0.3, 5_000)
                .generate();
        var counts = counts(trace);
        long scanned =
                Arrays.stream(counts).filter(count -> count >= 2 && count <= 10).count();
        assertThat(scanned).isBetween(4_900L, 5_000L);
    }

    @Test
    void renewsTheCatalogue() {
        int still = counts(Synthetic.catalogue("", 100_000, 1_000, 0, SIZES).generate()).length;
        int renewed = counts(Synthetic.catalogue("", 100_000, 1_000, 0, SIZES)
                        .withChurn(2)
                        .generate())
                .length;
        assertThat(still).isEqualTo(1_000);
        assertThat(renewed).isBetween(2_900, 3_000);
    }

    private static int[] counts(Trace trace) {
        var counts = new int[trace.objects()];
        for (int i = 0; i < trace.length(); i++) counts[trace.object(i)]++;
        return counts;
    }
}

package dev.nearside.load.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PaceTest {

    private static final Pace USUAL = new Pace(Row.all(), Peer.values().length, 5, 2);

    @Test
    void aWholeRunTakesWhatItsPageSays() {
        assertThat(USUAL.minutes(Row.all())).isBetween(24L, 28L);
    }

    @Test
    void countsDown() {
        long before = USUAL.minutes(Row.all());
        for (int done = 1; done < Row.all().size(); done++) {
            long left = USUAL.minutes(Row.all().subList(done, Row.all().size()));
            assertThat(left).isLessThanOrEqualTo(before).isPositive();
            before = left;
        }
        assertThat(before).isLessThanOrEqualTo(2);
    }

    @Test
    void aLookTakesAMinute() {
        var look = new Pace(List.of(Row.all().getFirst()), 5, 1, 1);
        assertThat(look.warmUp()).isEqualTo(3);
        assertThat(look.minutes(look.rows())).isEqualTo(1);
    }
}

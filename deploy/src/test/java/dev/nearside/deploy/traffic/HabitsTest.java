package dev.nearside.deploy.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class HabitsTest {

    @Test
    void leavesTheQuietPlacesAlone() {
        var habits = new Visit.Habits();
        var random = new SplittableRandom(1);

        for (var visit = 0; visit < 20_000; visit++) {
            assertThat(habits.next(random).path())
                    .doesNotStartWith("/untouched/")
                    .isNotEqualTo("/static/quiet.svg");
        }
    }

    @Test
    void comesToEveryKindOfPlaceMostToTheFirst() {
        var habits = new Visit.Habits();
        var random = new SplittableRandom(2);
        var visits = new HashMap<String, Integer>();

        for (var visit = 0; visit < 20_000; visit++)
            visits.merge(habits.next(random).path(), 1, Integer::sum);

        assertThat(visits)
                .containsKeys("/", "/static/site.css", "/static/video.bin", "/api/user/me", "/fail?status=503");
        assertThat(visits.getOrDefault("/", 0)).isGreaterThan(visits.getOrDefault("/about.html", 0));
    }
}

package dev.nearside.load.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PopularityTest {

    @Test
    void asksForTheSecondHalfAsOftenAsForTheFirst() {
        var popularity = new Popularity(List.of("first", "second", "third"), 1.0);
        var random = new Random(7);
        var asked = new HashMap<String, Integer>();

        for (var turn = 0; turn < 11_000; turn++) asked.merge(popularity.choose(random), 1, Integer::sum);

        assertThat(asked.getOrDefault("first", 0)).isCloseTo(6_000, within(200));
        assertThat(asked.getOrDefault("second", 0)).isCloseTo(3_000, within(200));
        assertThat(asked.getOrDefault("third", 0)).isCloseTo(2_000, within(200));
    }
}

package dev.nearside.control.invalidation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.model.wire.api.Invalidations.Summary;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UntilTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # until  | applied | waiting | unreachable | drained | reached
        all      |       0 |       0 |           0 |       0 | true
        all      |       3 |       0 |           0 |       0 | true
        all      |       2 |       1 |           0 |       0 | false
        all      |       2 |       0 |           1 |       0 | false
        all      |       2 |       0 |           0 |       1 | true
        majority |       0 |       0 |           0 |       0 | true
        majority |       1 |       1 |           0 |       0 | false
        majority |       2 |       0 |           1 |       0 | true
        majority |       1 |       0 |           1 |       5 | false
        majority |       1 |       0 |           0 |       5 | true
        2        |       1 |       0 |           0 |       0 | false
        2        |       2 |       0 |           3 |       0 | true
        60%      |       2 |       2 |           0 |       0 | false
        60%      |       3 |       2 |           0 |       0 | true
        100%     |       9 |       1 |           0 |       0 | false
        1%       |       1 |      99 |           0 |       0 | true
        1%       |       0 |       1 |           0 |       0 | false
        """)
    void isReachedByThoseWhoAreInService(
            String until, int applied, int waiting, int unreachable, int drained, boolean reached) {
        assertThat(until(until).isReached(new Summary(applied, waiting, unreachable, drained)))
                .isEqualTo(reached);
    }

    private static Until until(String word) {
        return switch (word) {
            case "all" -> new Until.All();
            case "majority" -> new Until.Majority();
            default ->
                word.endsWith("%")
                        ? new Until.Share(Integer.parseInt(word.replace("%", "")))
                        : new Until.Count(Integer.parseInt(word));
        };
    }
}

package dev.nearside.load.restart;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RestartTest {

    @Test
    void theMedianOfAnOddNumberIsTheOneInTheMiddle() {
        assertThat(Restart.median(List.of(seconds(9), seconds(1), seconds(2)))).isEqualTo(2);
    }

    @Test
    void theMedianOfAnEvenNumberLiesBetweenTheTwoInTheMiddle() {
        assertThat(Restart.median(List.of(seconds(9), seconds(1), seconds(2), seconds(4))))
                .isEqualTo(3);
    }

    private static Duration seconds(int seconds) {
        return Duration.ofSeconds(seconds);
    }
}

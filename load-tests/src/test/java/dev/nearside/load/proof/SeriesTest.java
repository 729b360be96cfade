package dev.nearside.load.proof;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SeriesTest {

    /// A hundred samples that begin at a thousand, with a slack of ten beside the twentieth.
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # more each time | until the time | flat
        0                |            100 | true
        1                |             25 | true
        100              |             10 | true
        1                |            100 | true
        2                |            100 | false
        50               |             60 | false
        -5               |            100 | true
        """)
    void isFlatWhenTheSecondHalfIsNoMoreThanWhatCameBefore(int more, int until, boolean isFlat) {
        var series = new Series("it", 1, 10);
        for (int i = 0; i < 100; i++) series.add(i, 1_000 + more * Math.min(i, until));

        assertThat(series.isFlat()).isEqualTo(isFlat);
    }
}

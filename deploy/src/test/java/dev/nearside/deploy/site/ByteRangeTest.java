package dev.nearside.deploy.site;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ByteRangeTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        bytes=0-99          | Part[first=0, last=99]
        bytes=900-          | Part[first=900, last=999]
        bytes=-100          | Part[first=900, last=999]
        bytes=-5000         | Part[first=0, last=999]
        bytes=990-5000      | Part[first=990, last=999]
        bytes=1000-         | Unsatisfiable[]
        bytes=-0            | Unsatisfiable[]
        bytes=9-3           | Whole[]
        bytes=-             | Whole[]
        bytes=0-1,5-6       | Whole[]
        lines=1-2           | Whole[]
        ''                  | Whole[]
        """)
    void readsOneRangeOfAThousandBytes(String asked, String expected) {
        assertThat(ByteRange.parse(asked, 1_000)).hasToString(expected);
    }
}

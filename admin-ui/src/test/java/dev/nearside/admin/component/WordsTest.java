package dev.nearside.admin.component;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordsTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # where            | says
        UTC                | 2026-11-22 02:31:20 UTC
        Europe/Berlin      | 2026-11-22 03:31:20 CET
        America/New_York   | 2026-11-21 21:31:20 EST
        """)
    void aTimeSaysInWhichZoneItIs(String where, String says) {
        assertThat(Words.instant(Instant.parse("2026-11-22T02:31:20.9Z"), ZoneId.of(where)))
                .isEqualTo(says);
    }
}

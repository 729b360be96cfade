package dev.nearside.control.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Lengths of time in query parameters.
class SpanTest {

    @ParameterizedTest
    @CsvSource({"30s, PT30S", "15m, PT15M", "6h, PT6H", "7d, P7D", "0s, PT0S"})
    void readsNumberAndUnit(String text, Duration expected) {
        assertThat(Span.read(text)).contains(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "s", "10", "-1s", "1.5h", "1w", "9999999999s", " 1s"})
    void readsNothingElse(String text) {
        assertThat(Span.read(text)).isEmpty();
    }
}

package dev.nearside.edge.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpDateTest {

    private static final Instant THEN = Instant.parse("1994-11-06T08:49:37Z");

    @ParameterizedTest
    @ValueSource(
            strings = {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"})
    void isReadInAllThreeForms(String text) {
        assertThat(HttpDate.parse(text)).contains(THEN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0",
                "-1",
                "Sun, 6 Nov 1994 08:49:37 GMT",
                "Sun, 06 Nov 1994 08:49:37 UTC",
                "Sun, 06 Nov 1994 08:49:37 +0000",
                "Sun, 06 Nov 94 08:49:37 GMT",
                "Sun, 06-Nov-1994 08:49:37 GMT",
                "Sun, 06 Nov 1994 8:49:37 GMT",
                "Sun, 06 Nov 1994 08.49.37 GMT",
                "Sun, 06  Nov 1994 08:49:37 GMT",
                "Sun 06 Nov 1994 08:49:37 GMT",
                "SUN, 06 NOV 1994 08:49:37 GMT",
                "Sun, 32 Nov 1994 08:49:37 GMT",
                "Sun, 06 Nov 1994 25:49:37 GMT",
                "Sun, 06 Nov 1994 08:49:37 GMT ",
                "Moonday, 06-Nov-94 08:49:37 GMT",
                "Sunday, 06-Nov-9x 08:49:37 GMT",
                "1994-11-06T08:49:37.000Z"
            })
    void isNoDate(String text) {
        assertThat(HttpDate.parse(text)).isEmpty();
    }

    @Property
    void isReadAsItWasWritten(@ForAll @LongRange(min = 0, max = 253_402_300_799L) long second) {
        var instant = Instant.ofEpochSecond(second);

        assertThat(HttpDate.parse(HttpDate.format(instant))).isEqualTo(Optional.of(instant));
    }
}

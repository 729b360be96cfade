package dev.nearside.edge.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.edge.http.ByteRange.Portion;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConditionsTest {

    private static final String MONDAY = "Mon, 07 Nov 1994 08:49:37 GMT";
    private static final String SUNDAY = "Sun, 06 Nov 1994 08:49:37 GMT";

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        # stored tag | asked          | not modified
        "a"          | "a"            | true
        "a"          | W/"a"          | true
        W/"a"        | "a"            | true
        "a"          | "b", "a"       | true
        "a,b"        | "x", "a,b"     | true
        "a,b"        | "a"            | false
        "a"          | *              | true
        "a"          | a              | false
        a            | a              | true
        "a"          | "A"            | false
        """)
    void entityTagsAreComparedWeakly(String stored, String asked, boolean notModified) {
        var told = Told.by(Headers.of("ETag", stored));

        assertThat(Preconditions.notModified(get("If-None-Match", asked), told)).isEqualTo(notModified);
    }

    @Test
    void datesAreAskedOnlyWithoutTags() {
        var told = Told.by(Headers.of("ETag", "\"a\"", "Last-Modified", SUNDAY));

        assertThat(Preconditions.notModified(get("If-Modified-Since", SUNDAY), told))
                .isTrue();
        assertThat(Preconditions.notModified(get("If-Modified-Since", MONDAY), told))
                .isTrue();
        assertThat(Preconditions.notModified(get("If-Modified-Since", "yesterday"), told))
                .isFalse();
        assertThat(Preconditions.notModified(get("If-None-Match", "\"b\"", "If-Modified-Since", SUNDAY), told))
                .isFalse();
        assertThat(Preconditions.notModified(get(), told)).isFalse();
        var newer = Told.by(Headers.of("Last-Modified", MONDAY));
        assertThat(Preconditions.notModified(get("If-Modified-Since", SUNDAY), newer))
                .isFalse();
        var dated = Told.by(Headers.of("Date", SUNDAY));
        assertThat(Preconditions.notModified(get("If-Modified-Since", SUNDAY), dated))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "whole", textBlock = """
        # range           | of 10 bytes
        bytes=0-0         | 0-0
        bytes=2-5         | 2-5
        bytes=5-          | 5-9
        bytes=5-99        | 5-9
        Bytes=5-9         | 5-9
        bytes=-3          | 7-9
        bytes=-99         | 0-9
        bytes=-0          | none
        bytes=10-         | none
        bytes=5-4         | whole
        bytes=0-1,3-4     | 0-1 3-4
        bytes=a-b         | whole
        bytes=            | whole
        bytes=-           | whole
        lines=0-1         | whole
        """)
    void oneRangeSelectsASlice(String range, String slice) {
        var portion = ByteRange.portion(get("Range", range), Told.by(Headers.EMPTY), OptionalLong.of(10));

        assertThat(written(portion)).isEqualTo(Optional.ofNullable(slice));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "whole", quoteCharacter = '`', textBlock = """
        # if-range                      | answer
        "a"                             | 0-0
        W/"a"                           | whole
        "b"                             | whole
        Sun, 06 Nov 1994 08:49:37 GMT   | 0-0
        Mon, 07 Nov 1994 08:49:37 GMT   | whole
        rubbish                         | whole
        """)
    void aRangeOfAnotherRepresentationGetsTheWhole(String condition, String slice) {
        var told = Told.by(Headers.of("ETag", "\"a\"", "Last-Modified", SUNDAY));
        var portion = ByteRange.portion(get("Range", "bytes=0-0", "If-Range", condition), told, OptionalLong.of(10));

        assertThat(written(portion)).isEqualTo(Optional.ofNullable(slice));
    }

    @Test
    void aBodyOfUnknownLengthIsSentWhole() {
        assertThat(ByteRange.portion(get("Range", "bytes=0-0"), Told.by(Headers.EMPTY), OptionalLong.empty()))
                .isEqualTo(new Portion.Whole());
    }

    private static Optional<String> written(Portion portion) {
        return switch (portion) {
            case Portion.Whole() -> Optional.empty();
            case Portion.Slice slice -> Optional.of(slice.first() + "-" + slice.last());
            case Portion.Several(var slices) ->
                Optional.of(slices.stream()
                        .map(slice -> slice.first() + "-" + slice.last())
                        .collect(Collectors.joining(" ")));
            case Portion.Unsatisfiable _ -> Optional.of("none");
        };
    }

    private static ViewerRequest get(String... headers) {
        return new ViewerRequest(
                "GET", "http", "a", "/", Optional.empty(), Headers.of(headers), "1.1", "192.0.2.1", 4711, "id");
    }
}

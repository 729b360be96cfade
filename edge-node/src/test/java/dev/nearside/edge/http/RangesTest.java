package dev.nearside.edge.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.edge.http.ByteRange.Portion;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What viewers ask for, and what origins say they send.
class RangesTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # range                       | of 10 bytes
        bytes=0-1,3-4                 | 0-1 3-4
        bytes=0-1,2-4                 | 0-1 2-4
        bytes=0-0,-1                  | 0-0 9-9
        bytes= 0-1 , 3-               | 0-1 3-9
        bytes=0-1,,3-4,               | 0-1 3-4
        bytes=2-3,                    | 2-3
        bytes=,                       | whole
        bytes=3-4,0-1                 | whole
        bytes=0-4,4-6                 | whole
        bytes=0-,0-,0-                | whole
        bytes=0-0,0-0                 | whole
        bytes=5-,-3                   | whole
        bytes=0-1,3-4,x               | whole
        bytes=0-1,4-3                 | whole
        bytes=0-1,10-11               | whole
        bytes=10-11,20-21             | whole
        bytes=0-99999999999999999999  | 0-9
        bytes=99999999999999999999-   | none
        bytes=-99999999999999999999   | 0-9
        bytes=+1-2                    | whole
        bytes=1-2-3                   | whole
        bytes=0x1-2                   | whole
        bytes 0-1                     | whole
        bytes=0-1;2-3                 | whole
        seconds=0-1                   | whole
        """)
    void rangesThatAreAscendingApartAndAllThereAreAnswered(String range, String expected) {
        assertThat(written(ByteRange.portion(get(range), Told.by(Headers.EMPTY), OptionalLong.of(10))))
                .isEqualTo(expected);
    }

    @Test
    void moreRangesThanAnybodyNeedsGetTheWhole() {
        assertThat(written(portion(ByteRange.MOST))).startsWith("0-0 2-2 4-4");
        assertThat(written(portion(ByteRange.MOST + 1))).isEqualTo("whole");
        assertThat(written(portion(10_000))).isEqualTo("whole");
    }

    private static Portion portion(int count) {
        var ranges = IntStream.range(0, count)
                .mapToObj(i -> 2 * i + "-" + 2 * i)
                .collect(Collectors.joining(",", "bytes=", ""));
        return ByteRange.portion(get(ranges), Told.by(Headers.EMPTY), OptionalLong.of(1_000_000));
    }

    @Test
    void twoLinesOfRangesAreNone() {
        var request = request("GET", Headers.of("Range", "bytes=0-1", "Range", "bytes=3-4"));

        assertThat(ByteRange.asked(request)).isEmpty();
        assertThat(ByteRange.asked(request("HEAD", Headers.of("Range", "bytes=0-1"))))
                .isEmpty();
        assertThat(ByteRange.asked(request("POST", Headers.of("Range", "bytes=0-1"))))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # range           | first byte if nobody knows the length
        bytes=5-9         | 5
        bytes=5-          | 5
        bytes=-5          | 0
        bytes=5-9,20-     | 5
        bytes=20-,5-9     | 0
        bytes=5-9,-2      | 5
        bytes=5-9,7-      | 0
        """)
    void whereAnAnswerProbablyBegins(String range, long first) {
        assertThat(ByteRange.likelyFirstByte(ByteRange.parse(range))).isEqualTo(first);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
        # content-range             | read as
        bytes 0-9/10                | bytes 0-9/10
        BYTES  0-9/10               | bytes 0-9/10
        bytes 3-4/*                 | bytes 3-4/*
        bytes 4-3/10                | -
        bytes 0-10/10               | -
        bytes */10                  | -
        bytes 0-9                   | -
        bytes=0-9/10                | -
        bytes 0-9/99999999999999999999 | -
        lines 0-9/10                | -
        bytes a-9/10                | -
        """)
    void contentRangesMakeSenseOrAreNone(String text, String read) {
        assertThat(ContentRange.parse(text).map(ContentRange::toString)).isEqualTo(Optional.ofNullable(read));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
        # carried        | asked       | cut out of it
        bytes 2-7/10     | bytes=3-4   | bytes 3-4/10
        bytes 2-7/10     | bytes=2-7   | bytes 2-7/10
        bytes 2-9/10     | bytes=3-    | bytes 3-9/10
        bytes 2-9/10     | bytes=-2    | bytes 8-9/10
        bytes 2-7/10     | bytes=3-    | -
        bytes 2-7/10     | bytes=1-4   | -
        bytes 2-7/10     | bytes=20-   | -
        bytes 2-7/*      | bytes=3-4   | bytes 3-4/*
        bytes 2-7/*      | bytes=3-    | -
        bytes 2-7/*      | bytes=-1    | -
        """)
    void whatAPartCovers(String carried, String asked, String cut) {
        var part = ContentRange.parse(carried).orElseThrow();

        assertThat(part.covering(ByteRange.parse(asked).getFirst()).map(ContentRange::toString))
                .isEqualTo(Optional.ofNullable(cut));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", quoteCharacter = '`', textBlock = """
        # etag  | last-modified                 | date                          | strong validator
        "a"     | -                             | -                             | "a"
        "a"     | Sun, 06 Nov 1994 08:49:37 GMT | Sun, 06 Nov 1994 08:49:37 GMT | "a"
        W/"a"   | -                             | -                             | -
        W/"a"   | Sun, 06 Nov 1994 08:49:37 GMT | Sun, 06 Nov 1994 09:49:37 GMT | -
        a       | -                             | -                             | -
        -       | Sun, 06 Nov 1994 08:49:37 GMT | Sun, 06 Nov 1994 08:49:38 GMT | Sun, 06 Nov 1994 08:49:37 GMT
        -       | Sun, 06 Nov 1994 08:49:37 GMT | Sun, 06 Nov 1994 08:49:37 GMT | -
        -       | Sun, 06 Nov 1994 08:49:37 GMT | -                             | -
        -       | rubbish                       | Sun, 06 Nov 1994 08:49:38 GMT | -
        -       | -                             | Sun, 06 Nov 1994 08:49:38 GMT | -
        """)
    void partsAreCombinedByAStrongValidatorOnly(String etag, String modified, String date, String validator) {
        var headers = Headers.EMPTY;
        if (etag != null) headers = headers.plus("ETag", etag);
        if (modified != null) headers = headers.plus("Last-Modified", modified);
        if (date != null) headers = headers.plus("Date", date);

        assertThat(StrongValidator.of(Told.by(headers)).map(StrongValidator::text))
                .isEqualTo(Optional.ofNullable(validator));
    }

    @Test
    void aPartThatSaysNothingOfItsTagDoesNotFit() {
        var tag = new StrongValidator("\"a\"");
        var date = new StrongValidator("Sun, 06 Nov 1994 08:49:37 GMT");

        assertThat(tag.fits(Told.by(Headers.of("ETag", "\"a\"")))).isTrue();
        assertThat(tag.fits(Told.by(Headers.of("ETag", "\"b\"")))).isFalse();
        assertThat(tag.fits(Told.by(Headers.of("ETag", "W/\"a\"")))).isFalse();
        assertThat(tag.fits(Told.by(Headers.EMPTY))).isFalse();
        assertThat(date.fits(Told.by(Headers.EMPTY))).isTrue();
        assertThat(date.fits(Told.by(Headers.of("Last-Modified", date.text())))).isTrue();
        assertThat(date.fits(Told.by(Headers.of("Last-Modified", "Mon, 07 Nov 1994 08:49:37 GMT"))))
                .isFalse();
        assertThat(date.fits(Told.by(Headers.of("ETag", "\"a\"")))).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
        # reference                       | path       | query
        /list                             | /list      | -
        /list?a=1#x                       | /list      | a=1
        new                               | /a/new     | -
        ./new                             | /a/new     | -
        ../new                            | /new       | -
        ../../../new                      | /new       | -
        ?x=2                              | /a/b       | x=2
        ''                                | /a/b       | -
        http://a.example/list             | /list      | -
        HTTP://A.EXAMPLE:8080/list?y      | /list      | y
        //a.example/list                  | /list      | -
        http://a.example                  | /          | -
        http://a.example?z                | /          | z
        http://b.example/list             | -          | -
        //b.example/list                  | -          | -
        http://a.example@b.example/list   | -          | -
        http://a.example.b.example/list   | -          | -
        mailto:me                         | -          | -
        """)
    void aReferenceIsFollowedOnTheSameHostOnly(String reference, String path, String query) {
        var found = SameHost.of(request("POST", Headers.EMPTY), reference);

        assertThat(found.map(ViewerRequest::rawPath)).isEqualTo(Optional.ofNullable(path));
        assertThat(found.flatMap(ViewerRequest::rawQuery)).isEqualTo(Optional.ofNullable(query));
    }

    private static String written(Portion portion) {
        return switch (portion) {
            case Portion.Whole() -> "whole";
            case Portion.Slice slice -> slice.first() + "-" + slice.last();
            case Portion.Several(var slices) ->
                slices.stream().map(slice -> slice.first() + "-" + slice.last()).collect(Collectors.joining(" "));
            case Portion.Unsatisfiable _ -> "none";
        };
    }

    private static ViewerRequest get(String range) {
        return request("GET", Headers.of("Range", range));
    }

    private static ViewerRequest request(String method, Headers headers) {
        return new ViewerRequest(
                method, "http", "a.example", "/a/b", Optional.empty(), headers, "1.1", "192.0.2.1", 1, "req-1");
    }
}

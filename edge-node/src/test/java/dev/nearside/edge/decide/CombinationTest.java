package dev.nearside.edge.decide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.edge.http.ByteRange;
import dev.nearside.edge.http.Headers;
import dev.nearside.edge.http.LogPosition;
import dev.nearside.edge.http.Sliced;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CombinationTest {

    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final Asked GET = new Asked("GET", true, false, false);

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", quoteCharacter = '`', textBlock = """
        # content-range                | length  | etag  | cache-control | slice | verdict
        bytes 0-1048575/3000000        | 1048576 | "a"   | max-age=60    | 0     | slice
        bytes 1048576-2097151/3000000  | 1048576 | "a"   | max-age=60    | 1     | slice
        bytes 2097152-2999999/3000000  | 902848  | "a"   | max-age=60    | 2     | slice
        bytes 2097152-2999999/3000000  | -       | "a"   | max-age=60    | 2     | slice
        bytes 0-99/100                 | 100     | "a"   | max-age=60    | 0     | complete
        bytes 0-99/100                 | 100     | W/"a" | max-age=60    | 0     | complete
        bytes 0-99/100                 | 100     | -     | max-age=60    | -     | complete
        bytes 0-99/100                 | 100     | "a"   | private       | 0     | PART_NOT_STORABLE
        bytes 0-1048575/3000000        | 1048576 | W/"a" | max-age=60    | 0     | PART_WITHOUT_STRONG_VALIDATOR
        bytes 0-1048575/3000000        | 1048576 | -     | max-age=60    | 0     | PART_WITHOUT_STRONG_VALIDATOR
        bytes 0-1048575/*              | 1048576 | "a"   | max-age=60    | 0     | PART_OF_UNKNOWN_LENGTH
        bytes 0-1048575/3000000        | 1048575 | "a"   | max-age=60    | 0     | PART_UNCLEAR
        bytes 5-9/3000000              | 5       | "a"   | max-age=60    | 0     | PART_NOT_ALIGNED
        bytes 0-1048575/3000000        | 1048576 | "a"   | max-age=60    | 1     | PART_NOT_ALIGNED
        bytes 0-1048575/3000000        | 1048576 | "a"   | max-age=60    | -     | PART_NOT_ALIGNED
        bytes 0-1048575/3000000        | 1048576 | "a"   | no-store      | 0     | PART_NOT_STORABLE
        rubbish                        | 5       | "a"   | max-age=60    | 0     | PART_UNCLEAR
        -                              | 5       | "a"   | max-age=60    | 0     | PART_UNCLEAR
        """)
    void aPartIsCombinedIfItIsTheSliceThatWasAskedFor(
            String range, Long length, String etag, String control, Long slice, String verdict) {
        var headers = Headers.of("Cache-Control", control);
        if (range != null) headers = headers.plus("Content-Range", range);
        if (etag != null) headers = headers.plus("ETag", etag);

        var combination = Combination.evaluate(
                GET,
                headers,
                length == null ? OptionalLong.empty() : OptionalLong.of(length),
                Optional.ofNullable(slice).<ByteRange.FromTo>map(Sliced::slice),
                Heads.ttl("0/0/31536000"),
                NOON,
                NOON,
                LogPosition.NONE);

        assertThat(
                        switch (combination) {
                            case Combination.Complete _ -> "complete";
                            case Combination.Slice _ -> "slice";
                            case Combination.Alone(var why, var _) -> why.name();
                        })
                .isEqualTo(verdict);
        if (combination instanceof Combination.Slice(var whole, var of)) {
            assertThat(of.total()).isEqualTo(3_000_000);
            assertThat(of.head().status()).isEqualTo(200);
            assertThat(of.head().headers().first("Content-Length")).contains("3000000");
            assertThat(whole.has("Content-Range")).isFalse();
        }
    }
}

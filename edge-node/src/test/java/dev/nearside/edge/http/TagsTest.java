package dev.nearside.edge.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TagsTest {

    private static final Optional<String> FIELD = Optional.of("X-Tags");

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        # said                  | understood
        a                       | a
        `a,b , c`               | a b c
        `  Product:42/* ,A,a `  | product:42/* a
        `,, ,`                  | ``
        ``                      | ``
        `a b,c`                 | c
        `é,c`                   | c
        `#a`                    | #a
        """)
    void areWhatStandsBetweenCommas(String said, String understood) {
        var tags = Tags.in(Headers.of("x-tags", said), FIELD);

        assertThat(String.join(" ", tags.names())).isEqualTo(understood);
    }

    @Test
    void ofSeveralLinesAllCount() {
        var headers = Headers.of("X-Tags", "a", "Y-Tags", "no", "x-TAGS", "b,a");

        assertThat(Tags.in(headers, FIELD).names()).containsExactly("a", "b");
        assertThat(Tags.in(headers, Optional.empty())).isSameAs(Tags.NONE);
    }

    @Test
    void fiftyCountAndTheRestIsIgnored() {
        var all = new ArrayList<String>();
        IntStream.range(0, 60).forEach(i -> all.add("t" + i));

        var tags = Tags.in(Headers.of("X-Tags", String.join(",", all)), FIELD);

        assertThat(tags.names()).isEqualTo(all.subList(0, 50));
    }

    @Test
    void whatIsTooLongIsNoTag() {
        var longest = "a".repeat(256);

        assertThat(Tags.in(Headers.of("X-Tags", longest + "," + longest + "b"), FIELD)
                        .names())
                .containsExactly(longest);
    }
}

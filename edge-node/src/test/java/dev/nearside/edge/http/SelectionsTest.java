package dev.nearside.edge.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelectionsTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "none", textBlock = """
        # query                 | what a and b select
        a=1&b=2&c=3             | a=1&b=2
        b=2&a=1                 | b=2&a=1
        a=1&a=2&c&a             | a=1&a=2&a
        A=1&aa=2                | none
        a=1;b=2                 | a=1;b=2
        &&a=%41&&               | a=%41
        a==b&x                  | a==b
        ''                      | none
        """)
    void aQueryKeepsItsOrderAndItsSpelling(String query, String selected) {
        assertThat(QueryString.select(Optional.of(query), Set.of("a", "b")::contains))
                .isEqualTo(Optional.ofNullable(selected));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "none", textBlock = """
        # cookie line           | as forwarded
        b=2; a=1                | a=1; b=2
        b=2;a=1;                | a=1; b=2
        a=2; a=1                | a=2; a=1
        a=; b=x=y               | a=; b=x=y
        $Version=1; a=1         | a=1
        a=1; nonsense           | none
        =x; a=1                 | none
        ''                      | none
        """)
    void cookiesAreSortedAndWellFormed(String line, String forwarded) {
        assertThat(Cookies.of(Headers.of("Cookie", line)).written()).isEqualTo(Optional.ofNullable(forwarded));
    }

    @Test
    void cookiesOfSeveralLinesAreOneList() {
        var cookies = Cookies.of(Headers.of("cookie", "b=2", "cookie", "a=1"));

        assertThat(cookies.written()).contains("a=1; b=2");
        assertThat(cookies.select("a"::equals).written()).contains("a=1");
    }

    @Test
    void connectionFieldsAndThoseTheyNameAreStripped() {
        var headers = Headers.of("Connection", "X-A, close", "x-a", "1", "Keep-Alive", "1", "TE", "t", "B", "2");

        assertThat(HopByHop.strip(headers)).isEqualTo(Headers.of("B", "2"));
    }
}

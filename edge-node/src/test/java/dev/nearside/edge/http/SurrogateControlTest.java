package dev.nearside.edge.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SurrogateControlTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
        # Surrogate-Control                      | what is heard of it
        max-age=60                               | 60 s
        MaX-aGe=60                               | 60 s
        max-age=99999999999                      | 2147483648 s
        max-age=60+5                             | 60 s, 5 s while it is fetched anew
        max-age=x                                | 0 s
        max-age= 60                              | 0 s
        max-age =60                              | -
        foobar, max-age=60                       | 60 s
        max-age=60;nearside                      | 60 s
        max-age=60; other; Nearside              | 60 s
        max-age=60;other                         | -
        max-age=5;other, max-age=60              | 60 s
        max-age=60, max-age=5;nearside           | 5 s
        no-store                                 | not stored
        no-store, max-age=60                     | 60 s, not stored
        no-store-remote                          | not stored
        content="ESI/1.0"                        | -
        ''                                       | -
        """)
    void hearsWhatIsForUs(String said, String heard) {
        assertThat(SurrogateControl.parse(said).map(SurrogateControlTest::words).orElse(null))
                .isEqualTo(heard);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
        # CDN-Cache-Control | Surrogate-Control | Cache-Control | lifetime in seconds
        max-age=1           | max-age=2         | max-age=3     | 1
        -                   | max-age=2         | max-age=3     | 2
        -                   | max-age=2;other   | max-age=3     | 3
        max-age="1"         | max-age=2         | max-age=3     | 2
        -                   | -                 | max-age=3     | 3
        """)
    void theMostTargetedFieldCounts(String cdn, String surrogate, String common, long seconds) {
        var headers = Headers.EMPTY;
        if (cdn != null) headers = headers.plus("CDN-Cache-Control", cdn);
        if (surrogate != null) headers = headers.plus("Surrogate-Control", surrogate);
        if (common != null) headers = headers.plus("Cache-Control", common);

        assertThat(CacheControl.of(headers).lifetime().orElseThrow().toSeconds())
                .isEqualTo(seconds);
    }

    private static String words(CacheControl control) {
        var words = new StringBuilder();
        control.maxAge()
                .ifPresent(age -> words.append(", ").append(age.toSeconds()).append(" s"));
        control.staleWhileRevalidate()
                .ifPresent(
                        window -> words.append(", ").append(window.toSeconds()).append(" s while it is fetched anew"));
        if (control.noStore()) words.append(", not stored");
        return words.substring(2);
    }
}

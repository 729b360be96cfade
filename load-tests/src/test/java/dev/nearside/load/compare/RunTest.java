package dev.nearside.load.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.nearside.load.compare.Row.Mixed;
import dev.nearside.load.compare.Row.One;
import dev.nearside.load.compare.Row.Transport;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunTest {

    private static final String WRK = """
            Running 2s test @ http://127.0.0.1:28060/static/sized/1024
              1 threads and 4 connections
              28499 requests in 1.10s, 49.03MB read
            Requests/sec:  25908.41
            requests=28499
            microseconds=1099969
            bytes=51412708
            expected=%d
            p50=129
            p99=365
            failed=0
            """;

    private static final String H2LOAD = """
            Application protocol: h2
            Main benchmark duration is over for thread #0. Stopping all clients.

            finished in 2.00s, 59484.00 req/s, 67.62MB/s
            requests: 118968 total, 119224 started, 118968 done, 118967 succeeded, 1 failed, 0 errored, 0 timeout
            status codes: 118967 2xx, 0 3xx, 1 4xx, 0 5xx
            traffic: 135.24MB (141811424) total, 17.02MB (17845200) headers (space savings 31.19%), 116.18MB (121823232) data
            """;

    @Test
    void readsWhatWrkFound() {
        assertThat(Run.fromWrk(WRK.formatted(0)))
                .isEqualTo(new Run(28_499, 1_099_969, 129, 365, 51_412_708, OptionalLong.empty(), 0));
        assertThat(Run.fromWrk(WRK.formatted(43_776_000)).expected()).hasValue(43_776_000);
        assertThat(Run.fromWrk(WRK.formatted(0)).perSecond()).isCloseTo(25_908.9, within(0.1));
    }

    @Test
    void readsWhatH2loadFoundAndHowLongEachAnswerTook() {
        var log = LongStream.rangeClosed(1, 200).mapToObj(micros -> "1795324414904499\t200\t" + (201 - micros));

        assertThat(Run.fromH2load(H2LOAD, log))
                .isEqualTo(new Run(118_968, 2_000_000, 101, 199, 121_823_232, OptionalLong.empty(), 1));
    }

    @Test
    void refusesWhatItCannotRead() {
        assertThatThrownBy(() -> Run.fromWrk("unable to connect"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("unable to connect");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # requests |     bytes | failed | what is wrong
                     0 |         0 |      0 | nothing was answered
                   100 |   132_400 |      3 | 3 requests failed
                   100 |   132_400 |      0 | ''
                   100 |   102_399 |      0 | 102,399 bytes came for 100 requests (expected: 102,400 to 313,344)
                   100 |   313_344 |      0 | ''
                   100 |   313_345 |      0 | 313,345 bytes came for 100 requests (expected: 102,400 to 313,344)
            """)
    void answersMustBeWholeAndNoLongerThanTheirBodyAndAHead(long requests, String bytes, long failed, String flaw) {
        var run = new Run(requests, 1, 1, 1, number(bytes), OptionalLong.empty(), failed);

        assertThat(run.flaw(new Row(new One(1024), Transport.HTTP, 1))).isEqualTo(flaw);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # bytes    | as expected
            40_000_000 | true
            39_700_000 | false
            42_300_000 | true
            42_400_000 | false
            """)
    void answersOfDifferentLengthsMustAddUp(String bytes, boolean asExpected) {
        var run = new Run(1_000, 1, 1, 1, number(bytes), OptionalLong.of(40_000_000), 0);

        assertThat(run.flaw(new Row(new Mixed(), Transport.HTTP, 1)).isEmpty()).isEqualTo(asExpected);
    }

    private static long number(String grouped) {
        return Long.parseLong(grouped.replace("_", ""));
    }
}

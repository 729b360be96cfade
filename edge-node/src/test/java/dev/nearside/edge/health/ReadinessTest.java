package dev.nearside.edge.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReadinessTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            leaving | snapshot | recovered | caught up | seconds | waiting for
            false   | 7        | true      | true      | 0       | ready
            false   | 7        | true      | false     | 0       | catching up with the control plane's log
            false   | 7        | true      | false     | 9       | catching up with the control plane's log
            false   | 7        | true      | false     | 10      | ready
            false   | 7        | false     | false     | 10      | recovering the cache
            false   | 7        | false     | true      | 0       | recovering the cache
            false   |          | true      | true      | 99      | waiting for the first snapshot
            true    | 7        | true      | true      | 99      | stopping
            true    |          | false     | false     | 0       | stopping
            """, useHeadersInDisplayName = true, quoteCharacter = '"')
    void aNodeIsReadyOnceItAnswersRightly(
            boolean leaving,
            @Nullable Long snapshot,
            boolean recovered,
            boolean caughtUp,
            long seconds,
            String expected) {
        var version = snapshot == null ? OptionalLong.empty() : OptionalLong.of(snapshot);

        var readiness = Readiness.of(leaving, version, recovered, caughtUp, Duration.ofSeconds(seconds));

        assertThat(readiness.waitingFor().orElse("ready")).isEqualTo(expected);
        assertThat(readiness.snapshotVersion()).isEqualTo(version.orElse(0));
    }
}

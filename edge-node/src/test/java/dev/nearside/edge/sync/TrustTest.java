package dev.nearside.edge.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.edge.http.Headers;
import dev.nearside.edge.http.LogPosition;
import dev.nearside.edge.http.StoredResponse;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrustTest {

    private static final Instant STARTED = Instant.parse("2026-01-01T12:00:00Z");

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # seconds after the start | caught up | known to the log | proven
        -1                        | false     | true             | false
        -1                        | true      | true             | true
        -1                        | true      | false            | false
        0                         | false     | true             | true
        0                         | false     | false            | false
        """)
    void whatMayHaveBeenInvalidatedUnheardIsNotProven(long after, boolean caughtUp, boolean known, boolean proven) {
        var trust = Trust.ofAFollower(STARTED, _ -> known);
        if (caughtUp) trust.caughtUp();

        assertThat(trust.proves(receivedAt(STARTED.plusSeconds(after)))).isEqualTo(proven);
    }

    @Test
    void aNodeThatRunsAloneHasNoLogToMiss() {
        assertThat(Trust.ofANodeThatRunsAlone(_ -> true).proves(receivedAt(STARTED)))
                .isTrue();
    }

    private static StoredResponse receivedAt(Instant at) {
        return new StoredResponse(200, Headers.EMPTY, at, at, LogPosition.NONE);
    }
}

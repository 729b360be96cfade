package dev.nearside.edge.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A few rounds; `nearside verify` plays hundreds.
class StoreCrashTest {

    private static final int ROUNDS = Integer.getInteger("nearside.crash.rounds", 4);

    @TempDir
    Path directory = Path.of("");

    /// Killed at any instant, the store gives back what was written or nothing, and never what was replaced or
    /// invalidated.
    @ParameterizedTest
    @ValueSource(longs = {CrashRounds.ROOMY, CrashRounds.TIGHT})
    void whateverIsFoundAfterAKillIsWholeAndCurrent(long disk) throws Exception {
        var crash = new CrashRounds(directory, disk, ROUNDS);
        for (int round = 0; round < ROUNDS; round++) crash.round();

        assertThat(crash.broken()).isEmpty();
        assertThat(crash.found()).isPositive();
        if (disk == CrashRounds.ROOMY) assertThat(crash.lostUnhurt()).isZero();
    }
}

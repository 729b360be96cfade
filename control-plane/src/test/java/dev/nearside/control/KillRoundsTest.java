package dev.nearside.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Nothing acknowledged is ever lost; `nearside verify --control-plane` plays a hundred of these rounds.
class KillRoundsTest {
    private static final int ROUNDS = 2;

    @ParameterizedTest
    @EnumSource(Engine.class)
    void whatWasAcknowledgedOutlivesTheProcess(Engine engine, @TempDir Path folder) throws Exception {
        try (var rounds = new KillRounds(engine, folder, System.nanoTime())) {
            for (int i = 0; i < ROUNDS; i++) rounds.round();

            assertThat(rounds.broken()).isEmpty();
            assertThat(rounds.acknowledged()).isPositive();
        }
    }
}

package dev.nearside.control.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

/// Guessing gets slow, and nobody is locked out for long.
class LoginAttemptsTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private final LoginAttempts attempts = new LoginAttempts();

    private void fail(int times) {
        for (int i = 0; i < times; i++) attempts.failed("ann", NOON);
    }

    @Test
    void aFewMistakesAreFree() {
        fail(LoginAttempts.FREE_FAILURES - 1);
        assertThat(attempts.mayTry("ann", NOON)).isTrue();
    }

    @Test
    void thenEveryoneWaitsALittle() {
        fail(LoginAttempts.FREE_FAILURES);
        assertThat(attempts.mayTry("ann", NOON)).isFalse();
        assertThat(attempts.mayTry("ann", NOON.plus(LoginAttempts.PAUSE))).isTrue();
        assertThat(attempts.mayTry("bob", NOON)).isTrue();
    }

    @Test
    void aSuccessForgetsMistakes() {
        fail(LoginAttempts.FREE_FAILURES);
        attempts.succeeded("ann");
        assertThat(attempts.mayTry("ann", NOON)).isTrue();
    }
}

package dev.nearside.control.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.control.access.LoginAttempts.Who;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/// Guessing gets slow, and nobody is locked out for long.
class LoginAttemptsTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final Who ANN = new Who("ann", "192.0.2.1");
    private static final Who BOB = new Who("bob", "192.0.2.1");
    private static final Who ANN_ELSEWHERE = new Who("ann", "192.0.2.2");

    private final LoginAttempts attempts = new LoginAttempts();

    private void fail(int times) {
        for (int i = 0; i < times; i++) assertThat(attempts.begin(ANN, NOON)).isTrue();
    }

    @Test
    void aFewMistakesAreFree() {
        fail(LoginAttempts.FREE_FAILURES - 1);
        assertThat(attempts.begin(ANN, NOON)).isTrue();
    }

    @Test
    void thenOneWaitsALittle() {
        fail(LoginAttempts.FREE_FAILURES);
        assertThat(attempts.begin(ANN, NOON)).isFalse();
        assertThat(attempts.begin(ANN, NOON.plus(LoginAttempts.PAUSE))).isTrue();
        assertThat(attempts.begin(ANN, NOON.plus(LoginAttempts.PAUSE))).isFalse();
    }

    @Test
    void othersDoNot() {
        fail(LoginAttempts.FREE_FAILURES);
        assertThat(attempts.begin(BOB, NOON)).isTrue();
        assertThat(attempts.begin(ANN_ELSEWHERE, NOON)).isTrue();
    }

    @Test
    void whoIsSentAwayDoesNotMakeThePauseLonger() {
        fail(LoginAttempts.FREE_FAILURES);
        assertThat(attempts.begin(ANN, NOON.plus(LoginAttempts.PAUSE).minusMillis(1)))
                .isFalse();
        assertThat(attempts.begin(ANN, NOON.plus(LoginAttempts.PAUSE))).isTrue();
    }

    @Test
    void aSuccessForgetsMistakes() {
        fail(LoginAttempts.FREE_FAILURES);
        attempts.succeeded(ANN);
        assertThat(attempts.begin(ANN, NOON)).isTrue();
    }
}

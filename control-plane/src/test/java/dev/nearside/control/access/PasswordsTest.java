package dev.nearside.control.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// Passwords and secrets can be told right from wrong, and not read back.
class PasswordsTest {
    private final Passwords passwords = new Passwords(new SecureRandom(), 1_000);

    @Test
    void aHashMatchesItsPasswordAndNoOther() throws Exception {
        var hash = passwords.hash("correct horse");

        assertThat(hash).startsWith("1000$").doesNotContain("horse");
        assertThat(passwords.matches("correct horse", hash)).isTrue();
        assertThat(passwords.matches("correct horsf", hash)).isFalse();
        assertThat(passwords.hash("correct horse")).isNotEqualTo(hash);
    }

    @Test
    void whileManyAreComparedOthersAreServed() throws Exception {
        var slow = new Passwords(new SecureRandom(), 500_000);
        var hash = new Passwords(new SecureRandom(), 500_000).hash("x");
        var callers = Runtime.getRuntime().availableProcessors() * 4;
        var compared = new AtomicInteger();
        var begun = new CountDownLatch(callers);
        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < callers; i++) {
                var _ = pool.submit(() -> {
                    begun.countDown();
                    slow.matches("y", hash);
                    return compared.incrementAndGet();
                });
            }
            begun.await();
            var other = pool.submit(compared::get);

            assertThat(other.get()).as("compared when another call was served").isLessThan(callers / 2);
        }
    }

    @Test
    void guessingIsSlow() {
        assertThat(new Passwords(new SecureRandom()).hash("x")).startsWith("600000$");
    }

    @Test
    void inventsPasswordsThatNobodyGuesses() {
        assertThat(passwords.invent()).hasSize(24).isNotEqualTo(passwords.invent());
    }

    @Test
    void aSecretSaysWhatItOpensAndItsHashSaysNothing() {
        var secret = new Secrets(new SecureRandom()).make(Secrets.Kind.EDGE);

        assertThat(secret).startsWith("nse_").hasSize(4 + 43);
        assertThat(Secrets.Kind.EDGE.made(secret)).isTrue();
        assertThat(Secrets.Kind.TOKEN.made(secret)).isFalse();
        assertThat(Secrets.hash(secret)).hasSize(64).isEqualTo(Secrets.hash(secret));
    }
}

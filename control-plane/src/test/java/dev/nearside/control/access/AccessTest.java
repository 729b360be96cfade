package dev.nearside.control.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.control.access.Access.Login;
import dev.nearside.control.audit.Authorship;
import dev.nearside.control.http.Role;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Who gets in, and how often somebody may try.
class AccessTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final String PASSWORD = "correct horse";

    private final Passwords passwords = new Passwords(new SecureRandom(), 1_000);
    private final Kept kept = new Kept(new Operator("ann", passwords.hash(PASSWORD), Role.ADMIN));
    private final Access access = new Access(
            kept, _ -> Optional.empty(), passwords, new Secrets(new SecureRandom()), UUID::randomUUID, () -> NOON);

    /// One operator, whom it takes as long to find as the test likes.
    private static final class Kept implements AccessRepository {
        private final Operator operator;
        private final AtomicInteger looking = new AtomicInteger();
        private volatile CountDownLatch hold = new CountDownLatch(0);

        Kept(Operator operator) {
            this.operator = operator;
        }

        @Override
        public boolean hasOperators() {
            return true;
        }

        @Override
        public boolean addFirstOperator(Operator first, Authorship by) {
            return false;
        }

        @Override
        public Optional<Operator> findOperator(String username) {
            looking.incrementAndGet();
            try {
                hold.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return Optional.of(operator).filter(found -> found.username().equals(username));
        }

        @Override
        public void changePassword(String username, String passwordHash, String keptSecretHash, Authorship by) {}

        @Override
        public void addGrant(Grant grant, String secretHash, Authorship by) {}

        @Override
        public Optional<Grant> findGrant(String secretHash) {
            return Optional.empty();
        }

        @Override
        public List<Grant> tokens() {
            return List.of();
        }

        @Override
        public boolean deleteToken(String id, Authorship by) {
            return false;
        }

        @Override
        public void deleteGrant(String secretHash) {}

        @Override
        public void deleteExpired(Instant now) {}
    }

    /// Goes on when every one of them has ended or is looking for its operator.
    private List<Login> allAtOnce(int count, IntFunction<Callable<Login>> attempt) throws Exception {
        var ended = new ArrayList<Login>();
        kept.hold = new CountDownLatch(1);
        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            var begun = IntStream.range(0, count)
                    .mapToObj(i -> pool.submit(attempt.apply(i)))
                    .toList();
            while (begun.stream().filter(Future::isDone).count() + kept.looking.get() < count) Thread.onSpinWait();
            kept.hold.countDown();
            for (var each : begun) ended.add(each.get());
        }
        return ended;
    }

    @Test
    void guessesThatAreMadeAtOnceAreNoMoreThanOthers() throws Exception {
        var ended = allAtOnce(30, _ -> () -> access.login("ann", "guess", "192.0.2.1"));

        assertThat(ended.stream().filter(Login.Wrong.class::isInstance)).hasSize(LoginAttempts.FREE_FAILURES);
        assertThat(ended.stream().filter(Login.TooMany.class::isInstance)).hasSize(25);
    }

    @Test
    void whoGuessesDoesNotKeepOthersOut() throws Exception {
        for (int i = 0; i < 10; i++) access.login("ann", "guess", "192.0.2.1");

        assertThat(access.login("ann", PASSWORD, "192.0.2.1")).isInstanceOf(Login.TooMany.class);
        assertThat(access.login("ann", PASSWORD, "192.0.2.2")).isInstanceOf(Login.Welcome.class);
    }

    @Test
    void aCrowdAtTheDoorIsSentAway() throws Exception {
        var ended = allAtOnce(40, i -> () -> access.login("nobody" + i, "guess", "192.0.2.1"));

        assertThat(ended).hasSize(40).anyMatch(Login.TooMany.class::isInstance).anyMatch(Login.Wrong.class::isInstance);
        assertThat(access.login("ann", PASSWORD, "192.0.2.1")).isInstanceOf(Login.Welcome.class);
    }
}

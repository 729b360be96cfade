package dev.nearside.control.access;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/// Slows down guessing: after a few failed logins in a row, one more attempt every few seconds.
///
/// Counted by user name, since the console calls for all its users from one address. Nobody is locked out for
/// longer than [#PAUSE], and what is remembered is bounded.
public final class LoginAttempts {
    static final int FREE_FAILURES = 5;
    static final Duration PAUSE = Duration.ofSeconds(5);
    private static final int MOST_REMEMBERED = 10_000;

    private final Map<String, Failures> failures = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Failures> eldest) {
            return size() > MOST_REMEMBERED;
        }
    };

    private record Failures(int count, Instant last) {}

    /// Whether an attempt may be made now.
    public synchronized boolean mayTry(String username, Instant now) {
        var failed = failures.get(username);
        return failed == null
                || failed.count() < FREE_FAILURES
                || !now.isBefore(failed.last().plus(PAUSE));
    }

    public synchronized void failed(String username, Instant now) {
        var before = failures.get(username);
        failures.put(username, new Failures(before == null ? 1 : before.count() + 1, now));
    }

    public synchronized void succeeded(String username) {
        failures.remove(username);
    }
}

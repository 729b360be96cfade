package dev.nearside.control.access;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/// Slows down guessing: after a few failed logins in a row, one more attempt every few seconds.
///
/// Counted by user name and by where the attempts come from: by name, since the console calls for all its users from
/// one address; by address, so that nobody keeps others out who try from elsewhere. Nobody is locked out for longer
/// than [#PAUSE], and what is remembered is bounded.
public final class LoginAttempts {
    static final int FREE_FAILURES = 5;
    static final Duration PAUSE = Duration.ofSeconds(5);
    private static final int MOST_REMEMBERED = 10_000;

    private final Map<Who, Failures> failures = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Who, Failures> eldest) {
            return size() > MOST_REMEMBERED;
        }
    };

    /// @param place the address that the attempt comes from
    record Who(String username, String place) {}

    private record Failures(int count, Instant last) {}

    /// Whether an attempt may be made now; it counts as failed until it succeeds, so that nobody gets more of them by
    /// making them all at once.
    public synchronized boolean begin(Who who, Instant now) {
        var failed = failures.get(who);
        if (failed != null
                && failed.count() >= FREE_FAILURES
                && now.isBefore(failed.last().plus(PAUSE))) {
            return false;
        }
        failures.put(who, new Failures(failed == null ? 1 : failed.count() + 1, now));
        return true;
    }

    public synchronized void succeeded(Who who) {
        failures.remove(who);
    }
}

package dev.nearside.control.persistence;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.function.Supplier;

/// The database's clock, carried on between two looks at it by this machine's sense of duration.
///
/// So control planes agree on the time however their machines' clocks are set, and know it while the database is away.
final class DatabaseClock implements InstantSource {
    /// The answer came too late to tell when it was given.
    private static final Duration TOO_LONG = Duration.ofMillis(200);

    private final Supplier<Instant> database;
    private volatile Reading last = new Reading(Instant.EPOCH, 0);

    /// @param nanos what the machine's stopwatch showed at that time
    private record Reading(Instant at, long nanos) {
        Instant plusWhatPassed() {
            return at.plusNanos(System.nanoTime() - nanos).truncatedTo(ChronoUnit.MILLIS);
        }

        boolean isNone() {
            return at.equals(Instant.EPOCH);
        }
    }

    DatabaseClock(Supplier<Instant> database) {
        this.database = database;
    }

    /// Looks at the database's clock.
    void read() {
        long asked = System.nanoTime();
        var said = database.get();
        long took = System.nanoTime() - asked;
        if (took > TOO_LONG.toNanos() && !last.isNone()) return;
        last = new Reading(said, asked + took / 2);
    }

    @Override
    public Instant instant() {
        if (last.isNone()) read();
        return last.plusWhatPassed();
    }
}

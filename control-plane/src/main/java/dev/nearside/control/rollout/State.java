package dev.nearside.control.rollout;

import java.time.Instant;
import java.util.Optional;

/// How far a rollout has come.
public sealed interface State {

    /// The canaries have been told; nobody judges before they run it.
    record Starting(Instant since) implements State {}

    /// The canaries run it, and the guards watch.
    ///
    /// @param lookedAt when somebody last looked; time that nobody watched does not count
    /// @param lostSince since when too few canaries can be reached; empty while enough can
    record Watching(Instant since, Instant until, Instant lookedAt, Optional<Instant> lostSince) implements State {}

    /// Over, one way or the other.
    sealed interface Ended extends State {
        Instant at();

        /// Who ended it: the control plane itself, or somebody by name.
        String by();

        /// With the figures.
        String why();
    }

    /// Every edge gets it.
    record Promoted(Instant at, String by, String why) implements Ended {}

    /// Every edge gets what was there before, under a new number.
    record RolledBack(Instant at, String by, String why) implements Ended {}

    /// The word of the API and of the database.
    default String word() {
        return switch (this) {
            case Starting _ -> "starting";
            case Watching _ -> "watching";
            case Promoted _ -> "promoted";
            case RolledBack _ -> "rolled-back";
        };
    }

    /// Whether it is the same but for when somebody last looked.
    default boolean isAlike(State other) {
        return this instanceof Watching mine && other instanceof Watching theirs
                ? mine.since().equals(theirs.since())
                        && mine.until().equals(theirs.until())
                        && mine.lostSince().equals(theirs.lostSince())
                : equals(other);
    }
}

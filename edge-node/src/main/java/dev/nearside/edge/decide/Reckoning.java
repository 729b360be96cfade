package dev.nearside.edge.decide;

import java.time.Duration;

/// Listens while a {@link Freshness} is computed, for whoever wants to know how it came about.
///
/// What it hears are the very values of the computation, which goes the same way whether or not anybody listens.
@FunctionalInterface
public interface Reckoning {

    /// Nobody wants to know: what requests are answered with.
    Reckoning UNHEARD = (_, _, _) -> {};

    /// A value of the computation, in the order it is made.
    ///
    /// @param counts whether the result is this value, unless a later one counts too
    void step(Step step, Duration value, boolean counts);

    /// What a value is.
    enum Step {
        AGE_FIELD,
        IN_FLIGHT,
        SINCE_DATE,
        SINCE_ARRIVAL,
        REFUSED_REUSE,
        S_MAXAGE,
        MAX_AGE,
        EXPIRES,
        HEURISTIC,
        DEFAULT_TTL,
        ERROR_MINIMUM,
        MAX_TTL,
        MIN_TTL,
        SOFT_INVALIDATION
    }
}

package dev.nearside.control.invalidation;

import dev.nearside.control.audit.Authorship;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The log of all invalidations.
public interface InvalidationRepository {

    /// What became of an order.
    sealed interface Appended {

        record Added(Recorded invalidation) implements Appended {}

        /// The same caller reference and the same order were there before: nothing was added.
        record Known(Recorded invalidation) implements Appended {}

        /// The caller reference was there before with another order: nothing was added.
        record Contradicts(Recorded invalidation) implements Appended {}

        /// A limit would be passed: nothing was added.
        ///
        /// @param why what was ordered already, and what is allowed
        /// @param retryAfter when there is room again, as far as can be known
        record TooMuch(String why, Duration retryAfter) implements Appended {}
    }

    /// Appends an order to the log under the next position, unless it is there already or would be too much.
    ///
    /// @param appliedTo the position up to which every edge within reach has followed
    Appended append(Order order, OrderLimits limits, long appliedTo);

    /// The same without limits.
    default Appended append(
            String id, String distributionId, String callerReference, List<String> paths, boolean soft, Authorship by) {
        return append(
                new Order(id, distributionId, callerReference, paths, soft, by), OrderLimits.NONE, Long.MAX_VALUE);
    }

    Optional<Recorded> find(String distributionId, String id);

    /// A page of history, newest first, each with its first few paths.
    ///
    /// @param distributionId empty for those of all distributions
    /// @param before only positions below this one
    List<Recorded> page(Optional<String> distributionId, long before, int atMost);

    /// Forgets all but the latest ones; edges that have not followed that far start afresh.
    void keepOnly(long latest);
}

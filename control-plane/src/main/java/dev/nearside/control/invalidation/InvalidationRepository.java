package dev.nearside.control.invalidation;

import dev.nearside.control.audit.Authorship;
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
    }

    /// Appends an order to the log under the next position.
    Appended append(
            String id, String distributionId, String callerReference, List<String> paths, boolean soft, Authorship by);

    Optional<Recorded> find(String distributionId, String id);

    /// The latest invalidations of a distribution, newest first.
    List<Recorded> latest(String distributionId, int atMost);

    /// Forgets all but the latest ones; edges that have not followed that far start afresh.
    void keepOnly(long latest);
}

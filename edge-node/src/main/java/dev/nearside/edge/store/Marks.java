package dev.nearside.edge.store;

import dev.nearside.edge.http.Representation;
import dev.nearside.edge.http.Stored;
import java.time.Instant;

/// What soft invalidations make of heads: the same, but stale from a moment on.
final class Marks {

    /// The status of a slice, which is judged by the head of the whole.
    private static final int PART = 206;

    private Marks() {}

    /// A head with the mark of a soft invalidation.
    ///
    /// @param since as {@link InvalidationRules#judge} says of what is not dead
    static Stored since(Stored head, long since) {
        if (since == InvalidationRules.ALIVE) return head;
        return head instanceof Representation stored && stored.head().status() != PART
                ? stored.under(stored.head().staleFrom(Instant.ofEpochMilli(since)))
                : head;
    }

    /// A head as it was before the mark.
    static Stored without(Stored head) {
        return head instanceof Representation stored
                        && stored.head().staleSince().isPresent()
                ? stored.under(stored.head().unmarked())
                : head;
    }
}

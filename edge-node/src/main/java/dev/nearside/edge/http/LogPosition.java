package dev.nearside.edge.http;

/// A place in the control plane's log of invalidations: a number that counts up within an epoch. Beside it, a place in
/// the node's own count of changes that it saw pass (RFC 9111, section 4.4).
///
/// Positions of different epochs cannot be compared; a new epoch makes everything stored before it unproven. The node's
/// own count goes on through all of them.
///
/// @param epoch the log's identity; empty for a node that runs alone and has no log
/// @param number zero before the first invalidation
/// @param changes zero before the first change
public record LogPosition(String epoch, long number, long changes) {

    public static final LogPosition NONE = new LogPosition("", 0);

    public LogPosition {
        if (number < 0) throw new IllegalArgumentException("log position: " + number + " (expected: zero or more)");
        if (changes < 0) throw new IllegalArgumentException("changes: " + changes + " (expected: zero or more)");
    }

    /// A place in the log of a node that has seen no change.
    public LogPosition(String epoch, long number) {
        this(epoch, number, 0);
    }
}

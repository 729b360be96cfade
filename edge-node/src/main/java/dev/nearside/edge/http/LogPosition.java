package dev.nearside.edge.http;

/// A place in the control plane's log of invalidations: a number that counts up within an epoch.
///
/// Positions of different epochs cannot be compared; a new epoch makes everything stored before it unproven.
///
/// @param epoch the log's identity; empty for a node that runs alone and has no log
/// @param number zero before the first invalidation
public record LogPosition(String epoch, long number) {

    public static final LogPosition NONE = new LogPosition("", 0);

    public LogPosition {
        if (number < 0) throw new IllegalArgumentException("log position: " + number + " (expected: zero or more)");
    }
}

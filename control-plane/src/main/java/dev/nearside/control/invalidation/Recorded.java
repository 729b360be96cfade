package dev.nearside.control.invalidation;

import java.time.Instant;
import java.util.List;

/// An invalidation as the log keeps it.
///
/// @param paths all of them, or in a page of history the first few
/// @param pathCount how many it has
/// @param soft whether what is reached becomes stale instead of being removed
public record Recorded(
        long position,
        String id,
        String distributionId,
        String callerReference,
        List<String> paths,
        int pathCount,
        boolean soft,
        String author,
        Instant createdAt) {
    public Recorded {
        paths = List.copyOf(paths);
    }
}

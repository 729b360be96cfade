package dev.nearside.control.invalidation;

import java.time.Instant;
import java.util.List;

/// An invalidation as the log keeps it.
///
/// @param soft whether what is reached becomes stale instead of being removed
public record Recorded(
        long position,
        String id,
        String distributionId,
        String callerReference,
        List<String> paths,
        boolean soft,
        String author,
        Instant createdAt) {
    public Recorded {
        paths = List.copyOf(paths);
    }
}

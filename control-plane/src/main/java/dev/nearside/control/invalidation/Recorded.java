package dev.nearside.control.invalidation;

import java.time.Instant;
import java.util.List;

/// An invalidation as the log keeps it.
public record Recorded(
        long position,
        String id,
        String distributionId,
        String callerReference,
        List<String> paths,
        String author,
        Instant createdAt) {
    public Recorded {
        paths = List.copyOf(paths);
    }
}

package dev.nearside.model.invalidation;

import dev.nearside.model.distribution.DistributionId;
import java.util.List;

/// An order to stop serving some keys of a distribution, numbered in the log of all invalidations.
///
/// @param epoch which log the position belongs to
/// @param position its number in that log, from 1
public record Invalidation(
        String id, String epoch, long position, DistributionId distribution, List<InvalidationPath> paths) {
    public Invalidation {
        paths = List.copyOf(paths);
        if (position < 1) throw new IllegalArgumentException("position: " + position + " (expected: 1 or more)");
    }
}

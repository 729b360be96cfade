package dev.nearside.model.invalidation;

import dev.nearside.model.distribution.DistributionId;
import java.time.Instant;
import java.util.List;

/// An order to stop serving some keys of a distribution, numbered in the log of all invalidations.
///
/// @param epoch which log the position belongs to
/// @param position its number in that log, from 1
public record Invalidation(
        String id,
        String epoch,
        long position,
        DistributionId distribution,
        List<InvalidationPath> paths,
        Effect effect) {

    /// What becomes of an object that is reached.
    public sealed interface Effect {

        /// Nobody gets it again.
        record Hard() implements Effect {}

        /// It is stale from a moment on, as if its life had ended then, until the origin confirms or replaces it.
        record Soft(Instant since) implements Effect {}
    }

    public Invalidation {
        paths = List.copyOf(paths);
        if (position < 1) throw new IllegalArgumentException("position: " + position + " (expected: 1 or more)");
    }

    /// The same order on a machine whose clock may be behind: nothing is stale from a moment on that is yet to come.
    public Invalidation noLaterThan(Instant now) {
        return switch (effect) {
            case Effect.Hard _ -> this;
            case Effect.Soft(var since) when !since.isAfter(now) -> this;
            case Effect.Soft _ -> new Invalidation(id, epoch, position, distribution, paths, new Effect.Soft(now));
        };
    }
}

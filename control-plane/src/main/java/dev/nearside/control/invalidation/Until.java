package dev.nearside.control.invalidation;

import dev.nearside.model.wire.api.Invalidations.Summary;

/// How many edges must have applied an invalidation before whoever waits for it is told so. Drained edges are neither
/// asked nor counted.
public sealed interface Until {

    /// Every enrolled edge.
    record All() implements Until {}

    /// More than half of them.
    record Majority() implements Until {}

    /// So many of them.
    record Count(int edges) implements Until {}

    /// So large a part of them.
    record Share(int percent) implements Until {}

    /// How many of so many edges that is.
    default int needed(int expected) {
        return switch (this) {
            case All() -> expected;
            // Where there is no edge, nobody serves anything old.
            case Majority() -> expected == 0 ? 0 : expected / 2 + 1;
            case Count(var edges) -> edges;
            case Share(var percent) -> Math.ceilDiv(expected * percent, 100);
        };
    }

    default boolean isReached(Summary summary) {
        return summary.applied() >= needed(summary.expected());
    }
}

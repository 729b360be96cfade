package dev.nearside.control.metrics;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.function.Supplier;

/// Tells which distributions there are or were.
public final class Distributions {
    /// What an edge counts under that belongs to none.
    private static final String NONE = "-";

    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    private final Supplier<Set<String>> ids;
    private final InstantSource clock;

    private volatile Looked looked = new Looked(Set.of(), Instant.MIN);

    private record Looked(Set<String> ids, Instant at) {
        Looked {
            ids = Set.copyOf(ids);
        }
    }

    /// @param ids reads them all
    public Distributions(Supplier<Set<String>> ids, InstantSource clock) {
        this.ids = ids;
        this.clock = clock;
    }

    /// One that was made a moment ago is known a moment later.
    public boolean has(String id) {
        if (id.equals(NONE) || looked.ids().contains(id)) return true;
        var now = clock.instant();
        if (looked.at().isAfter(now.minus(BETWEEN_LOOKS))) return false;
        looked = new Looked(ids.get(), now);
        return looked.ids().contains(id);
    }
}

package dev.nearside.control.fleet;

import java.util.Collection;
import java.util.Map;

/// Which edges try a snapshot before the others get it; a rule, so that it also knows of edges that join later.
public sealed interface Canaries {

    /// Edges that carry every one of these labels.
    record Labelled(Map<String, String> labels) implements Canaries {
        public Labelled {
            labels = Map.copyOf(labels);
        }
    }

    /// Edges whose place in a fixed shuffling of all ids lies below a bound.
    record Share(long below) implements Canaries {}

    default boolean has(String edgeId, Map<String, String> labels) {
        return switch (this) {
            case Labelled(var wanted) -> labels.entrySet().containsAll(wanted.entrySet());
            case Share(var below) -> place(edgeId) < below;
        };
    }

    /// The rule that chooses so many per cent of these edges, though at least one, and leaves at least one out.
    static Share share(int percent, Collection<String> edgeIds) {
        var places = edgeIds.stream().mapToLong(Canaries::place).sorted().toArray();
        if (places.length == 0) return new Share(0);
        long count = Math.round(places.length * percent / 100.0);
        int last = Math.clamp(count, 1, Math.max(places.length - 1, 1)) - 1;
        return new Share(places[last] + 1);
    }

    /// Where the fixed shuffling puts an edge: the same under every release and on every control plane.
    private static long place(String edgeId) {
        // FNV-1a, with the finish of MurmurHash3: ids that hardly differ end far from each other.
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < edgeId.length(); i++) hash = (hash ^ edgeId.charAt(i)) * 0x100000001b3L;
        hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
        hash = (hash ^ (hash >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return (hash ^ (hash >>> 33)) >>> 2;
    }
}

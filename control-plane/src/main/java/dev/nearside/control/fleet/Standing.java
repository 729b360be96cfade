package dev.nearside.control.fleet;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;

/// What operators decided about an edge.
///
/// @param labels to choose it by, sorted by name
/// @param drainedAt since when it should get no new viewers; empty if it should
/// @param credentialSince when its credential was first valid
/// @param rotationOrderedAt when it was told to fetch a new credential; empty once that was used
/// @param revision counts up with every decision
public record Standing(
        SequencedMap<String, String> labels,
        Optional<Instant> drainedAt,
        Instant credentialSince,
        Optional<Instant> rotationOrderedAt,
        long revision) {

    public Standing {
        labels = java.util.Collections.unmodifiableSequencedMap(new TreeMap<>(labels));
    }

    /// Of an edge that nobody has decided anything about yet.
    public static Standing ofNewcomer(Map<String, String> labels, Instant at) {
        return new Standing(new TreeMap<>(labels), Optional.empty(), at, Optional.empty(), 1);
    }

    Standing withoutRotation() {
        return new Standing(labels, drainedAt, credentialSince, Optional.empty(), revision);
    }

    /// The validator of HTTP for exactly these decisions.
    public String etag() {
        return "\"" + revision + "\"";
    }
}

package dev.nearside.control.publish;

import dev.nearside.control.configuration.Kind;
import java.time.Instant;
import java.util.Set;

/// A snapshot as it was published.
///
/// @param hash SHA-256 of the document, in hexadecimal
/// @param document the canonical JSON of a complete configuration document; empty in a list of snapshots
/// @param content the versions it was compiled from; none in a list of snapshots
public record Publication(
        long version,
        String hash,
        String document,
        Set<Chosen> content,
        String author,
        Instant publishedAt,
        String comment) {
    public Publication {
        content = Set.copyOf(content);
    }

    /// One version that a snapshot holds.
    public record Chosen(Kind kind, String id, int version) {}
}

package dev.nearside.control.publish;

import dev.nearside.control.configuration.Kind;
import java.time.Instant;

/// A snapshot as it was published; what it says is read by itself, since it may be long.
///
/// @param hash SHA-256 of its document, in hexadecimal
public record Publication(long version, String hash, String author, Instant publishedAt, String comment) {

    /// One version that a snapshot holds.
    public record Chosen(Kind kind, String id, int version) {}
}

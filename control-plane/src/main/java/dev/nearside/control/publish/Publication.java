package dev.nearside.control.publish;

import java.time.Instant;

/// A snapshot as it was published.
///
/// @param hash SHA-256 of the document, in hexadecimal
/// @param document the canonical JSON of a complete configuration document
public record Publication(
        long version, String hash, String document, String author, Instant publishedAt, String comment) {}

package dev.nearside.control.configuration;

import java.time.Instant;

/// One immutable version of one document.
///
/// @param number counts up from 1 for each document
/// @param name the document's name in this version
/// @param document its JSON; references to policies are ids; empty in a history
/// @param createdAt when the first version was saved
public record Version(
        Kind kind,
        String id,
        int number,
        String name,
        String document,
        String author,
        Instant savedAt,
        String comment,
        Instant createdAt) {

    /// The validator of HTTP for exactly this version.
    public String etag() {
        return "\"" + number + "\"";
    }
}

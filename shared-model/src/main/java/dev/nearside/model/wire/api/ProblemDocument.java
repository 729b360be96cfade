package dev.nearside.model.wire.api;

import jakarta.json.JsonValue;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An error of the API (RFC 9457), served as `application/problem+json`.
///
/// @param type a URN that names the kind of problem, like `urn:nearside:problem:invalid-document`
/// @param problems every reason with its path, where a document was refused
/// @param current what is there, where a change was made on something older
public record ProblemDocument(
        String type,
        String title,
        int status,
        @Nullable String detail,
        @Nullable String requestId,
        @Nullable List<Entry> problems,
        @Nullable Current current) {

    public record Entry(String path, String message) {}

    /// What stands in the way of a change; all but its ETag is absent where there is no single document.
    public record Current(
            String etag,
            @Nullable Long version,
            @Nullable Instant at,
            @Nullable String author,
            @Nullable String comment,
            @Nullable JsonValue document) {}
}

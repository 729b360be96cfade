package dev.nearside.model.wire.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// An error of the API (RFC 9457), served as `application/problem+json`.
///
/// @param type a URN that names the kind of problem, like `urn:nearside:problem:invalid-document`
/// @param problems every reason with its path, where a document was refused
public record ProblemDocument(
        String type,
        String title,
        int status,
        @Nullable String detail,
        @Nullable String requestId,
        @Nullable List<Entry> problems) {

    public record Entry(String path, String message) {}
}

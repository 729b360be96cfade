package dev.nearside.control.http;

import dev.nearside.model.wire.Json;
import dev.nearside.model.wire.api.ProblemDocument;
import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;

/// Answers what the web server cannot read as a request, so that there is no route for it; like every other refusal.
///
/// Nothing of what was sent is repeated: nobody has looked at it.
record Unreadable(Supplier<String> requestIds) implements DirectHandler {

    @Override
    public TransportResponse handle(
            TransportRequest request, EventType type, Status status, ServerResponseHeaders headers, String message) {
        var id = requestIds.get();
        var problem = new ProblemDocument(
                "urn:nearside:problem:unreadable",
                "The request cannot be read",
                status.code(),
                "Its first line or a header is malformed (expected: all but letters, digits and - . _ ~ percent-encoded"
                        + " in names and values of a URL, a % as %25).",
                id,
                List.of(),
                null);
        return TransportResponse.builder()
                .status(status)
                .headers(headers)
                .header(HeaderNames.CONTENT_TYPE, "application/problem+json")
                .header(HeaderNames.CACHE_CONTROL, "no-store")
                .header(HeaderNames.create("X-Content-Type-Options"), "nosniff")
                .header(HeaderNames.create("X-Request-Id"), id)
                .keepAlive(false)
                .entity(Json.write(problem).getBytes(StandardCharsets.UTF_8))
                .build();
    }
}

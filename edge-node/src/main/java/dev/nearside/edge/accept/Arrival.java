package dev.nearside.edge.accept;

import dev.nearside.edge.http.ViewerRequest;
import io.vertx.core.http.HttpServerRequest;
import java.time.Instant;
import java.util.Optional;

/// One well-formed request and the connection it came over. Its body waits until somebody asks for it.
///
/// @param nanoTime when it arrived, for durations
public record Arrival(ViewerRequest request, HttpServerRequest transport, Instant at, long nanoTime) {

    /// How the connection is encrypted, as `version:cipher:handshake`; empty in clear text.
    public Optional<String> tls() {
        return ViewerTls.of(transport);
    }
}

package dev.nearside.edge.accept;

import dev.nearside.edge.http.ViewerRequest;
import io.vertx.core.http.HttpServerRequest;
import java.time.Instant;

/// One well-formed request and the connection it came over. Its body waits until somebody asks for it.
///
/// @param nanoTime when it arrived, for durations
public record Arrival(ViewerRequest request, HttpServerRequest transport, Instant at, long nanoTime) {

    /// The same arrival, asking for something else.
    public Arrival asking(ViewerRequest other) {
        return new Arrival(other, transport, at, nanoTime);
    }
}

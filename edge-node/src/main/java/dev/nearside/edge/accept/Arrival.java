package dev.nearside.edge.accept;

import dev.nearside.edge.http.ViewerRequest;
import io.netty.handler.codec.DecoderResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.streams.ReadStream;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One well-formed request and the connection it came over. Its body waits until somebody asks for it.
///
/// @param authority the host that the viewer named, as it was sent; empty if none was
/// @param encryption of the connection; empty in clear text
/// @param nanoTime when it arrived, for durations
/// @param mark that a shortcut has put on it, if one has
public record Arrival(
        ViewerRequest request,
        HttpServerRequest transport,
        String authority,
        Optional<ViewerTls> encryption,
        Instant at,
        long nanoTime,
        @Nullable DecoderResult mark) {

    /// How the connection is encrypted, as `version:cipher:handshake`; empty in clear text.
    public Optional<String> tls() {
        return encryption.map(known -> known.told(transport));
    }

    /// The same arrival, asking for something else.
    public Arrival asking(ViewerRequest other) {
        return new Arrival(other, transport, authority, encryption, at, nanoTime, mark);
    }

    /// Completed when the viewer has gone away, or taken its request back, before its answer began. Whoever sends the
    /// answer listens for itself.
    public Future<Void> gone() {
        var gone = Promise.<Void>promise();
        var response = transport.response();
        if (response.closed()) {
            gone.complete();
        } else {
            response.closeHandler(_ -> gone.tryComplete());
            response.exceptionHandler(_ -> gone.tryComplete());
        }
        return gone.future();
    }

    /// The body, if the framing announces one. A viewer who waits for a word to send it gets that word when somebody
    /// reads (RFC 9110, section 10.1.1), and not before.
    public Optional<ReadStream<Buffer>> body() {
        if (!request.hasBody()) return Optional.empty();
        boolean waits =
                request.headers().has("Expect") && !request.httpVersion().equals("1.0");
        return Optional.of(new ViewerBody(transport, waits));
    }

    /// Whether the viewer wants nothing more on this connection (RFC 9112, section 9.6).
    public boolean isLast() {
        for (var field : request.headers().fields()) {
            if (field.is("Connection") && namesClose(field.value())) return true;
        }
        return false;
    }

    private static boolean namesClose(String value) {
        for (int at = 0; at <= value.length(); ) {
            int comma = value.indexOf(',', at);
            int end = comma < 0 ? value.length() : comma;
            if (value.substring(at, end).strip().equalsIgnoreCase("close")) return true;
            at = end + 1;
        }
        return false;
    }
}

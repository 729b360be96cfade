package dev.nearside.edge.origin;

import dev.nearside.edge.http.Headers;
import dev.nearside.edge.store.BodyReader;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;

/// How a conversation with an origin ended. Failing is ordinary, so it is a value.
public sealed interface OriginOutcome {

    /// The head has arrived; the body waits to be read, and must be read, closed or discarded.
    ///
    /// @param length that the head announces, if it does
    /// @param hasBody whether bytes can follow at all
    record Answered(
            int status,
            Headers headers,
            OptionalLong length,
            boolean hasBody,
            BodyReader body,
            Instant requestedAt,
            Instant receivedAt)
            implements OriginOutcome {

        /// Nobody wants the body. One that has none is read to its end, so that the connection can be used again.
        public void discard() {
            if (hasBody) body.close();
            else body.next().onSuccess(ByteBuf::release);
        }

        /// The same answer with its body read through another reader.
        Answered with(BodyReader reader) {
            return new Answered(status, headers, length, hasBody, reader, requestedAt, receivedAt);
        }

        /// The same body under another head.
        Answered as(int otherStatus, Headers otherHeaders, OptionalLong otherLength) {
            return new Answered(otherStatus, otherHeaders, otherLength, hasBody, body, requestedAt, receivedAt);
        }
    }

    sealed interface Failed extends OriginOutcome {
        String origin();
    }

    record Unreachable(String origin, String reason) implements Failed {}

    record TimedOut(String origin, Duration after) implements Failed {}

    record Malformed(String origin, String reason) implements Failed {}

    /// The origin's address is one that this node does not connect to (DESIGN §7).
    record Forbidden(String origin, String address) implements Failed {}

    /// The origin answered with a 5xx while something older may stand in for it.
    record InTrouble(String origin, int status) implements Failed {}

    /// The only place where an origin's failure becomes a status code.
    static int statusOf(Failed failure) {
        return switch (failure) {
            case TimedOut _ -> 504;
            case InTrouble(var _, var status) -> status;
            case Unreachable _, Malformed _, Forbidden _ -> 502;
        };
    }
}

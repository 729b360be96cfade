package dev.nearside.edge.origin;

import dev.nearside.edge.http.Headers;
import dev.nearside.edge.store.BodyReader;
import io.netty.buffer.ByteBuf;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;

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

        /// What is made of the answer. Should that fail, which is a bug of ours, the body does not wait for a reader
        /// for ever.
        <T> Future<T> orClosed(Function<Answered, Future<T>> use) {
            return Future.succeededFuture(this).compose(use).onFailure(_ -> body.close());
        }

        /// The same answer under other fields.
        Answered with(Headers other) {
            return new Answered(status, other, length, hasBody, body, requestedAt, receivedAt);
        }

        /// The same answer in another coding, whose length nobody knows yet.
        Answered coded(Headers other, BodyReader reader) {
            return new Answered(status, other, OptionalLong.empty(), hasBody, reader, requestedAt, receivedAt);
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

    /// There is no connection, or there was one that ended before any answer.
    record Unreachable(String origin, String reason) implements Failed {}

    /// It did not come in time.
    ///
    /// @param waiting for what
    record TimedOut(String origin, Waiting waiting, Duration after) implements Failed {}

    /// What an origin may be late with.
    enum Waiting {
        CONNECTION,
        NEXT_BYTE,
        WHOLE_ANSWER
    }

    /// Its certificate does not show that it is the origin, or there is no common ground in TLS (CF§1.3).
    record Untrusted(String origin, String reason) implements Failed {}

    /// What it said is no HTTP answer.
    record Malformed(String origin, String reason) implements Failed {}

    /// The origin's address is one that this node does not connect to (DESIGN §7).
    record Forbidden(String origin, String address) implements Failed {}

    /// The origin answered with a 5xx while something older may stand in for it.
    record InTrouble(String origin, int status) implements Failed {}

    /// Every connection that this node may have to it is in use: trouble of ours.
    record Crowded(String origin) implements Failed {}

    /// Nobody waited for its answer any more.
    record Abandoned(String origin) implements Failed {}

    /// The only place where an origin's failure becomes a status code.
    static int statusOf(Failed failure) {
        return switch (failure) {
            case TimedOut _ -> 504;
            case InTrouble(var _, var status) -> status;
            case Crowded _ -> 503;
            case Unreachable _, Untrusted _, Malformed _, Forbidden _, Abandoned _ -> 502;
        };
    }

    /// Whether the failure says something of the origin, so that the next request may expect the same.
    static boolean tellsOfOrigin(Failed failure) {
        return switch (failure) {
            case Unreachable _, TimedOut _, Untrusted _, Malformed _, Forbidden _, InTrouble _ -> true;
            case Crowded _, Abandoned _ -> false;
        };
    }

    /// What happened, in the words of an operator's log.
    static String told(Failed failure) {
        return switch (failure) {
            case Unreachable(var origin, var reason) -> "origin %s cannot be reached: %s".formatted(origin, reason);
            case TimedOut(var origin, var waiting, var after) ->
                "origin %s %s within %s s"
                        .formatted(
                                origin,
                                switch (waiting) {
                                    case CONNECTION -> "took no connection";
                                    case NEXT_BYTE -> "sent nothing";
                                    case WHOLE_ANSWER -> "did not complete its answer";
                                },
                                after.toMillis() % 1000 == 0 ? after.toSeconds() : after.toMillis() / 1000.0);
            case Untrusted(var origin, var reason) -> "origin %s is not trusted: %s".formatted(origin, reason);
            case Malformed(var origin, var reason) -> "origin %s sent no HTTP answer: %s".formatted(origin, reason);
            case Forbidden(var origin, var address) ->
                "origin %s is at %s, where this node may not connect to (--allow-origins opens loopback and link-local addresses)"
                        .formatted(origin, address);
            case InTrouble(var origin, var status) -> "origin %s answered with status %d".formatted(origin, status);
            case Crowded(var origin) -> "all connections to origin %s are in use".formatted(origin);
            case Abandoned(var origin) -> "nobody waited for origin %s any more".formatted(origin);
        };
    }

    /// The decision's word for it.
    static String wordOf(Failed failure) {
        return switch (failure) {
            case Unreachable _ -> "ORIGIN_UNREACHABLE";
            case TimedOut _ -> "ORIGIN_TIMED_OUT";
            case Untrusted _ -> "ORIGIN_UNTRUSTED";
            case Malformed _ -> "ORIGIN_MALFORMED";
            case Forbidden _ -> "ORIGIN_FORBIDDEN";
            case InTrouble _ -> "ORIGIN_IN_TROUBLE";
            case Crowded _ -> "ORIGIN_CROWDED";
            case Abandoned _ -> "VIEWER_GONE";
        };
    }

    /// Whether the outcome leads to the other origin of a group (CF§1.4). 503 stands for a connection that failed and
    /// 504 for a timeout, so one that was not made in time is both; 502 stands for an answer that is none.
    ///
    /// @param listed the group's statuses
    static boolean failsOver(OriginOutcome outcome, Set<Integer> listed) {
        return switch (outcome) {
            case Answered answered -> listed.contains(answered.status());
            case Unreachable _, Untrusted _, Forbidden _, Crowded _ -> listed.contains(503);
            case TimedOut(var _, var waiting, var _) ->
                listed.contains(504) || (waiting == Waiting.CONNECTION && listed.contains(503));
            case Malformed _ -> listed.contains(502);
            case Abandoned _ -> false;
            case InTrouble(var _, var status) -> listed.contains(status);
        };
    }
}

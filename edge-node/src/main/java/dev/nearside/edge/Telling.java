package dev.nearside.edge;

import dev.nearside.edge.accept.Arrival;
import dev.nearside.edge.accept.ViewerTls;
import dev.nearside.edge.health.Tally;
import dev.nearside.edge.http.ViewerRequest;
import dev.nearside.edge.log.AccessLog;
import dev.nearside.edge.log.Exchange;
import dev.nearside.edge.respond.CacheStatus;
import dev.nearside.edge.respond.Reply;
import dev.nearside.edge.respond.Responder.Sent;
import dev.nearside.edge.respond.ResultClass;
import dev.nearside.edge.route.Routed.Route;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// Tells operators of each finished request: counted once, written as one line.
record Telling(Tally tally, Optional<AccessLog> log, LongSupplier nanoTime) {

    void tell(Arrival arrival, Optional<Route> route, Reply reply, Sent sent) {
        tally.answered(
                route.map(found -> found.distribution().id().value()).orElse(Tally.NO_DISTRIBUTION),
                reply.result(),
                sent.bodyBytes());
        tally.waited(reply.status(), sent.firstByteNanos() - arrival.nanoTime());
        if (log.isEmpty()) return;
        var came = new Came(
                arrival.request(), arrival.authority(), arrival.encryption(), arrival.at(), arrival.nanoTime());
        log.get().write(exchange(came, route, reply, sent));
    }

    /// Now, for the log; 0 without one, since nobody else asks how long anything took.
    long moment() {
        return log.isEmpty() ? 0 : nanoTime.getAsLong();
    }

    /// Tells of a request that was answered without an arrival.
    ///
    /// @param exchange asked for if there is a log
    void tell(String distribution, ResultClass result, Sent sent, Supplier<Exchange> exchange) {
        tally.answered(distribution, result, sent.bodyBytes());
        if (log.isPresent()) log.get().write(exchange.get());
    }

    /// How a request came in.
    ///
    /// @param authority as it was sent; empty if none was
    record Came(ViewerRequest request, String authority, Optional<ViewerTls> encryption, Instant at, long nanoTime) {}

    Exchange exchange(Came came, Optional<Route> route, Reply reply, Sent sent) {
        return new Exchange(
                came.request(),
                came.at(),
                came.authority().isEmpty() ? "-" : came.authority(),
                came.encryption().map(ViewerTls::protocol).orElse("-"),
                came.encryption().map(ViewerTls::cipher).orElse("-"),
                route.map(found -> found.distribution().name()).orElse("-"),
                reply.status(),
                sent.bodyBytes(),
                reply.result().word(),
                reply.result().label(),
                CacheStatus.token(reply.why()),
                sent.whole(),
                Duration.ofNanos(sent.firstByteNanos() - came.nanoTime()),
                Duration.ofNanos(nanoTime.getAsLong() - came.nanoTime()),
                reply.headers().first("Content-Type").orElse("-"),
                reply.headers().first("Content-Length").orElse("-"),
                reply.headers().first("Content-Range").orElse("-"));
    }

    /// The exchange of one more request, which had the outcome of an earlier one.
    Exchange again(Exchange earlier, Came came, Sent sent) {
        return earlier.again(
                came.request(),
                came.at(),
                came.encryption().map(ViewerTls::protocol).orElse("-"),
                came.encryption().map(ViewerTls::cipher).orElse("-"),
                sent.bodyBytes(),
                sent.whole(),
                Duration.ofNanos(sent.firstByteNanos() - came.nanoTime()),
                Duration.ofNanos(nanoTime.getAsLong() - came.nanoTime()));
    }
}

package dev.nearside.edge;

import dev.nearside.edge.accept.Arrival;
import dev.nearside.edge.accept.ViewerTls;
import dev.nearside.edge.health.Tally;
import dev.nearside.edge.log.AccessLog;
import dev.nearside.edge.log.Exchange;
import dev.nearside.edge.respond.CacheStatus;
import dev.nearside.edge.respond.Reply;
import dev.nearside.edge.respond.Responder.Sent;
import dev.nearside.edge.respond.ResultClass;
import dev.nearside.edge.route.Routed.Route;
import java.time.Duration;
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
        if (log.isPresent()) log.get().write(exchange(arrival, route, reply, sent, nanoTime.getAsLong()));
    }

    /// Tells of one more request with the outcome of an earlier one.
    ///
    /// @param exchange asked for if there is a log
    void tellAgain(String distribution, ResultClass result, Sent sent, Supplier<Exchange> exchange) {
        tally.answered(distribution, result, sent.bodyBytes());
        if (log.isPresent()) log.get().write(exchange.get());
    }

    /// @param finished when all was over, on the clock of {@link Arrival#nanoTime}
    static Exchange exchange(Arrival arrival, Optional<Route> route, Reply reply, Sent sent, long finished) {
        return new Exchange(
                arrival.request(),
                arrival.at(),
                arrival.authority().isEmpty() ? "-" : arrival.authority(),
                arrival.encryption().map(ViewerTls::protocol).orElse("-"),
                arrival.encryption().map(ViewerTls::cipher).orElse("-"),
                route.map(found -> found.distribution().name()).orElse("-"),
                reply.status(),
                sent.bodyBytes(),
                reply.result().word(),
                reply.result().label(),
                CacheStatus.token(reply.why()),
                sent.whole(),
                Duration.ofNanos(sent.firstByteNanos() - arrival.nanoTime()),
                Duration.ofNanos(finished - arrival.nanoTime()),
                reply.headers().first("Content-Type").orElse("-"),
                reply.headers().first("Content-Length").orElse("-"),
                reply.headers().first("Content-Range").orElse("-"));
    }
}

package dev.nearside.edge.origin;

import dev.nearside.edge.route.Routed.Route;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks the origin of a route, and after it the second of a group (CF§1.4).
public final class Origins {

    private static final Logger LOG = LoggerFactory.getLogger(Origins.class);

    private final OriginClient client;

    public Origins(OriginClient client) {
        this.client = client;
    }

    /// Brings an answer; the future never fails. What the second origin says is final, an error too.
    ///
    /// @param request what is sent over a route: each origin has its own path, host and headers
    /// @param body what the viewer sends along; such a request goes to the first origin alone
    public Future<OriginOutcome> ask(
            Route route, Function<Route, ForwardedRequest> request, Optional<ReadStream<Buffer>> body) {
        // A method that is cached is one that may be sent twice.
        var failover = route.failover().filter(_ -> body.isEmpty() && route.cachesMethod());
        var first = send(route, request, body);
        if (failover.isEmpty()) return first;
        return first.compose(outcome -> {
            if (!OriginOutcome.failsOver(outcome, failover.get().statuses())) return Future.succeededFuture(outcome);
            var second = route.to(failover.get().secondary());
            LOG.info(
                    "Request {}: {} {}, so {} is asked",
                    route.request().id(),
                    route.origin().id(),
                    said(outcome),
                    second.origin().id());
            if (outcome instanceof OriginOutcome.Answered answered) answered.discard();
            return send(second, request, body);
        });
    }

    private Future<OriginOutcome> send(
            Route route, Function<Route, ForwardedRequest> request, Optional<ReadStream<Buffer>> body) {
        var to = OriginAddress.of(route.origin(), route.request().scheme());
        return client.ask(route.origin(), to, request.apply(route), body);
    }

    private static String said(OriginOutcome outcome) {
        return switch (outcome) {
            case OriginOutcome.Answered answered -> "answered " + answered.status();
            case OriginOutcome.Failed failed -> "failed (" + failed + ")";
        };
    }
}

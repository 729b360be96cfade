package dev.nearside.edge.origin;

import dev.nearside.edge.route.Routed.Failover;
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
    private final Health health;
    private final HealthChecks checks;

    public Origins(OriginClient client, Health health, HealthChecks checks) {
        this.client = client;
        this.health = health;
        this.checks = checks;
    }

    /// Brings an answer; the future never fails. What the second origin says is final, an error too.
    ///
    /// @param request what is sent over a route: each origin has its own path, host and headers
    /// @param body what the viewer sends along; such a request goes to the first origin alone
    /// @param givenUp completed when nobody waits for the answer any more; empty if somebody always does
    public Future<OriginOutcome> ask(
            Route route,
            Function<Route, ForwardedRequest> request,
            Optional<ReadStream<Buffer>> body,
            Optional<Future<Void>> givenUp) {
        // A method that is cached is one that may be sent twice.
        var failover = route.failover().filter(_ -> body.isEmpty() && route.cachesMethod());
        if (failover.isEmpty()) return send(route, request, body, givenUp);
        if (isToBeLeftAlone(route, failover.get())) {
            return send(route.to(failover.get().secondary()), request, body, givenUp);
        }
        return send(route, request, body, givenUp).compose(outcome -> {
            if (!OriginOutcome.failsOver(outcome, failover.get().statuses())) return Future.succeededFuture(outcome);
            var second = route.to(failover.get().secondary());
            LOG.info(
                    "Request {}: {} {}, so {} is asked",
                    route.request().id(),
                    route.origin().id(),
                    said(outcome),
                    second.origin().id());
            if (outcome instanceof OriginOutcome.Answered answered) answered.discard();
            return send(second, request, body, givenUp);
        });
    }

    /// CloudFront asks the first origin each time. One that is known to be ill would make each viewer wait for its
    /// failure; it is passed over where the list says that such a failure leads to the second, unless the second is
    /// ill too.
    private boolean isToBeLeftAlone(Route route, Failover failover) {
        if (!failover.statuses().contains(503) && !failover.statuses().contains(504)) return false;
        var distribution = route.distribution().id();
        if (checks.isIll(distribution, failover.secondary().id())) return false;
        return checks.isIll(distribution, route.origin().id()) || !health.mayTry(name(route));
    }

    private static Health.Place name(Route route) {
        return new Health.Place.Name(
                OriginAddress.of(route.origin(), route.request().scheme()));
    }

    /// Asks the first origin alone for a WebSocket; the future never fails.
    public Future<OriginClient.Opening> open(Route route, ForwardedRequest request) {
        var to = OriginAddress.of(route.origin(), route.request().scheme());
        return client.open(route.origin(), to, request);
    }

    private Future<OriginOutcome> send(
            Route route,
            Function<Route, ForwardedRequest> request,
            Optional<ReadStream<Buffer>> body,
            Optional<Future<Void>> givenUp) {
        var to = OriginAddress.of(route.origin(), route.request().scheme());
        return client.ask(route.origin(), to, request.apply(route), body, givenUp)
                .onSuccess(outcome -> {
                    switch (outcome) {
                        case OriginOutcome.Answered _ -> health.worked(name(route));
                        case OriginOutcome.Unreachable _, OriginOutcome.TimedOut _, OriginOutcome.Untrusted _ ->
                            health.failed(name(route));
                        case OriginOutcome.Malformed _,
                                OriginOutcome.Forbidden _,
                                OriginOutcome.InTrouble _,
                                OriginOutcome.Crowded _,
                                OriginOutcome.Abandoned _ -> {}
                    }
                });
    }

    private static String said(OriginOutcome outcome) {
        return switch (outcome) {
            case OriginOutcome.Answered answered -> "answered " + answered.status();
            case OriginOutcome.Failed failed -> "failed (" + failed + ")";
        };
    }
}

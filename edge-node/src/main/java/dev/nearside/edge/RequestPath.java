package dev.nearside.edge;

import dev.nearside.edge.Lookup.Looked;
import dev.nearside.edge.accept.Accepted;
import dev.nearside.edge.accept.Arrival;
import dev.nearside.edge.accept.Door;
import dev.nearside.edge.decide.CacheDecision;
import dev.nearside.edge.decide.Freshness;
import dev.nearside.edge.decide.TtlRules;
import dev.nearside.edge.http.ByteRange;
import dev.nearside.edge.http.SameHost;
import dev.nearside.edge.http.ViewerRequest;
import dev.nearside.edge.key.CacheKey;
import dev.nearside.edge.key.CacheKeys;
import dev.nearside.edge.origin.CdnLoop;
import dev.nearside.edge.origin.Fetched;
import dev.nearside.edge.origin.Fetcher;
import dev.nearside.edge.origin.ForwardedRequest;
import dev.nearside.edge.origin.OriginClient;
import dev.nearside.edge.origin.OriginOutcome;
import dev.nearside.edge.origin.Origins;
import dev.nearside.edge.origin.SlicedEntry;
import dev.nearside.edge.origin.Trip;
import dev.nearside.edge.origin.WebSocketRequest;
import dev.nearside.edge.respond.Replies;
import dev.nearside.edge.respond.Reply;
import dev.nearside.edge.respond.Responder;
import dev.nearside.edge.route.Routed;
import dev.nearside.edge.route.RoutingTable;
import dev.nearside.edge.store.Entry;
import dev.nearside.edge.sync.CurrentSnapshot;
import dev.nearside.edge.viewer.Viewer;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One viewer request, from arrival to log line. Read it downwards: this is the edge.
///
/// What is found on the way, and what is decided, is {@link Lookup}'s: {@link Explainer} goes the same way.
record RequestPath(
        Door door,
        CurrentSnapshot snapshots,
        Lookup lookup,
        Fetcher fetcher,
        Origins origins,
        Replies replies,
        Responder responder,
        Telling telling) {

    private static final Logger LOG = LoggerFactory.getLogger(RequestPath.class);

    /// How often a request looks again after another one's trip, before it makes its own.
    private static final int MOST_LOOKS = 3;

    void serve(HttpServerRequest transport) {
        switch (door.accept(transport)) { // accept
            case Accepted.Rejected(var arrival, var why) ->
                finish(
                        arrival,
                        Optional.empty(),
                        replies.refused(arrival.request(), Optional.empty(), why.status(), why.name()),
                        true);
            case Accepted.Arrived(var arrival) -> {
                if (arrival.request().hasBody()) transport.pause();
                var routes = snapshots.get().map(CurrentSnapshot.Published::routes);
                var table = routes.orElse(RoutingTable.EMPTY);
                var address = arrival.request().clientAddress();
                var routed = routes.map(
                        _ -> table.route(arrival.request(), () -> lookup.facts().country(address))); // match
                var route = routed.filter(Routed.Route.class::isInstance).map(Routed.Route.class::cast);
                Future.<Void>succeededFuture()
                        .compose(_ -> reply(arrival, table, routed))
                        .recover(bug -> {
                            LOG.error("Request {} failed", arrival.request().id(), bug);
                            return Future.succeededFuture(
                                    replies.refused(arrival.request(), route, 500, "INTERNAL_ERROR"));
                        })
                        .compose(reply -> new ErrorPages((page, to) -> answered(page, table, to))
                                .instead(arrival, table, routed, reply))
                        .onSuccess(reply -> {
                            WarmStreams.learn(arrival, table, route, reply);
                            finish(arrival, route, reply, false);
                        });
            }
        }
    }

    private Future<Reply> reply(Arrival arrival, RoutingTable routes, Optional<Routed> routed) {
        var request = arrival.request();
        if (routed.isEmpty())
            return Future.succeededFuture(replies.refused(request, Optional.empty(), 503, "NO_SNAPSHOT_YET"));
        return switch (routed.get()) {
            case Routed.Refused refused ->
                Future.succeededFuture(replies.refused(
                        request,
                        Optional.empty(),
                        refused.status(),
                        refused.why().name()));
            case Routed.Redirected(var status, var location) ->
                Future.succeededFuture(replies.redirected(request, status, location));
            case Routed.Route route -> {
                if (CdnLoop.isLoop(request, route.distribution().id())) {
                    yield Future.succeededFuture(replies.refused(request, Optional.of(route), 508, "LOOP"));
                }
                yield WebSocketRequest.is(route) ? webSocket(arrival, route) : answered(arrival, routes, route);
            }
        };
    }

    /// The cache has no part in it, whatever comes of it (CF§10.5).
    private Future<Reply> webSocket(Arrival arrival, Routed.Route route) {
        return lookup.inquire(new Viewer(arrival.request(), arrival::tls), route)
                .compose(lookup::told)
                .compose(full ->
                        origins.open(full.route(), ForwardedRequest.pass(full.route(), full.selection(), lookup.hop())))
                .map(opening -> switch (opening) {
                    case OriginClient.Opening.Tunnel tunnel -> replies.switched(route, tunnel);
                    case OriginClient.Opening.Answer(OriginOutcome.Answered answer) ->
                        replies.passing(route, answer, CacheDecision.Why.CACHING_DISABLED, "WEBSOCKET_REFUSED");
                    case OriginClient.Opening.Answer(OriginOutcome.Failed failure) -> {
                        tell(arrival.request(), failure);
                        yield replies.refused(
                                arrival.request(),
                                Optional.of(route),
                                OriginOutcome.statusOf(failure),
                                OriginOutcome.wordOf(failure));
                    }
                });
    }

    private Future<Reply> answered(Arrival arrival, RoutingTable routes, Routed.Route route) {
        return lookup.inquire(new Viewer(arrival.request(), arrival::tls), route)
                .compose(inquiry -> fromCache(new Visit(arrival, routes, inquiry), 0));
    }

    /// One request on its way through the cache.
    private record Visit(Arrival arrival, RoutingTable routes, Inquiry inquiry) {

        Routed.Route route() {
            return inquiry.route();
        }

        TtlRules ttl() {
            return inquiry.ttl();
        }
    }

    /// The visit with all that the origin is told of the viewer.
    private Future<Visit> told(Visit visit) {
        return visit.inquiry().isTold()
                ? Future.succeededFuture(visit)
                : lookup.told(visit.inquiry()).map(full -> new Visit(visit.arrival(), visit.routes(), full));
    }

    /// @param again how often this request has looked before and waited for another one's trip
    private Future<Reply> fromCache(Visit visit, int again) {
        return lookup.find(visit.inquiry())
                .compose(
                        looked -> // lookup
                        Future.<Void>succeededFuture()
                                .compose(_ -> decided(visit, looked, again))
                                // A bug of ours; no reply has taken it over.
                                .onFailure(_ -> looked.close()));
    }

    private Future<Reply> decided(Visit visit, Looked looked, int again) { // decide
        var decision = lookup.decide(visit.inquiry(), looked);
        return switch (decision) {
            case CacheDecision.Hit(var stored, var freshness) ->
                fromEntry(
                        visit,
                        looked,
                        freshness,
                        again,
                        entry -> replies.hit(visit.route(), stored, freshness, entry, again > 0));
            case CacheDecision.HitWhileRefreshing(var stored, var freshness) -> {
                if (lookup.recentFailure(visit.inquiry()).isEmpty()) {
                    told(visit)
                            .onSuccess(full -> fetcher.refreshLater(
                                    lookup.errand(decision, full.inquiry(), looked)
                                            .trip(),
                                    failure -> remember(visit, failure)));
                }
                yield fromEntry(
                        visit,
                        looked,
                        freshness,
                        again,
                        entry -> replies.staleWhileRefreshing(visit.route(), stored, freshness, entry));
            }
            case CacheDecision.Revalidate(var _, var _, var why, var _) ->
                told(visit).compose(full -> fromOrigin(full, looked, decision, why, again));
            case CacheDecision.Miss(var why, var _) ->
                told(visit).compose(full -> fromOrigin(full, looked, decision, why, again));
            case CacheDecision.Pass pass -> told(visit).compose(full -> pass(full, looked, pass));
        };
    }

    /// From what is stored, as soon as that is there and sound which the answer begins with.
    ///
    /// @param reply if nothing of it had to be brought
    private Future<Reply> fromEntry(
            Visit visit, Looked looked, Freshness freshness, int again, Function<Entry, Reply> reply) {
        var found = looked.found().orElseThrow();
        if (!(found.entry() instanceof SlicedEntry slices)) {
            return found.entry()
                    .begin(() -> firstByte(visit, found))
                    .transform(begun -> begun.succeeded()
                            ? Future.succeededFuture(reply.apply(found.entry()))
                            : lookAgain(visit, looked, again));
        }
        return slices.open(Optional.of(visit.arrival().gone())).compose(opening -> switch (opening) {
            case SlicedEntry.Opening.Ready(var way, var allAtHand) -> {
                boolean stored = way == SlicedEntry.Way.STORED && allAtHand;
                yield Future.succeededFuture(
                        stored
                                ? reply.apply(slices)
                                : replies.partly(visit.route(), found.response(), freshness, slices, way, allAtHand));
            }
            case SlicedEntry.Opening.Changed(), SlicedEntry.Opening.Missing() -> lookAgain(visit, looked, again);
            case SlicedEntry.Opening.Failed(var failure) -> {
                tell(visit.arrival().request(), failure);
                looked.close();
                yield Future.succeededFuture(refused(visit, failure));
            }
        });
    }

    private static OptionalLong firstByte(Visit visit, Lookup.Found found) {
        var length = found.entry().body().length();
        return length.isEmpty()
                ? length
                : ByteRange.firstByte(visit.route().request(), found.response().told(), length.getAsLong());
    }

    /// What was found turned out to be worthless, and is not there any more.
    private Future<Reply> lookAgain(Visit visit, Looked looked, int again) {
        looked.close();
        return again < MOST_LOOKS
                ? fromCache(visit, again + 1)
                : told(visit)
                        .compose(full -> pass(
                                full,
                                new Looked(looked.variants(), Optional.empty()),
                                new CacheDecision.Pass(CacheDecision.Why.NOT_FOUND)));
    }

    private Future<Reply> fromOrigin(
            Visit visit, Looked looked, CacheDecision decision, CacheDecision.Why why, int again) {
        var errand = lookup.errand(decision, visit.inquiry(), looked);
        var recent = lookup.recentFailure(visit.inquiry());
        if (recent.isPresent()) return failed(visit, looked, errand.trip(), recent.get());
        return switch (errand) {
            case Errand.ForOne(var trip) -> pass(visit, looked, trip, why);
            case Errand.ForAll(var trip) ->
                fetcher.fetch(trip.until(visit.arrival().gone())) // fetch, collapse, store
                        .compose(fetched -> Future.succeededFuture(fetched)
                                .compose(_ -> fetched(visit, looked, trip, why, again, fetched))
                                .onFailure(_ -> fetched.forgo()));
        };
    }

    private Future<Reply> fetched(
            Visit visit, Looked looked, Trip trip, CacheDecision.Why why, int again, Fetched fetched) {
        return switch (fetched) {
            case Fetched.Storing storing -> {
                looked.close();
                yield Future.succeededFuture(replies.storing(visit.route(), storing, visit.ttl(), why));
            }
            case Fetched.Passing(var answer, var unstored) -> {
                looked.close();
                yield Future.succeededFuture(replies.passing(visit.route(), answer, why, unstored));
            }
            case Fetched.Confirmed(var head) ->
                fromEntry(
                        visit,
                        looked,
                        Freshness.evaluate(head, visit.ttl(), lookup.clock().instant()),
                        again,
                        entry -> replies.confirmed(visit.route(), head, visit.ttl(), entry, why));
            case Fetched.LookAgain() -> {
                if (again >= MOST_LOOKS) yield pass(visit, looked, trip, why);
                looked.close();
                yield fromCache(visit, again + 1);
            }
            case Fetched.Failed(var failure) -> {
                tell(visit.arrival().request(), failure);
                remember(visit, failure);
                yield failed(visit, looked, trip, failure);
            }
        };
    }

    /// A viewer who has gone is no trouble.
    private static void tell(ViewerRequest request, OriginOutcome.Failed failure) {
        if (failure instanceof OriginOutcome.Abandoned) return;
        LOG.warn("Request {}: {}", request.id(), OriginOutcome.told(failure));
    }

    private void remember(Visit visit, OriginOutcome.Failed failure) {
        if (!OriginOutcome.tellsOfOrigin(failure)) return;
        var pause = visit.ttl().errorMinimum(OriginOutcome.statusOf(failure));
        lookup.failures()
                .remember(visit.inquiry().key(), failure, pause, lookup.clock().instant());
    }

    /// What is stored stands in, if it may.
    private Future<Reply> failed(Visit visit, Looked looked, Trip trip, OriginOutcome.Failed failure) {
        boolean standsIn = trip.spare()
                .filter(spare -> CacheDecision.mayServeStale(
                        spare, visit.ttl(), lookup.clock().instant()))
                .isPresent();
        if (!standsIn) {
            looked.close();
            return Future.succeededFuture(refused(visit, failure));
        }
        var found = looked.found().orElseThrow();
        if (!(found.entry() instanceof SlicedEntry slices)) {
            return found.entry().begin(() -> firstByte(visit, found)).transform(begun -> {
                if (begun.succeeded()) {
                    return Future.succeededFuture(
                            replies.standingIn(visit.route(), found.response(), visit.ttl(), found.entry()));
                }
                looked.close();
                return Future.succeededFuture(refused(visit, failure));
            });
        }
        return slices.openStored().map(opening -> {
            if (opening instanceof SlicedEntry.Opening.Ready) {
                return replies.standingIn(visit.route(), found.response(), visit.ttl(), slices);
            }
            looked.close();
            return refused(visit, failure);
        });
    }

    private Reply refused(Visit visit, OriginOutcome.Failed failure) {
        return replies.refused(
                visit.arrival().request(),
                Optional.of(visit.route()),
                OriginOutcome.statusOf(failure),
                OriginOutcome.wordOf(failure));
    }

    private Future<Reply> pass(Visit visit, Looked looked, CacheDecision.Pass decision) {
        var errand = lookup.errand(decision, visit.inquiry(), looked);
        return pass(visit, looked, errand.trip(), decision.why());
    }

    /// @param looked may stand in if the origin fails
    private Future<Reply> pass(Visit visit, Looked looked, Trip trip, CacheDecision.Why why) {
        var wanted = trip.until(visit.arrival().gone());
        return fetcher.pass(wanted, visit.arrival().body(), why.name())
                .compose(fetched -> Future.succeededFuture(fetched)
                        .compose(_ -> passed(visit, looked, trip, why, fetched))
                        .onFailure(_ -> fetched.forgo()));
    }

    private Future<Reply> passed(Visit visit, Looked looked, Trip trip, CacheDecision.Why why, Fetched fetched) {
        var request = visit.arrival().request();
        return switch (fetched) {
            case Fetched.Passing(var answer, var unstored) -> {
                looked.close();
                boolean unsafe = !request.isGetOrHead() && !request.is("OPTIONS");
                boolean changes = unsafe && answer.status() >= 200 && answer.status() < 400;
                var outdated = changes ? outdate(visit, answer) : Future.<Void>succeededFuture();
                yield outdated.transform(
                        _ -> Future.succeededFuture(replies.passing(visit.route(), answer, why, unstored)));
            }
            case Fetched.Failed(var failure) -> {
                tell(request, failure);
                yield failed(visit, looked, trip, failure);
            }
            case Fetched.Storing _, Fetched.Confirmed _, Fetched.LookAgain _ ->
                throw new IllegalStateException("what passes is not stored");
        };
    }

    /// RFC 9111, section 4.4: a change that worked makes worthless what is stored of its target, and of what the answer
    /// says it has made or moved, if that is on the same host.
    private Future<Void> outdate(Visit visit, OriginOutcome.Answered answer) {
        var changed = new LinkedHashSet<CacheKey.Target>();
        if (!visit.ttl().disableCaching()) changed.add(visit.inquiry().key().target());
        for (var name : List.of("Location", "Content-Location")) {
            answer.headers()
                    .first(name)
                    .flatMap(reference -> SameHost.of(visit.arrival().request(), reference))
                    .map(target -> visit.routes().route(target, Optional::empty))
                    .filter(Routed.Route.class::isInstance)
                    .map(Routed.Route.class::cast)
                    .filter(route -> !route.cachePolicy().ttl().disableCaching())
                    .ifPresent(route -> changed.add(CacheKeys.of(route).target()));
        }
        return changed.isEmpty() ? Future.succeededFuture() : lookup.store().outdate(changed);
    }

    private void finish(Arrival arrival, Optional<Routed.Route> route, Reply reply, boolean rejected) {
        var transport = arrival.transport();
        // A body that nobody read would be taken for the next request.
        var request = arrival.request();
        boolean unread = request.hasBody() && (request.isGetOrHead() || !transport.isEnded());
        boolean closes = rejected || unread || arrival.isLast();
        responder
                .send(reply, arrival, closes) // respond
                .onSuccess(sent -> telling.tell(arrival, route, reply, sent)); // log
        if (!rejected) WarmHits.learn(arrival);
    }
}

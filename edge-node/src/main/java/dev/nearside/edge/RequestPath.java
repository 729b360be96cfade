package dev.nearside.edge;

import dev.nearside.edge.accept.Accepted;
import dev.nearside.edge.accept.Arrival;
import dev.nearside.edge.accept.Door;
import dev.nearside.edge.decide.Asked;
import dev.nearside.edge.decide.CacheDecision;
import dev.nearside.edge.decide.TtlRules;
import dev.nearside.edge.http.StoredResponse;
import dev.nearside.edge.http.Variants;
import dev.nearside.edge.key.CacheKey;
import dev.nearside.edge.key.CacheKeys;
import dev.nearside.edge.key.Selection;
import dev.nearside.edge.origin.CdnLoop;
import dev.nearside.edge.origin.Fetched;
import dev.nearside.edge.origin.Fetcher;
import dev.nearside.edge.origin.ForwardedRequest;
import dev.nearside.edge.origin.Hop;
import dev.nearside.edge.origin.OriginClient;
import dev.nearside.edge.origin.OriginOutcome;
import dev.nearside.edge.origin.Origins;
import dev.nearside.edge.origin.Trip;
import dev.nearside.edge.origin.WebSocketRequest;
import dev.nearside.edge.respond.Replies;
import dev.nearside.edge.respond.Reply;
import dev.nearside.edge.respond.Responder;
import dev.nearside.edge.route.Routed;
import dev.nearside.edge.route.RoutingTable;
import dev.nearside.edge.store.CacheStore;
import dev.nearside.edge.store.Entry;
import dev.nearside.edge.sync.CurrentSnapshot;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One viewer request, from arrival to log line. Read it downwards: this is the edge.
///
/// @param proven whether a stored response may be served on the node's own knowledge of the invalidation log
record RequestPath(
        Door door,
        CurrentSnapshot snapshots,
        CacheStore store,
        Predicate<StoredResponse> proven,
        Fetcher fetcher,
        Origins origins,
        Replies replies,
        Responder responder,
        Telling telling,
        Hop hop,
        InstantSource clock) {

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
                var routed = routes.map(table -> table.route(arrival.request())); // match
                var route = routed.filter(Routed.Route.class::isInstance).map(Routed.Route.class::cast);
                Future.<Void>succeededFuture()
                        .compose(_ -> reply(arrival, routed))
                        .recover(bug -> {
                            LOG.error("Request {} failed", arrival.request().id(), bug);
                            return Future.succeededFuture(
                                    replies.refused(arrival.request(), route, 500, "INTERNAL_ERROR"));
                        })
                        .compose(reply -> new ErrorPages(this::page)
                                .instead(arrival, routes.orElse(RoutingTable.EMPTY), routed, reply))
                        .onSuccess(reply -> finish(arrival, route, reply, false));
            }
        }
    }

    private Future<Reply> page(Arrival arrival, Routed.Route route) {
        return fromCache(Visit.of(arrival, route), 0);
    }

    private Future<Reply> reply(Arrival arrival, Optional<Routed> routed) {
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
                yield WebSocketRequest.is(route) ? webSocket(arrival, route) : fromCache(Visit.of(arrival, route), 0);
            }
        };
    }

    /// The cache has no part in it, whatever comes of it (CF§10.5).
    private Future<Reply> webSocket(Arrival arrival, Routed.Route route) {
        return origins.open(route, ForwardedRequest.pass(route, Selection.of(route), hop))
                .map(opening -> switch (opening) {
                    case OriginClient.Opening.Tunnel tunnel -> replies.switched(route, tunnel);
                    case OriginClient.Opening.Answer(OriginOutcome.Answered answer) ->
                        replies.passing(route, answer, CacheDecision.Why.CACHING_DISABLED, "WEBSOCKET_REFUSED");
                    case OriginClient.Opening.Answer(OriginOutcome.Failed failure) -> {
                        LOG.warn("Request {}: {}", arrival.request().id(), failure);
                        yield replies.refused(
                                arrival.request(),
                                Optional.of(route),
                                OriginOutcome.statusOf(failure),
                                failure.getClass().getSimpleName());
                    }
                });
    }

    /// One request on its way through the cache.
    private record Visit(
            Arrival arrival, Routed.Route route, Selection selection, Asked asked, TtlRules ttl, CacheKey key) {

        static Visit of(Arrival arrival, Routed.Route route) {
            var selection = Selection.of(route);
            var asked = new Asked(
                    route.request().method(), route.cachesMethod(), route.path().ambiguous(), selection.authorized());
            return new Visit(
                    arrival,
                    route,
                    selection,
                    asked,
                    TtlRules.of(route.cachePolicy()),
                    CacheKeys.of(route, selection)); // key
        }
    }

    /// What lies under a request's key.
    ///
    /// @param variants what responses to the key differ by, if they do
    private record Looked(Optional<Variants> variants, Optional<Found> found) {
        Optional<StoredResponse> response() {
            return found.map(Found::response);
        }

        void close() {
            found.ifPresent(there -> there.entry().close());
        }
    }

    private record Found(Entry entry, StoredResponse response, CacheKey under) {}

    /// @param again how often this request has looked before and waited for another one's trip
    private Future<Reply> fromCache(Visit visit, int again) {
        return lookup(visit)
                .compose(
                        looked -> { // lookup
                            var trusted = looked.response().map(proven::test).orElse(true);
                            var decision = CacheDecision.decide(
                                    visit.asked(), looked.response(), visit.ttl(), trusted, clock.instant()); // decide
                            return switch (decision) {
                                case CacheDecision.Hit(var stored, var freshness) ->
                                    Future.succeededFuture(replies.hit(
                                            visit.route(),
                                            stored,
                                            freshness,
                                            looked.found().orElseThrow().entry(),
                                            again > 0));
                                case CacheDecision.HitWhileRefreshing(var stored, var freshness) -> {
                                    fetcher.refreshLater(trip(visit, looked, true, Optional.empty()));
                                    yield Future.succeededFuture(replies.staleWhileRefreshing(
                                            visit.route(),
                                            stored,
                                            freshness,
                                            looked.found().orElseThrow().entry()));
                                }
                                case CacheDecision.Revalidate(var _, var _, var why, var spare) ->
                                    fromOrigin(visit, looked, trip(visit, looked, true, spare), why, again);
                                case CacheDecision.Miss(var why, var spare) ->
                                    fromOrigin(visit, looked, trip(visit, looked, false, spare), why, again);
                                case CacheDecision.Pass(var why) ->
                                    pass(visit, looked, trip(visit, looked, false, Optional.empty()), why);
                            };
                        });
    }

    private Future<Looked> lookup(Visit visit) {
        if (!visit.asked().methodCacheable() || visit.ttl().disableCaching()) {
            return Future.succeededFuture(new Looked(Optional.empty(), Optional.empty()));
        }
        return store.find(visit.key()).compose(entry -> switch (entry.map(Entry::head)
                .orElse(null)) {
            case null -> Future.succeededFuture(new Looked(Optional.empty(), Optional.empty()));
            case StoredResponse response ->
                Future.succeededFuture(looked(visit, Optional.empty(), entry.get(), response, visit.key()));
            case Variants variants -> {
                entry.get().close();
                var sent = ForwardedRequest.fetch(visit.route(), visit.selection(), hop)
                        .headers();
                var under = CacheKeys.variant(visit.key(), variants, sent);
                yield store.find(under).map(variant -> {
                    if (variant.isPresent() && variant.get().head() instanceof StoredResponse response) {
                        return looked(visit, Optional.of(variants), variant.get(), response, under);
                    }
                    variant.ifPresent(Entry::close);
                    return new Looked(Optional.of(variants), Optional.empty());
                });
            }
        });
    }

    private static Looked looked(
            Visit visit, Optional<Variants> variants, Entry entry, StoredResponse response, CacheKey under) {
        var on = variants.map(Variants::on).orElse(List.of());
        if (CacheKeys.covers(response, on, visit.route().selectors())) {
            return new Looked(variants, Optional.of(new Found(entry, response, under)));
        }
        entry.close();
        return new Looked(variants, Optional.empty());
    }

    private Trip trip(Visit visit, Looked looked, boolean revalidate, Optional<StoredResponse> spare) {
        return new Trip(
                visit.route(),
                visit.selection(),
                hop,
                visit.asked(),
                visit.ttl(),
                visit.key(),
                looked.variants(),
                looked.found().filter(_ -> revalidate).map(found -> new Trip.Known(found.response(), found.under())),
                spare);
    }

    private Future<Reply> fromOrigin(
            Visit visit, Looked looked, Trip trip, CacheDecision.Why why, int again) { // fetch, collapse, store
        if (visit.asked().method().equals("HEAD")) return pass(visit, looked, trip, why);
        return fetcher.fetch(trip).compose(fetched -> switch (fetched) {
            case Fetched.Storing storing -> {
                looked.close();
                var reply = replies.storing(visit.route(), storing, visit.ttl(), why);
                // A viewer who has the body already goes at once, and would take the trip along.
                boolean stays = reply.content() instanceof Reply.Content.None && fetcher.finish(storing);
                yield Future.succeededFuture(stays ? reply.withNothingToDo() : reply);
            }
            case Fetched.Passing(var answer, var unstored) -> {
                looked.close();
                yield Future.succeededFuture(replies.passing(visit.route(), answer, why, unstored));
            }
            case Fetched.Confirmed(var head) ->
                Future.succeededFuture(replies.confirmed(
                        visit.route(),
                        head,
                        visit.ttl(),
                        looked.found().orElseThrow().entry(),
                        why));
            case Fetched.LookAgain() -> {
                if (again >= MOST_LOOKS) yield pass(visit, looked, trip, why);
                looked.close();
                yield fromCache(visit, again + 1);
            }
            case Fetched.Failed(var failure) -> Future.succeededFuture(failed(visit, looked, failure));
        });
    }

    private Reply failed(Visit visit, Looked looked, OriginOutcome.Failed failure) {
        LOG.warn("Request {}: {}", visit.arrival().request().id(), failure);
        var now = clock.instant();
        if (looked.found().isPresent()) {
            var found = looked.found().get();
            boolean standsIn =
                    proven.test(found.response()) && CacheDecision.mayServeStale(found.response(), visit.ttl(), now);
            if (standsIn) {
                return replies.standingIn(visit.route(), found.response(), visit.ttl(), found.entry());
            }
            found.entry().close();
        }
        return replies.refused(
                visit.arrival().request(),
                Optional.of(visit.route()),
                OriginOutcome.statusOf(failure),
                failure.getClass().getSimpleName());
    }

    /// @param looked may stand in if the origin fails
    private Future<Reply> pass(Visit visit, Looked looked, Trip trip, CacheDecision.Why why) {
        var request = visit.arrival().request();
        return fetcher.pass(trip, visit.arrival().body(), why.name()).map(fetched -> switch (fetched) {
            case Fetched.Passing(var answer, var unstored) -> {
                looked.close();
                // RFC 9111, section 4.4: a change that worked makes what is stored of it worthless.
                boolean changes = !request.isGetOrHead() && !request.is("OPTIONS");
                if (changes && answer.status() >= 200 && answer.status() < 400) store.remove(visit.key());
                yield replies.passing(visit.route(), answer, why, unstored);
            }
            case Fetched.Failed(var failure) -> failed(visit, looked, failure);
            case Fetched.Storing _, Fetched.Confirmed _, Fetched.LookAgain _ ->
                throw new IllegalStateException("what passes is not stored");
        });
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
    }
}

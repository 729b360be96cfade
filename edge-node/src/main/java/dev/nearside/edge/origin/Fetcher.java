package dev.nearside.edge.origin;

import dev.nearside.edge.coding.Encoders;
import dev.nearside.edge.decide.CacheDecision;
import dev.nearside.edge.decide.Collapse;
import dev.nearside.edge.decide.Refreshed;
import dev.nearside.edge.decide.Storability;
import dev.nearside.edge.http.LogPosition;
import dev.nearside.edge.key.CacheKeys;
import dev.nearside.edge.store.BodyReader;
import dev.nearside.edge.store.CacheStore;
import dev.nearside.edge.store.Contexts;
import dev.nearside.edge.store.Writing;
import io.netty.buffer.ByteBuf;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings from origins what the store does not have, one trip per key, and stores what may be stored.
public final class Fetcher {

    private static final Logger LOG = LoggerFactory.getLogger(Fetcher.class);

    /// A viewer who reads nothing must not make us fetch more than this.
    private static final long LARGEST_UNWATCHED = 1 << 20;

    private final Origins origins;
    private final CacheStore store;
    private final OriginBytes received;
    private final InstantSource clock;
    private final Coder coder;
    private final Flights flights = new Flights();

    /// Counts body bytes as they arrive.
    @FunctionalInterface
    public interface OriginBytes {
        void received(String distribution, long bytes);
    }

    public Fetcher(Origins origins, CacheStore store, OriginBytes received, Encoders encoders, InstantSource clock) {
        this.origins = origins;
        this.store = store;
        this.received = received;
        this.clock = clock;
        this.coder = new Coder(encoders);
    }

    /// Brings a response that others may share: leads a trip, or joins the one that is under way.
    public Future<Fetched> fetch(Trip trip) {
        return switch (board(trip)) {
            case Flights.Boarding.Lead(var flight) -> fly(flight, trip);
            case Flights.Boarding.Follow(var flight) ->
                Contexts.here(flight.landing()).compose(landing -> follow(flight, landing, trip));
        };
    }

    /// The flight to take; not one that set off before an invalidation that this request comes after.
    private Flights.Boarding board(Trip trip) {
        return flights.board(trip.key(), store.position(), inAir -> store.isDead(trip.key(), inAir.position()));
    }

    private Future<Fetched> flyAlone(Trip trip) {
        return fly(new Flight(trip.key(), store.position()), trip);
    }

    private Future<Fetched> fly(Flight flight, Trip trip) {
        return Future.<Void>succeededFuture()
                .compose(_ -> lead(flight, trip))
                // A bug of ours must not keep the others waiting.
                .onFailure(_ -> end(flight, new Flight.Landing.Alone()));
    }

    /// Revalidates or fetches in the background, unless somebody is already at it.
    public void refreshLater(Trip trip) {
        switch (board(trip)) {
            case Flights.Boarding.Follow(var flight) -> flight.leave();
            case Flights.Boarding.Lead(var flight) ->
                fly(flight, trip).onSuccess(fetched -> {
                    switch (fetched) {
                        // Nobody waits for the body, but it is wanted: the seat is kept until it is stored.
                        case Fetched.Storing storing -> drain(storing);
                        case Fetched.Passing(var answer, var _) -> answer.discard();
                        case Fetched.Failed(var failure) -> LOG.warn("A refresh failed: {}", failure);
                        case Fetched.Confirmed _, Fetched.LookAgain _ -> {}
                    }
                });
        }
    }

    /// Brings a response for this request alone.
    ///
    /// @param body what the viewer sends along
    public Future<Fetched> pass(Trip trip, Optional<ReadStream<Buffer>> body, String why) {
        return origins.ask(trip.route(), to -> ForwardedRequest.pass(to, trip.selection(), trip.hop()), body)
                .map(outcome -> switch (outcome) {
                    case OriginOutcome.Failed failed -> new Fetched.Failed(failed);
                    case OriginOutcome.Answered answered ->
                        new Fetched.Passing(coder.apply(trip, counted(answered, trip)), why);
                });
    }

    private Future<Fetched> lead(Flight flight, Trip trip) {
        var position = flight.position();
        return origins.ask(trip.route(), trip::request, Optional.empty()).compose(outcome -> switch (outcome) {
            case OriginOutcome.Failed failed -> {
                end(flight, new Flight.Landing.Failed(failed));
                yield Future.succeededFuture(new Fetched.Failed(failed));
            }
            case OriginOutcome.Answered answered ->
                arrived(flight, trip, coder.apply(trip, counted(answered, trip)), position);
        });
    }

    private Future<Fetched> arrived(Flight flight, Trip trip, OriginOutcome.Answered answer, LogPosition position) {
        if (answer.status() == 304 && trip.known().isPresent()) {
            answer.discard();
            var known = trip.known().get();
            if (!Refreshed.confirms(known.response(), answer.headers())) return lead(flight, trip.anew());
            return confirmed(flight, known, answer, position);
        }
        if (answer.status() >= 500 && maySpareStandIn(trip)) {
            answer.discard();
            var failure = new OriginOutcome.InTrouble(trip.route().origin().domainName(), answer.status());
            end(flight, new Flight.Landing.Failed(failure));
            return Future.succeededFuture(new Fetched.Failed(failure));
        }
        var verdict = Storability.evaluate(
                trip.asked(),
                answer.status(),
                answer.headers(),
                trip.ttl(),
                answer.requestedAt(),
                answer.receivedAt(),
                position);
        return switch (verdict) {
            case Storability.NotStorable(var why) -> {
                end(flight, new Flight.Landing.Alone());
                yield Future.succeededFuture(new Fetched.Passing(answer, why.name()));
            }
            case Storability.Storable storable -> Future.succeededFuture(store(flight, trip, storable, answer));
        };
    }

    private boolean maySpareStandIn(Trip trip) {
        return trip.spare()
                .filter(spare -> CacheDecision.mayServeStale(spare, trip.ttl(), clock.instant()))
                .isPresent();
    }

    private Future<Fetched> confirmed(
            Flight flight, Trip.Known known, OriginOutcome.Answered answer, LogPosition position) {
        var head = Refreshed.merge(
                known.response(), answer.headers(), answer.requestedAt(), answer.receivedAt(), position);
        return store.freshen(known.under(), known.response(), head).transform(_ -> {
            end(flight, new Flight.Landing.Stored());
            return Future.succeededFuture(new Fetched.Confirmed(head));
        });
    }

    private Fetched store(Flight flight, Trip trip, Storability.Storable storable, OriginOutcome.Answered answer) {
        var head = storable.head();
        var variants = CacheKeys.variants(trip.variants(), head, trip.route().selectors(), head.position());
        var variant = trip.variant(variants);
        // The key itself leads to the variants.
        variants.ifPresent(on -> store.open(trip.key(), on, 0).complete());
        var writing = store.open(variant, head, answer.length().orElse(-1));
        flight.land(new Flight.Landing.Shared(trip.asked(), variants, variant, storable, writing.body()));
        // The last one to leave may be on another viewer's event loop.
        var context = Contexts.current();
        flight.whenEmpty(() -> context.runOnContext(_ -> answer.body().close()));
        new Pump(answer.body(), writing).run().onComplete(_ -> flights.close(flight));
        return new Fetched.Storing(head, answer.headers(), writing.body(), false, flight::leave);
    }

    private Future<Fetched> follow(Flight flight, Flight.Landing landing, Trip trip) {
        return switch (landing) {
            case Flight.Landing.Shared(var leader, var variants, var variant, var verdict, var body) -> {
                // Of a body that nobody stores the beginning may have been passed on and forgotten.
                boolean mine = body.reaches(0)
                        && trip.variant(variants).equals(variant)
                        && Collapse.mayJoin(leader, trip.asked(), verdict, trip.ttl(), clock.instant());
                if (mine) {
                    yield Future.succeededFuture(
                            new Fetched.Storing(verdict.head(), verdict.head().headers(), body, true, flight::leave));
                }
                flight.leave();
                yield flyAlone(trip.anew());
            }
            case Flight.Landing.Stored() -> {
                flight.leave();
                yield Future.succeededFuture(new Fetched.LookAgain());
            }
            case Flight.Landing.Alone() -> {
                flight.leave();
                yield flyAlone(trip);
            }
            case Flight.Landing.Failed(var failure) -> {
                flight.leave();
                yield Future.succeededFuture(new Fetched.Failed(failure));
            }
        };
    }

    private void end(Flight flight, Flight.Landing landing) {
        flights.close(flight);
        flight.land(landing);
        flight.leave();
    }

    /// Stores a small body to its end although its viewer needs none of it; false if that is not worth the trip, or
    /// not this viewer's business.
    public boolean finish(Fetched.Storing storing) {
        long length = storing.body().length().orElse(Long.MAX_VALUE);
        if (storing.collapsed() || length > LARGEST_UNWATCHED) return false;
        drain(storing);
        return true;
    }

    private void drain(Fetched.Storing storing) {
        drain(storing.body().reader(0), storing.leave());
    }

    private static void drain(BodyReader reader, Runnable leave) {
        reader.next().onComplete(next -> {
            boolean more = next.succeeded() && next.result().isReadable();
            if (next.succeeded()) next.result().release();
            if (more) {
                drain(reader, leave);
            } else {
                reader.close();
                leave.run();
            }
        });
    }

    private OriginOutcome.Answered counted(OriginOutcome.Answered answer, Trip trip) {
        var body = answer.body();
        return answer.with(new BodyReader() {
            @Override
            public Future<ByteBuf> next() {
                return body.next().onSuccess(bytes -> received.received(trip.distribution(), bytes.readableBytes()));
            }

            @Override
            public void close() {
                body.close();
            }
        });
    }

    /// Moves a body from the origin into the store, as fast as both of them go.
    private static final class Pump {
        private final BodyReader from;
        private final Writing to;
        private final Context context = Contexts.current();
        private final Promise<Void> done = Promise.promise();

        Pump(BodyReader from, Writing to) {
            this.from = from;
            this.to = to;
        }

        /// Completed when all of it is stored, or given up.
        Future<Void> run() {
            advance();
            return done.future();
        }

        private void advance() {
            boolean more = true;
            while (more) {
                var next = from.next();
                if (!next.isComplete()) {
                    next.onComplete(_ -> {
                        if (take(next)) advance();
                    });
                    return;
                }
                more = take(next);
            }
        }

        /// Whether the next bytes may be asked for at once.
        private boolean take(Future<ByteBuf> next) {
            if (next.failed()) {
                to.abort(next.cause());
                done.complete();
                return false;
            }
            var bytes = next.result();
            if (!bytes.isReadable()) {
                bytes.release();
                to.complete().onComplete(_ -> done.complete());
                return false;
            }
            var written = to.write(bytes);
            if (written.isComplete()) return true;
            written.onComplete(_ -> context.runOnContext(_ -> advance()));
            return false;
        }
    }
}

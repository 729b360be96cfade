package dev.nearside.edge.origin;

import dev.nearside.edge.coding.Encoders;
import dev.nearside.edge.decide.CacheDecision;
import dev.nearside.edge.decide.Collapse;
import dev.nearside.edge.decide.Combination;
import dev.nearside.edge.decide.Freshness;
import dev.nearside.edge.decide.Refreshed;
import dev.nearside.edge.decide.Storability;
import dev.nearside.edge.http.ByteRange;
import dev.nearside.edge.http.ContentRange;
import dev.nearside.edge.http.Headers;
import dev.nearside.edge.http.Preconditions;
import dev.nearside.edge.http.Sliced;
import dev.nearside.edge.http.StoredResponse;
import dev.nearside.edge.http.StrongValidator;
import dev.nearside.edge.http.Tags;
import dev.nearside.edge.http.Told;
import dev.nearside.edge.http.Variants;
import dev.nearside.edge.key.CacheKey;
import dev.nearside.edge.key.CacheKeys;
import dev.nearside.edge.route.Routed.Route;
import dev.nearside.edge.store.Body;
import dev.nearside.edge.store.BodyReader;
import dev.nearside.edge.store.CacheStore;
import dev.nearside.edge.store.Contexts;
import dev.nearside.edge.store.Joined;
import io.netty.buffer.ByteBuf;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings from origins what the store does not have, one trip per key, and stores what may be stored.
///
/// A viewer who wants a part costs the origin a slice, not the object: an answer of 206 becomes a {@link Sliced} head
/// and its first slice, and {@link SlicedEntry} brings the others as far as they are wanted. What a trip turned out to
/// be is said in its {@link Landing}; who waited decides anew.
public final class Fetcher {

    private static final Logger LOG = LoggerFactory.getLogger(Fetcher.class);

    private final Origins origins;
    private final CacheStore store;
    private final OriginBytes received;
    private final InstantSource clock;
    private final Coder coder;
    private final Flights<Landing> flights = new Flights<>();
    private final HitForMiss hitForMiss;
    private final Slices slices;

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
        this.hitForMiss = new HitForMiss(clock);
        this.slices = new Slices((trip, request, givenUp) -> ask(trip, request, Optional.empty(), givenUp), store);
    }

    // ---- what a request may want

    /// Brings a response that others may share: leads a trip, or joins the one that is under way.
    public Future<Fetched> fetch(Trip trip) {
        var why = hitForMiss.find(trip.key(), since -> store.isReached(trip.key(), Tags.NONE, since));
        return why.isEmpty()
                ? aboard(board(trip), trip)
                : switch (why.get()) {
                    case NOT_STORABLE -> flyAlone(trip.asAsked());
                    case NEVER_FRESH -> flyAlone(trip);
                };
    }

    /// Revalidates or fetches in the background, unless somebody is already at it.
    ///
    /// @param failed told if the origin does
    public void refreshLater(Trip trip, Consumer<OriginOutcome.Failed> failed) {
        switch (board(trip)) {
            case Flights.Boarding.Follow<Landing>(var flight) -> flight.leave();
            case Flights.Boarding.Lead<Landing>(var flight) ->
                fly(flight, trip).onSuccess(fetched -> {
                    switch (fetched) {
                        case Fetched.Storing storing -> Refresh.keep(storing.body(), flight.done(), storing.leave());
                        case Fetched.Passing(var answer, var _) -> answer.discard();
                        case Fetched.Failed(var failure) -> {
                            LOG.warn("A refresh failed: {}", OriginOutcome.told(failure));
                            failed.accept(failure);
                        }
                        case Fetched.Confirmed _, Fetched.LookAgain _ -> {}
                    }
                });
        }
    }

    /// Brings a response for this request alone.
    ///
    /// @param body what the viewer sends along
    public Future<Fetched> pass(Trip trip, Optional<ReadStream<Buffer>> body, String why) {
        return ask(trip, to -> ForwardedRequest.pass(to, trip.selection(), trip.hop()), body, trip.gone())
                .compose(outcome -> switch (outcome) {
                    case OriginOutcome.Failed failed -> Future.succeededFuture(new Fetched.Failed(failed));
                    case OriginOutcome.Answered answered ->
                        answered.orClosed(
                                raw -> Future.succeededFuture(new Fetched.Passing(coder.apply(trip, raw), why)));
                });
    }

    /// What is stored in slices, as one entry for one request.
    ///
    /// @param under the key that its head was found under
    public SlicedEntry slices(Trip trip, CacheKey under, Sliced found) {
        return new SlicedEntry(slices, trip, under, found);
    }

    /// How many objects are being brought or revalidated for requests that may share them, and being stored.
    public int underWay() {
        return flights.underWay();
    }

    // ---- trips

    /// The one place where an origin is asked; the future never fails.
    private Future<OriginOutcome> ask(
            Trip trip,
            Function<Route, ForwardedRequest> request,
            Optional<ReadStream<Buffer>> body,
            Optional<Future<Void>> givenUp) {
        return origins.ask(trip.route(), request, body, givenUp).map(outcome -> switch (outcome) {
            case OriginOutcome.Failed failed -> failed;
            case OriginOutcome.Answered answered -> counted(answered, trip);
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

    /// The flight to take; not one that set off before an invalidation that this request comes after.
    private Flights.Boarding<Landing> board(Trip trip) {
        return flights.board(trip.key(), store.position(), inAir -> isReached(trip, inAir));
    }

    /// Whether an invalidation reaches what a flight brings; by a tag as soon as the tags are known.
    private boolean isReached(Trip trip, Flight<Landing> flight) {
        var tags = flight.landed().orElse(null) instanceof Landing.Shared shared
                ? shared.verdict().head().tags()
                : Tags.NONE;
        return store.isReached(trip.key(), tags, flight.position());
    }

    private Future<Fetched> aboard(Flights.Boarding<Landing> seat, Trip trip) {
        seat.flight().watch(trip.gone());
        return switch (seat) {
            case Flights.Boarding.Lead<Landing>(var flight) -> fly(flight, trip);
            case Flights.Boarding.Follow<Landing>(var flight) ->
                Contexts.here(flight.landing()).compose(landing -> follow(flight, landing, trip));
        };
    }

    private Future<Fetched> flyAlone(Trip trip) {
        var flight = new Flight<Landing>(trip.key(), store.position());
        flight.watch(trip.gone());
        return fly(flight, trip);
    }

    private Future<Fetched> fly(Flight<Landing> flight, Trip trip) {
        return Future.<Void>succeededFuture()
                .compose(_ -> lead(flight, trip))
                // A bug of ours must not keep the others waiting.
                .onFailure(_ -> end(flight, new Landing.Alone()));
    }

    private Future<Fetched> lead(Flight<Landing> flight, Trip trip) {
        return ask(trip, trip::request, Optional.empty(), Optional.of(flight.abandoned()))
                .compose(outcome -> switch (outcome) {
                    case OriginOutcome.Failed failed -> Future.succeededFuture(failed(flight, failed));
                    case OriginOutcome.Answered answer ->
                        answer.orClosed(raw -> coder.apply(trip, raw).orClosed(coded -> arrived(flight, trip, coded)));
                });
    }

    private Future<Fetched> follow(Flight<Landing> flight, Landing landing, Trip trip) {
        return switch (landing) {
            case Landing.Shared shared -> {
                // By a tag that nobody knew of when this request came aboard.
                if (isReached(trip, flight)) {
                    flight.leave();
                    yield Future.succeededFuture(new Fetched.LookAgain());
                }
                boolean mine = trip.variant(shared.variants()).equals(shared.variant())
                        && Collapse.mayJoin(
                                shared.leader(), trip.asked(), shared.verdict(), trip.ttl(), clock.instant());
                // Of a body that nobody stores the beginning may have been passed on and forgotten.
                var joined = mine ? Joined.at(0, shared.body()) : Optional.<Joined>empty();
                if (joined.isPresent()) yield join(flight, shared, joined.get(), trip);
                // What is all there but for a moment's work will be found; and then it can be revalidated.
                if (shared.isAllThere()) {
                    yield Contexts.here(flight.done()).map(_ -> {
                        flight.leave();
                        return new Fetched.LookAgain();
                    });
                }
                yield leaveFor(flight, trip.anew());
            }
            case Landing.Stored() -> {
                flight.leave();
                yield Future.succeededFuture(new Fetched.LookAgain());
            }
            case Landing.Alone() -> leaveFor(flight, trip);
            case Landing.Failed(var failure) -> {
                var second = flight.second();
                if (second.isPresent() && !maySpareStandIn(trip)) yield aboard(flights.seat(second.get()), trip);
                second.ifPresent(Flight::loseInterest);
                second.orElse(flight).leave();
                yield Future.succeededFuture(new Fetched.Failed(failure));
            }
        };
    }

    private Future<Fetched> leaveFor(Flight<Landing> flight, Trip other) {
        flight.leave();
        return flyAlone(other);
    }

    /// Joins a body as it arrives; but who wants a part of it that is far off does not wait until it has come that far.
    private Future<Fetched> join(Flight<Landing> flight, Landing.Shared shared, Joined body, Trip trip) {
        var head = shared.verdict().head();
        var length = body.length();
        var version = StrongValidator.of(head.told())
                .filter(_ -> head.status() == 200 && length.isPresent())
                .map(validator -> new Sliced.Version(validator, length.orElseThrow()));
        if (version.isPresent() && isFarOff(trip, head, body)) {
            body.leave();
            flight.leave();
            var entry = slices(trip, shared.variant(), new Sliced(head, version.get()));
            return opened(entry, head.headers(), trip.gone());
        }
        return Future.succeededFuture(new Fetched.Storing(head, head.headers(), head.status(), body, true, () -> {
            body.leave();
            flight.leave();
        }));
    }

    private static boolean isFarOff(Trip trip, StoredResponse head, Body body) {
        var length = body.length().orElse(0);
        var first = ByteRange.firstByte(trip.route().request(), head.told(), length);
        return first.orElse(0) > body.arrived() + Sliced.SIZE;
    }

    private void end(Flight<Landing> flight, Landing landing) {
        flights.close(flight);
        flight.land(landing);
        flight.leave();
    }

    private Fetched failed(Flight<Landing> flight, OriginOutcome.Failed failure) {
        flights.fail(flight, store.position());
        flight.land(new Landing.Failed(failure));
        flight.leave();
        return new Fetched.Failed(failure);
    }

    // ---- answers

    /// The one place where an answer to what the cache asked arrives.
    private Future<Fetched> arrived(Flight<Landing> flight, Trip trip, OriginOutcome.Answered answer) {
        if (answer.status() >= 500 && maySpareStandIn(trip)) {
            answer.discard();
            var trouble = new OriginOutcome.InTrouble(trip.route().origin().domainName(), answer.status());
            return Future.succeededFuture(failed(flight, trouble));
        }
        var known = trip.known();
        if (answer.status() == 304 && known.isPresent()) {
            answer.discard();
            boolean confirms = Refreshed.confirms(known.get().head(), answer.headers());
            return confirms ? confirmed(flight, trip, answer) : lead(flight, trip.anew());
        }
        if (trip.asked().method().equals("HEAD")) return headOnly(flight, trip, answer);
        if (answer.status() == 206) return part(flight, trip, answer);
        if (answer.status() == 416 && known.isPresent()) {
            // The part was one of what is known, and there is less of it now.
            answer.discard();
            store.remove(known.get().under());
            return lead(flight, trip.anew());
        }
        return Future.succeededFuture(ordinary(flight, trip, answer));
    }

    private boolean maySpareStandIn(Trip trip) {
        return trip.spare()
                .filter(spare -> CacheDecision.mayServeStale(spare, trip.ttl(), clock.instant()))
                .isPresent();
    }

    private Future<Fetched> confirmed(Flight<Landing> flight, Trip trip, OriginOutcome.Answered answer) {
        var known = trip.known().orElseThrow();
        var merged = Refreshed.merge(
                known.head(),
                answer.headers(),
                trip.ttl(),
                answer.requestedAt(),
                answer.receivedAt(),
                flight.position());
        var head = trip.retagged(merged, answer.headers());
        remember(trip, head);
        return store.freshen(known.under(), known.stored(), known.stored().under(head))
                .transform(_ -> {
                    end(flight, new Landing.Stored());
                    return Future.succeededFuture(new Fetched.Confirmed(head));
                });
    }

    /// RFC 9111, section 4.3.5: a head without a body says whether what is stored is still the same.
    private Future<Fetched> headOnly(Flight<Landing> flight, Trip trip, OriginOutcome.Answered answer) {
        var known = trip.known();
        if (answer.status() == 200 && known.isPresent()) {
            if (Refreshed.describes(known.get().head(), answer.headers())) {
                answer.discard();
                return confirmed(flight, trip, answer);
            }
            store.remove(known.get().under());
        }
        end(flight, new Landing.Stored());
        return Future.succeededFuture(new Fetched.Passing(answer, Storability.Why.HEAD_HAS_NO_BODY.name()));
    }

    /// An answer with all there is to say: it is stored, or it is this viewer's alone.
    private Fetched ordinary(Flight<Landing> flight, Trip trip, OriginOutcome.Answered answer) {
        var verdict = Storability.evaluate(
                trip.asked(),
                answer.status(),
                answer.headers(),
                trip.ttl(),
                answer.requestedAt(),
                answer.receivedAt(),
                flight.position());
        return switch (verdict) {
            case Storability.NotStorable(var why) -> {
                // A range that nobody can satisfy says nothing of the object.
                if (answer.status() != 416) {
                    hitForMiss.remember(trip.key(), HitForMiss.Why.NOT_STORABLE, flight.position());
                }
                end(flight, new Landing.Alone());
                yield new Fetched.Passing(answer, why.name());
            }
            case Storability.Storable(var head) -> {
                var tagged = new Storability.Storable(trip.tagged(head, answer.headers()));
                yield store(flight, trip, tagged, answer);
            }
        };
    }

    private Fetched store(
            Flight<Landing> flight, Trip trip, Storability.Storable storable, OriginOutcome.Answered answer) {
        var head = storable.head();
        remember(trip, head);
        var variants = variants(trip, head);
        var variant = trip.variant(variants);
        var writing = store.open(variant, head, answer.length().orElse(-1));
        flight.land(new Landing.Shared(trip.asked(), variants, variant, storable, writing.body()));
        // Before the first byte: what is not stored would be gone for a viewer who comes a moment later.
        var joined = trip.gone().flatMap(_ -> Joined.at(0, writing.body()));
        var pump = new Pump(answer.body(), writing);
        flight.carry(pump);
        pump.start().done().onComplete(_ -> flights.close(flight));
        var body = joined.<Body>map(own -> own).orElseGet(writing::body);
        return new Fetched.Storing(head, answer.headers(), answer.status(), body, false, () -> {
            joined.ifPresent(Joined::leave);
            flight.leave();
        });
    }

    /// What responses to the key differ by; the key itself leads to them.
    private Optional<Variants> variants(Trip trip, StoredResponse head) {
        var variants = CacheKeys.variants(trip.variants(), head, trip.route().selectors(), head.position());
        variants.ifPresent(on -> store.open(trip.key(), on, 0).complete());
        return variants;
    }

    private void remember(Trip trip, StoredResponse head) {
        boolean fresh = Freshness.evaluate(head, trip.ttl(), clock.instant()).isFresh();
        if (fresh) hitForMiss.forget(trip.key());
        else hitForMiss.remember(trip.key(), HitForMiss.Why.NEVER_FRESH, head.position());
    }

    // ---- parts

    private Future<Fetched> part(Flight<Landing> flight, Trip trip, OriginOutcome.Answered answer) {
        var wanted = trip.extent() instanceof Trip.Extent.Slice(var index)
                ? Optional.of(Sliced.slice(index))
                : Optional.<ByteRange.FromTo>empty();
        var verdict = Combination.evaluate(
                trip.asked(),
                answer.headers(),
                answer.length(),
                wanted,
                trip.ttl(),
                answer.requestedAt(),
                answer.receivedAt(),
                flight.position());
        return switch (verdict) {
            case Combination.Complete(var headers, var total) ->
                Future.succeededFuture(
                        ordinary(flight, trip, coder.apply(trip, answer.as(200, headers, OptionalLong.of(total)))));
            case Combination.Slice(var headers, var of) ->
                slice(
                        flight,
                        trip,
                        of.under(trip.tagged(of.head(), headers)),
                        Sliced.index(wanted.orElseThrow().first()),
                        answer,
                        headers);
            case Combination.Alone(var why, var range) -> {
                if (why == Combination.Why.PART_NOT_ALIGNED) hitForMiss.forget(trip.key());
                else hitForMiss.remember(trip.key(), HitForMiss.Why.NOT_STORABLE, flight.position());
                end(flight, new Landing.Alone());
                yield relayed(trip, answer, why, range);
            }
        };
    }

    /// The beginning of what is stored in slices.
    private Future<Fetched> slice(
            Flight<Landing> flight, Trip trip, Sliced of, long index, OriginOutcome.Answered answer, Headers headers) {
        remember(trip, of.head());
        var under = trip.variant(variants(trip, of.head()));
        var entry = slices(trip, under, of);
        entry.hold(slices.arriving(new Slices.Wanted(trip, under, of, index), answer), index);
        return keep(under, of, trip).onFailure(_ -> entry.close()).compose(_ -> {
            end(flight, new Landing.Stored());
            return opened(entry, headers, trip.gone());
        });
    }

    /// Stores the head of what is stored in slices, unless the whole has come meanwhile.
    private Future<Void> keep(CacheKey under, Sliced of, Trip trip) {
        return store.find(under).map(found -> {
            boolean whole = found.filter(entry -> entry.head() instanceof StoredResponse there
                            && StrongValidator.of(there.told())
                                    .equals(Optional.of(of.version().validator()))
                            && Freshness.evaluate(there, trip.ttl(), clock.instant())
                                    .isFresh())
                    .isPresent();
            found.ifPresent(entry -> entry.close());
            if (!whole) store.open(under, of, 0).complete();
            return null;
        });
    }

    private Future<Fetched> opened(SlicedEntry entry, Headers headers, Optional<Future<Void>> gone) {
        return entry.open(gone).onFailure(_ -> entry.close()).map(opening -> switch (opening) {
            case SlicedEntry.Opening.Ready _ ->
                new Fetched.Storing(entry.head().head(), headers, 206, entry, false, entry::close);
            case SlicedEntry.Opening.Changed(), SlicedEntry.Opening.Missing() -> {
                entry.close();
                yield new Fetched.LookAgain();
            }
            case SlicedEntry.Opening.Failed(var failure) -> {
                entry.close();
                yield new Fetched.Failed(failure);
            }
        });
    }

    /// What a part that cannot be kept is to this viewer: just what was asked for, or more than that, or too little.
    private Future<Fetched> relayed(
            Trip trip, OriginOutcome.Answered answer, Combination.Why why, Optional<ContentRange> range) {
        if (trip.extent() instanceof Trip.Extent.AsAsked) {
            return Future.succeededFuture(new Fetched.Passing(answer, why.name()));
        }
        if (trip.extent() instanceof Trip.Extent.Whole) {
            answer.discard();
            return Future.succeededFuture(new Fetched.Failed(
                    new OriginOutcome.Malformed(trip.route().origin().domainName(), "a part, which nobody asked for")));
        }
        var asked = ByteRange.asked(trip.route().request());
        var fits = Preconditions.rangeStillFits(trip.route().request().headers(), Told.by(answer.headers()));
        var wanted = asked.size() == 1 && fits
                ? range.flatMap(part -> part.covering(asked.getFirst()))
                : Optional.<ContentRange>empty();
        if (wanted.isPresent()) {
            return Future.succeededFuture(
                    new Fetched.Passing(cut(answer, range.orElseThrow(), wanted.get()), why.name()));
        }
        boolean asWeAsked = trip.extent() instanceof Trip.Extent.Slice(var index)
                && range.filter(part -> part.first() == Sliced.slice(index).first())
                        .isPresent();
        if (asked.size() == 1 && !asWeAsked && trip.known().isEmpty()) {
            // An origin of its own mind would not answer otherwise the next time.
            return Future.succeededFuture(new Fetched.Passing(answer, why.name()));
        }
        answer.discard();
        return flyAlone(trip.anew().asAsked());
    }

    private static OriginOutcome.Answered cut(
            OriginOutcome.Answered answer, ContentRange carried, ContentRange wanted) {
        if (carried.equals(wanted)) return answer;
        var headers = answer.headers()
                .with("Content-Range", wanted.toString())
                .with("Content-Length", Long.toString(wanted.length()));
        return answer.as(206, headers, OptionalLong.of(wanted.length()))
                .with(new Excerpt(answer.body(), wanted.first() - carried.first(), wanted.length()));
    }
}

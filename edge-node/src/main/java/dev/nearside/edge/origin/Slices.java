package dev.nearside.edge.origin;

import dev.nearside.edge.decide.Combination;
import dev.nearside.edge.http.Sliced;
import dev.nearside.edge.key.CacheKey;
import dev.nearside.edge.key.CacheKeys;
import dev.nearside.edge.route.Routed.Route;
import dev.nearside.edge.store.Body;
import dev.nearside.edge.store.CacheStore;
import dev.nearside.edge.store.Contexts;
import dev.nearside.edge.store.Entry;
import dev.nearside.edge.store.Joined;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/// Finds slices of what is stored in slices, and brings those that are missing, one trip for each.
final class Slices {

    private final Asking origin;
    private final CacheStore store;
    private final Flights<Landing> flights = new Flights<>();

    /// Asks the origin of a trip; the future never fails.
    @FunctionalInterface
    interface Asking {
        Future<OriginOutcome> ask(Trip trip, Function<Route, ForwardedRequest> request, Optional<Future<Void>> givenUp);
    }

    /// One slice of one version of an object.
    ///
    /// @param under the key that the head of the whole lies under
    record Wanted(Trip trip, CacheKey under, Sliced of, long index) {

        CacheKey key() {
            return CacheKeys.slice(under, of.version(), index);
        }

        long length() {
            return of.range(index).length();
        }
    }

    /// What became of looking for a slice.
    sealed interface Slice {

        /// It is there, or arriving.
        ///
        /// @param leave called once when it is needed no more
        record There(Body body, Runnable leave, SlicedEntry.Way way) implements Slice {}

        /// The origin has another version by now; what is stored of this one has been removed.
        record Changed() implements Slice {}

        record Failed(OriginOutcome.Failed failure) implements Slice {}
    }

    /// What the leader of a flight found out.
    private sealed interface Landing {

        record Arriving(Body body) implements Landing {}

        record Changed() implements Landing {}

        record Failed(OriginOutcome.Failed failure) implements Landing {}
    }

    Slices(Asking origin, CacheStore store) {
        this.origin = origin;
        this.store = store;
    }

    /// The slice from the store, or else from the origin; the future fails only over a bug.
    ///
    /// @param offset the first byte of it that is needed
    /// @param gone completed when nobody waits for it any more; empty if the edge itself wants it
    Future<Slice> get(Wanted wanted, long offset, Optional<Future<Void>> gone) {
        return find(wanted, offset)
                .compose(there -> there.isPresent()
                        ? Future.succeededFuture(there.get())
                        : aboard(board(wanted), wanted, offset, gone));
    }

    /// The slice, if it is stored and what is needed of it first is sound.
    ///
    /// @param offset the first byte of it that is needed
    Future<Optional<Slice.There>> find(Wanted wanted, long offset) {
        return store.find(wanted.key()).compose(found -> {
            var whole = found.filter(entry -> isWhole(entry, wanted));
            if (whole.isEmpty()) return Future.succeededFuture(Optional.empty());
            var entry = whole.get();
            return entry.begin(() -> OptionalLong.of(offset)).transform(begun -> {
                if (begun.succeeded()) {
                    var there = new Slice.There(entry.body(), entry::close, SlicedEntry.Way.STORED);
                    return Future.succeededFuture(Optional.of(there));
                }
                entry.close();
                return Future.succeededFuture(Optional.empty());
            });
        });
    }

    /// Whether the slice may be stored, or arriving for somebody already, as far as that is known without reading.
    boolean mayBeAtHand(Wanted wanted) {
        var key = wanted.key();
        return store.mayHold(key) || flights.isUnderWay(key);
    }

    private static boolean isWhole(Entry entry, Wanted wanted) {
        if (entry.body().length().equals(OptionalLong.of(wanted.length()))) return true;
        entry.close();
        return false;
    }

    private Flights.Boarding<Landing> board(Wanted wanted) {
        var key = wanted.key();
        var tags = wanted.of().tags();
        return flights.board(key, store.position(), inAir -> store.isReached(key, tags, inAir.position()));
    }

    private Future<Slice> aboard(
            Flights.Boarding<Landing> seat, Wanted wanted, long offset, Optional<Future<Void>> gone) {
        seat.flight().watch(gone);
        return switch (seat) {
            case Flights.Boarding.Lead<Landing>(var flight) -> fly(flight, wanted);
            case Flights.Boarding.Follow<Landing>(var flight) ->
                Contexts.here(flight.landing()).compose(landing -> follow(flight, landing, wanted, offset, gone));
        };
    }

    private Future<Slice> fly(Flight<Landing> flight, Wanted wanted) {
        return Future.<Void>succeededFuture()
                .compose(_ -> origin.ask(
                        wanted.trip(),
                        to -> wanted.trip().request(to, wanted.of().version(), wanted.index()),
                        Optional.of(flight.abandoned())))
                .compose(outcome -> switch (outcome) {
                    case OriginOutcome.Failed failed -> Future.succeededFuture(failed(flight, failed));
                    case OriginOutcome.Answered answer -> answer.orClosed(raw -> answered(flight, wanted, raw));
                })
                // A bug of ours must not keep the others waiting.
                .onFailure(bug ->
                        failed(flight, new OriginOutcome.Malformed(wanted.trip().distribution(), bug.toString())));
    }

    private Future<Slice> answered(Flight<Landing> flight, Wanted wanted, OriginOutcome.Answered answer) {
        var trip = wanted.trip();
        boolean fits = answer.status() == 206
                && Combination.fits(
                        wanted.of(),
                        wanted.index(),
                        trip.asked(),
                        answer.headers(),
                        answer.length(),
                        trip.ttl(),
                        answer.receivedAt());
        if (fits) return Future.succeededFuture(arriving(flight, wanted, answer));
        answer.discard();
        if (answer.status() >= 500) {
            var trouble = new OriginOutcome.InTrouble(trip.route().origin().domainName(), answer.status());
            return Future.succeededFuture(failed(flight, trouble));
        }
        return forget(wanted).map(_ -> {
            flights.close(flight);
            flight.land(new Landing.Changed());
            flight.leave();
            return new Slice.Changed();
        });
    }

    private Slice failed(Flight<Landing> flight, OriginOutcome.Failed failure) {
        flights.fail(flight, store.position());
        flight.land(new Landing.Failed(failure));
        flight.leave();
        return new Slice.Failed(failure);
    }

    private Future<Slice> follow(
            Flight<Landing> flight, Landing landing, Wanted wanted, long offset, Optional<Future<Void>> gone) {
        return switch (landing) {
            case Landing.Arriving(var body) -> {
                // Of a slice that nobody stores the beginning may have been passed on and forgotten.
                var joined = Joined.at(offset, body);
                if (joined.isPresent()) {
                    yield Future.succeededFuture(there(flight, joined.get(), SlicedEntry.Way.JOINED));
                }
                flight.leave();
                var own = alone(wanted);
                own.watch(gone);
                yield fly(own, wanted);
            }
            case Landing.Changed() -> {
                flight.leave();
                yield Future.succeededFuture(new Slice.Changed());
            }
            case Landing.Failed(var failure) -> {
                var second = flight.second();
                if (second.isPresent()) yield aboard(flights.seat(second.get()), wanted, offset, gone);
                flight.leave();
                yield Future.succeededFuture(new Slice.Failed(failure));
            }
        };
    }

    private Flight<Landing> alone(Wanted wanted) {
        return new Flight<>(wanted.key(), store.position());
    }

    /// Stores a slice that the origin sends because it was asked for a part of an object that was not known before.
    Slice.There arriving(Wanted wanted, OriginOutcome.Answered answer) {
        return switch (board(wanted)) {
            case Flights.Boarding.Lead<Landing>(var flight) -> arriving(flight, wanted, answer);
            case Flights.Boarding.Follow<Landing>(var flight) -> {
                // Somebody else brings it as well; ours is here.
                flight.leave();
                yield arriving(alone(wanted), wanted, answer);
            }
        };
    }

    private Slice.There arriving(Flight<Landing> flight, Wanted wanted, OriginOutcome.Answered answer) {
        var head = Combination.headOfSlice(
                wanted.of(), wanted.index(), answer.requestedAt(), answer.receivedAt(), flight.position());
        var writing = store.open(wanted.key(), head, wanted.length());
        flight.land(new Landing.Arriving(writing.body()));
        // Before the first byte: what is not stored would be gone for a viewer who comes a moment later.
        var joined = wanted.trip().gone().flatMap(_ -> Joined.at(0, writing.body()));
        var pump = new Pump(answer.body(), writing);
        flight.carry(pump);
        pump.start().done().onComplete(_ -> flights.close(flight));
        return joined.map(body -> there(flight, body, SlicedEntry.Way.BROUGHT))
                .orElseGet(() -> new Slice.There(writing.body(), flight::leave, SlicedEntry.Way.BROUGHT));
    }

    private static Slice.There there(Flight<Landing> flight, Joined body, SlicedEntry.Way way) {
        Runnable leave = () -> {
            body.leave();
            flight.leave();
        };
        return new Slice.There(body, leave, way);
    }

    /// Removes the head of a version that is no more, unless another one lies there by now.
    private Future<Void> forget(Wanted wanted) {
        return store.find(wanted.under()).map(found -> {
            found.ifPresent(entry -> {
                boolean same = entry.head() instanceof Sliced there
                        && there.version().equals(wanted.of().version());
                entry.close();
                if (same) store.remove(wanted.under());
            });
            return null;
        });
    }
}

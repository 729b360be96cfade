package dev.nearside.edge.origin;

import dev.nearside.edge.http.LogPosition;
import dev.nearside.edge.key.CacheKey;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/// Collapses concurrent fetches of one key into one trip to the origin.
///
/// The first caller flies. The others wait until the head of the answer is known, then decide for themselves:
/// `Vary`, `private` and `Set-Cookie` may make it somebody else's. Who may share it joins the body as it arrives,
/// at its own pace; who may not flies alone, all at once. If the trip fails, one of those who waited tries once more
/// for all of them. The trip is given up when nobody is left.
final class Flights<L> {

    private final ConcurrentHashMap<CacheKey, Flight<L>> inAir = new ConcurrentHashMap<>();

    /// A place on a flight.
    sealed interface Boarding<L> {
        Flight<L> flight();

        record Lead<L>(Flight<L> flight) implements Boarding<L> {}

        record Follow<L>(Flight<L> flight) implements Boarding<L> {}
    }

    /// The flight to this key: a new one to lead, or the one already in the air.
    ///
    /// @param position of the log, for a new one
    /// @param tooEarly whether one in the air is not to be boarded any more
    Boarding<L> board(CacheKey key, LogPosition position, Predicate<Flight<L>> tooEarly) {
        while (true) {
            var mine = new Flight<L>(key, position);
            var there = inAir.putIfAbsent(key, mine);
            if (there == null) return seat(mine);
            if (!tooEarly.test(there) && there.join()) return seat(there);
            inAir.remove(key, there);
        }
    }

    /// The place of somebody who is aboard already.
    Boarding<L> seat(Flight<L> flight) {
        return flight.lead() ? new Boarding.Lead<>(flight) : new Boarding.Follow<>(flight);
    }

    /// Whether somebody is on the way to this key.
    boolean isUnderWay(CacheKey key) {
        return inAir.containsKey(key);
    }

    /// How many are in the air, or still being stored.
    int underWay() {
        return inAir.size();
    }

    /// Nobody boards it any more.
    void close(Flight<L> flight) {
        inAir.remove(flight.key(), flight);
    }

    /// The same, when the trip failed; whoever comes from now on boards the second flight, if there is one.
    void fail(Flight<L> flight, LogPosition now) {
        // Nobody else may take the place between the two.
        synchronized (flight) {
            var second = flight.changeOver(now);
            if (second.isEmpty()) close(flight);
            else inAir.replace(flight.key(), flight, second.get());
        }
    }
}

package dev.nearside.edge.origin;

import dev.nearside.edge.http.LogPosition;
import dev.nearside.edge.key.CacheKey;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/// Collapses concurrent fetches of one key into one trip to the origin.
///
/// The first caller flies. The others wait until the head of the answer is known, then decide for themselves:
/// `Vary`, `private` and `Set-Cookie` may make it somebody else's. Who may share it joins the body as it arrives,
/// at its own pace; who may not flies alone, all at once. The trip is given up when nobody is left.
final class Flights {

    private final ConcurrentHashMap<CacheKey, Flight> inAir = new ConcurrentHashMap<>();

    /// A place on a flight.
    sealed interface Boarding {
        Flight flight();

        record Lead(Flight flight) implements Boarding {}

        record Follow(Flight flight) implements Boarding {}
    }

    /// The flight to this key: a new one to lead, or the one already in the air.
    ///
    /// @param position of the log, for a new one
    /// @param tooEarly whether one in the air is not to be boarded any more
    Boarding board(CacheKey key, LogPosition position, Predicate<Flight> tooEarly) {
        while (true) {
            var mine = new Flight(key, position);
            var leading = inAir.putIfAbsent(key, mine);
            if (leading == null) return new Boarding.Lead(mine);
            if (!tooEarly.test(leading) && leading.join()) return new Boarding.Follow(leading);
            inAir.remove(key, leading);
        }
    }

    /// Nobody boards it any more.
    void close(Flight flight) {
        inAir.remove(flight.key(), flight);
    }
}

package dev.nearside.edge.origin;

import dev.nearside.edge.http.LogPosition;
import dev.nearside.edge.key.CacheKey;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One trip to an origin that several requests may wait for.
///
/// It goes on while anybody is aboard: the leader, who may leave like all others, and those who joined. The last one to
/// leave gives the seat to the edge itself if what is still to come is little, so that it is not thrown away.
///
/// Before the head has arrived, it is given up as soon as everybody aboard has lost interest.
///
/// @param <L> what becomes known when the head of the answer has arrived
final class Flight<L> {

    /// The body on its way into the store.
    interface Cargo {

        /// Whether little is still to come, as far as anybody knows.
        boolean isNearlyThere();

        /// Nobody waits any more, and the rest is brought for its own sake.
        ///
        /// @param tooMuch called if it turns out not to be little
        void finish(Runnable tooMuch);

        /// Nobody wants it.
        void drop();

        /// Completed when it is stored, or given up.
        Future<Void> done();
    }

    private final CacheKey key;
    private final LogPosition position;
    private final boolean isSecond;
    private final Promise<L> landing = Promise.promise();
    private final Promise<Void> abandoned = Promise.promise();
    private int aboard;
    private int interested;
    private boolean isLanded;
    private boolean isAbandoned;
    private boolean isLed;
    private boolean isOver;
    private boolean isOurs;
    private @Nullable Cargo cargo;
    private @Nullable Flight<L> second;

    private Flight(CacheKey key, LogPosition position, int aboard, boolean isSecond) {
        this.key = key;
        this.position = position;
        this.aboard = aboard;
        this.interested = aboard;
        this.isSecond = isSecond;
    }

    /// A flight with one passenger.
    Flight(CacheKey key, LogPosition position) {
        this(key, position, 1, false);
    }

    CacheKey key() {
        return key;
    }

    /// Of the invalidation log when it set off.
    LogPosition position() {
        return position;
    }

    Future<L> landing() {
        return landing.future();
    }

    /// The same, as far as it is known by now.
    Optional<L> landed() {
        return Optional.ofNullable(landing.future().result());
    }

    void land(L what) {
        synchronized (this) {
            isLanded = true;
        }
        landing.tryComplete(what);
    }

    /// Completed when nobody aboard wants to know any more what there is to land with.
    Future<Void> abandoned() {
        return abandoned.future();
    }

    /// Asked once for each place aboard.
    ///
    /// @param gone completed when whoever has the place wants nothing any more; empty if that cannot be
    void watch(Optional<Future<Void>> gone) {
        gone.ifPresent(future -> future.onComplete(_ -> loseInterest()));
    }

    void loseInterest() {
        synchronized (this) {
            interested--;
            if (interested > 0 || isLanded || isOver) return;
            isAbandoned = true;
        }
        abandoned.tryComplete();
    }

    /// False if everybody had left before.
    synchronized boolean join() {
        if (aboard == 0 || isOver || isAbandoned) return false;
        aboard++;
        interested++;
        return true;
    }

    /// True for the first one aboard who asks: who gets this makes the trip.
    synchronized boolean lead() {
        boolean first = !isLed;
        isLed = true;
        return first;
    }

    /// The trip failed: those aboard, but for the leader, change over to a second flight, which one of them will lead.
    /// Empty if there is nobody, or if this was the second one.
    synchronized Optional<Flight<L>> changeOver(LogPosition now) {
        isOver = true;
        if (isSecond || isAbandoned || aboard <= 1) return Optional.empty();
        var next = new Flight<L>(key, now, aboard - 1, true);
        aboard = 1;
        second = next;
        return Optional.of(next);
    }

    /// Where those aboard have changed over to; then nobody needs to leave.
    synchronized Optional<Flight<L>> second() {
        return Optional.ofNullable(second);
    }

    void leave() {
        Runnable consequence;
        synchronized (this) {
            aboard--;
            consequence = aboard == 0 ? consequence() : () -> {};
        }
        consequence.run();
    }

    /// The body is on its way; dropped at once if everybody has left.
    void carry(Cargo body) {
        Runnable consequence;
        synchronized (this) {
            cargo = body;
            consequence = aboard == 0 ? consequence() : () -> {};
        }
        consequence.run();
    }

    private Runnable consequence() {
        var body = cargo;
        if (body == null) return () -> {};
        if (isOurs || !body.isNearlyThere()) return body::drop;
        isOurs = true;
        aboard = 1;
        return () -> body.finish(this::leave);
    }

    /// Completed when the body, if there is one, is stored or given up.
    synchronized Future<Void> done() {
        return cargo == null ? Future.succeededFuture() : cargo.done();
    }
}

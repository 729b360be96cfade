package dev.nearside.edge.origin;

import dev.nearside.edge.decide.Asked;
import dev.nearside.edge.decide.Storability;
import dev.nearside.edge.http.LogPosition;
import dev.nearside.edge.http.Variants;
import dev.nearside.edge.key.CacheKey;
import dev.nearside.edge.store.Body;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/// One trip to an origin that several requests may wait for.
///
/// It goes on while anybody is aboard: the leader, who may leave like all others, and those who joined.
public final class Flight {

    /// What the leader found out when the head had arrived.
    public sealed interface Landing {

        /// The answer is being stored; who may share it joins its body as it arrives.
        ///
        /// @param variants what responses to the flight's key differ by
        /// @param variant the key that it is stored under, which differs from the flight's where it varies
        record Shared(
                Asked leader, Optional<Variants> variants, CacheKey variant, Storability.Storable verdict, Body body)
                implements Landing {}

        /// What is stored has been brought up to date: look again.
        record Stored() implements Landing {}

        /// The answer is the leader's alone.
        record Alone() implements Landing {}

        record Failed(OriginOutcome.Failed failure) implements Landing {}
    }

    private final CacheKey key;
    private final LogPosition position;
    private final Promise<Landing> landing = Promise.promise();
    private final AtomicInteger aboard = new AtomicInteger(1);
    private volatile Runnable whenEmpty = () -> {};

    Flight(CacheKey key, LogPosition position) {
        this.key = key;
        this.position = position;
    }

    CacheKey key() {
        return key;
    }

    /// Of the invalidation log when it set off.
    LogPosition position() {
        return position;
    }

    Future<Landing> landing() {
        return landing.future();
    }

    void land(Landing what) {
        landing.tryComplete(what);
    }

    /// False if everybody had left before.
    boolean join() {
        return aboard.getAndUpdate(n -> n == 0 ? 0 : n + 1) > 0;
    }

    void leave() {
        if (aboard.decrementAndGet() == 0) whenEmpty.run();
    }

    /// What to do when nobody is left; done at once if so it is.
    void whenEmpty(Runnable action) {
        whenEmpty = action;
        if (aboard.get() == 0) action.run();
    }
}

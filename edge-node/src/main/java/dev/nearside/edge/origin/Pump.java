package dev.nearside.edge.origin;

import dev.nearside.edge.http.Sliced;
import dev.nearside.edge.store.BodyReader;
import dev.nearside.edge.store.Contexts;
import dev.nearside.edge.store.Writing;
import io.netty.buffer.ByteBuf;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;

/// Moves a body from the origin into the store, as fast as both of them go.
///
/// A body that nobody waits for is brought to its end if at most {@link #LITTLE} bytes are missing: the one rule on
/// finishing a trip. Everything else stops when nobody is left.
final class Pump implements Flight.Cargo {

    /// What a viewer who has gone may still cost the origin, in bytes.
    static final long LITTLE = Sliced.SIZE;

    /// And how long it may take.
    private static final long PATIENCE_MILLIS = 5_000;

    private final BodyReader from;
    private final Writing to;
    private final Context context = Contexts.current();
    private final Promise<Void> done = Promise.promise();

    /// On the context, like everything below but for what a flight asks.
    private long allowed = Long.MAX_VALUE;

    private Runnable tooMuch = () -> {};

    Pump(BodyReader from, Writing to) {
        this.from = from;
        this.to = to;
    }

    Pump start() {
        advance();
        return this;
    }

    @Override
    public Future<Void> done() {
        return done.future();
    }

    @Override
    public boolean isNearlyThere() {
        var length = to.body().length();
        return length.isEmpty() || length.getAsLong() - to.body().arrived() <= LITTLE;
    }

    @Override
    public void finish(Runnable whenTooMuch) {
        // The last one to leave may be on another viewer's event loop.
        context.runOnContext(_ -> {
            if (done.future().isComplete()) return;
            allowed = LITTLE;
            tooMuch = whenTooMuch;
            long timer = context.owner().setTimer(PATIENCE_MILLIS, _ -> isTooMuch());
            done.future().onComplete(_ -> context.owner().cancelTimer(timer));
        });
    }

    private void isTooMuch() {
        var action = tooMuch;
        tooMuch = () -> {};
        allowed = Long.MAX_VALUE;
        action.run();
    }

    @Override
    public void drop() {
        context.runOnContext(_ -> from.close());
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
            giveUp(next.cause());
            return false;
        }
        var bytes = next.result();
        if (!bytes.isReadable()) {
            bytes.release();
            to.complete().onComplete(_ -> done.complete());
            return false;
        }
        if (allowed != Long.MAX_VALUE) {
            allowed -= bytes.readableBytes();
            if (allowed < 0) isTooMuch();
        }
        var written = to.write(bytes);
        if (written.succeeded()) return true;
        written.onComplete(taken -> context.runOnContext(_ -> {
            if (taken.succeeded()) {
                advance();
            } else {
                // Nobody will ever see what would still come, of an origin that sends more than it said.
                from.close();
                giveUp(taken.cause());
            }
        }));
        return false;
    }

    private void giveUp(Throwable cause) {
        to.abort(cause);
        done.complete();
    }
}

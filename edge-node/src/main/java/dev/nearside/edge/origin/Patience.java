package dev.nearside.edge.origin;

import io.vertx.core.Vertx;
import java.util.function.LongSupplier;

/// Notices when an origin that has its turn says nothing for too long (CF§1.3); while it is somebody else's turn, time
/// does not count.
///
/// All calls come on one context, and so does the end. A turn costs no timer of its own.
final class Patience {

    private static final long NO_TIMER = -1;

    private final Vertx vertx;
    private final LongSupplier nanoTime;
    private final long millis;
    private final Runnable lost;
    private long timer = NO_TIMER;
    private long since;
    private boolean waiting;
    private boolean over;

    /// @param lost done once if the patience is at its end
    Patience(Vertx vertx, LongSupplier nanoTime, long millis, Runnable lost) {
        this.vertx = vertx;
        this.nanoTime = nanoTime;
        this.millis = millis;
        this.lost = lost;
    }

    /// It is the origin's turn, from now on.
    void expect() {
        if (over) return;
        waiting = true;
        since = nanoTime.getAsLong();
        if (timer == NO_TIMER) timer = vertx.setTimer(millis, _ -> look());
    }

    /// It is not the origin's turn.
    void pause() {
        waiting = false;
    }

    /// Nothing more is expected.
    void end() {
        over = true;
        waiting = false;
        if (timer != NO_TIMER) vertx.cancelTimer(timer);
        timer = NO_TIMER;
    }

    private void look() {
        timer = NO_TIMER;
        if (over || !waiting) return;
        long left = millis - (nanoTime.getAsLong() - since) / 1_000_000;
        if (left > 0) {
            timer = vertx.setTimer(left, _ -> look());
        } else {
            end();
            lost.run();
        }
    }
}

package dev.nearside.edge.origin;

import dev.nearside.edge.store.Body;
import dev.nearside.edge.store.Contexts;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;

/// A refresh whose body nobody waits for, though it is wanted: its seat is kept until it is stored, or until too little
/// of it has come for a while. Then the rule on trips without a viewer holds, or an origin that never comes to the end
/// of its answer would have a listener for ever.
///
/// All calls come on one context.
final class Refresh {

    /// As long as origins may be silent by default (CF§1.3).
    private static final Duration WHILE = Duration.ofSeconds(30);

    /// What must come in that time, in bytes.
    static final long LEAST = 64 << 10;

    private final Vertx vertx = Contexts.current().owner();
    private final Body body;
    private final Runnable leave;
    private final long timer;
    private long arrived;
    private boolean over;

    private Refresh(Body body, Runnable leave, Duration each) {
        this.body = body;
        this.leave = leave;
        this.timer = vertx.setPeriodic(each.toMillis(), _ -> look());
    }

    /// @param stored completed when the body is, or is given up
    /// @param leave called once
    static void keep(Body body, Future<Void> stored, Runnable leave) {
        keep(body, stored, leave, WHILE);
    }

    static void keep(Body body, Future<Void> stored, Runnable leave, Duration each) {
        var refresh = new Refresh(body, leave, each);
        stored.onComplete(_ -> refresh.end());
    }

    private void look() {
        long now = body.arrived();
        if (now - arrived < LEAST) end();
        arrived = now;
    }

    private void end() {
        if (over) return;
        over = true;
        vertx.cancelTimer(timer);
        leave.run();
    }
}

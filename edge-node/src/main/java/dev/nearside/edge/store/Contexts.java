package dev.nearside.edge.store;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.Objects;

/// Keeps each viewer's work on the viewer's own event loop.
public final class Contexts {

    private Contexts() {}

    /// The context of the caller, who runs on one.
    public static Context current() {
        return Objects.requireNonNull(Vertx.currentContext(), "called on a Vert.x context");
    }

    /// The same outcome, told on the caller's context wherever it comes about.
    public static <T> Future<T> here(Future<T> future) {
        if (future.isComplete()) return future;
        var context = current();
        var told = Promise.<T>promise();
        future.onComplete(outcome -> context.runOnContext(_ -> told.handle(outcome)));
        return told.future();
    }
}

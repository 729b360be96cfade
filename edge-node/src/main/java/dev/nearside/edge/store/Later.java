package dev.nearside.edge.store;

import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;

/// A promise that is kept on the context of whoever asked, by whichever thread.
record Later<T>(Promise<T> promise, Context context) {

    static <T> Later<T> on(Vertx vertx) {
        return new Later<>(Promise.promise(), vertx.getOrCreateContext());
    }

    Future<T> future() {
        return promise.future();
    }

    void complete(T value) {
        context.runOnContext(_ -> promise.complete(value));
    }

    void complete() {
        context.runOnContext(_ -> promise.complete());
    }

    /// Keeps it with the outcome of another.
    void settle(AsyncResult<T> outcome) {
        context.runOnContext(_ -> promise.handle(outcome));
    }

    void fail(Throwable cause) {
        context.runOnContext(_ -> promise.fail(cause));
    }
}

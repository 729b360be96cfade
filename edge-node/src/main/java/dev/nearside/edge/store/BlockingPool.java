package dev.nearside.edge.store;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The threads that may wait for a disk: platform threads, as many as there are and no more. What they bring arrives on
/// the context of whoever asked.
final class BlockingPool {

    private static final Logger LOG = LoggerFactory.getLogger(BlockingPool.class);

    private final Vertx vertx;
    private final WorkerExecutor threads;
    private final AtomicInteger unfinished = new AtomicInteger();

    BlockingPool(Vertx vertx, String name, int size) {
        this.vertx = vertx;
        this.threads = vertx.createSharedWorkerExecutor(name, size);
    }

    <T> Future<T> call(Callable<T> work) {
        var later = Later.<T>on(vertx);
        enqueue(() -> {
            try {
                later.complete(work.call());
            } catch (Throwable e) {
                later.fail(e);
            }
        });
        return later.future();
    }

    /// Completed when the work is done.
    Future<Void> run(Runnable work) {
        var later = Later.<Void>on(vertx);
        enqueue(() -> {
            try {
                work.run();
                later.complete();
            } catch (Throwable e) {
                LOG.error("work for the store failed", e);
                later.fail(e);
            }
        });
        return later.future();
    }

    private void enqueue(Runnable work) {
        unfinished.incrementAndGet();
        var _ = threads.executeBlocking(
                () -> {
                    try {
                        work.run();
                    } finally {
                        unfinished.decrementAndGet();
                    }
                    return true;
                },
                false);
    }

    /// How many pieces of work are waiting or under way.
    int unfinished() {
        return unfinished.get();
    }

    Future<Void> close() {
        return threads.close();
    }
}

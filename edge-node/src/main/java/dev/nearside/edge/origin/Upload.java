package dev.nearside.edge.origin;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.streams.WriteStream;
import org.jspecify.annotations.Nullable;

/// A viewer's body on its way to an origin. It is the origin's turn while it takes no more, and when all is sent.
record Upload(HttpClientRequest outgoing, Patience patience) implements WriteStream<Buffer> {

    @Override
    public Future<Void> write(Buffer bytes) {
        return outgoing.write(bytes);
    }

    @Override
    public Future<Void> end() {
        patience.expect();
        return outgoing.end();
    }

    @Override
    public boolean writeQueueFull() {
        boolean full = outgoing.writeQueueFull();
        if (full) patience.expect();
        return full;
    }

    @Override
    public Upload drainHandler(@Nullable Handler<Void> handler) {
        outgoing.drainHandler(
                handler == null
                        ? null
                        : _ -> {
                            patience.pause();
                            handler.handle(null);
                        });
        return this;
    }

    @Override
    public Upload exceptionHandler(@Nullable Handler<Throwable> handler) {
        outgoing.exceptionHandler(handler == null ? _ -> {} : handler);
        return this;
    }

    @Override
    public Upload setWriteQueueMaxSize(int size) {
        outgoing.setWriteQueueMaxSize(size);
        return this;
    }
}

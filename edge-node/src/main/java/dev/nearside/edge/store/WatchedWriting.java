package dev.nearside.edge.store;

import io.netty.buffer.ByteBuf;
import io.vertx.core.Future;

/// A writing that leaves the entrance when it can be found, or never will be.
record WatchedWriting(ArrivingBody arriving, Entrance.Passage passage) implements Writing {

    @Override
    public Body body() {
        return arriving;
    }

    @Override
    public Future<Void> write(ByteBuf bytes) {
        var written = arriving.write(bytes);
        // What just passes may do so for hours.
        if (!arriving.mayBeStored()) passage.leave();
        return written;
    }

    @Override
    public Future<Void> complete() {
        return arriving.complete().onComplete(_ -> passage.leave());
    }

    @Override
    public void abort(Throwable cause) {
        arriving.abort(cause);
        passage.leave();
    }
}

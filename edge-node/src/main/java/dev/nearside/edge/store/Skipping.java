package dev.nearside.edge.store;

import io.netty.buffer.ByteBuf;
import io.vertx.core.Future;
import io.vertx.core.Promise;

/// A body without its first bytes, however many pieces they come in.
public final class Skipping implements BodyReader {

    private final BodyReader body;
    private long left;

    public Skipping(BodyReader body, long bytes) {
        this.body = body;
        this.left = bytes;
    }

    @Override
    public Future<ByteBuf> next() {
        if (left == 0) return body.next();
        var promise = Promise.<ByteBuf>promise();
        advance(promise);
        return promise.future();
    }

    /// Without recursion, and without a chain of futures: both would grow with what is skipped.
    private void advance(Promise<ByteBuf> promise) {
        boolean skipped = true;
        while (skipped) {
            var next = body.next();
            if (!next.isComplete()) {
                next.onComplete(_ -> {
                    if (isSkipped(next, promise)) advance(promise);
                });
                return;
            }
            skipped = isSkipped(next, promise);
        }
    }

    /// Whether nothing is left of the piece; else it is handed on.
    private boolean isSkipped(Future<ByteBuf> next, Promise<ByteBuf> promise) {
        if (next.failed()) {
            promise.fail(next.cause());
            return false;
        }
        var bytes = next.result();
        boolean atEnd = !bytes.isReadable();
        int size = (int) Math.min(left, bytes.readableBytes());
        left -= size;
        bytes.skipBytes(size);
        if (atEnd || bytes.isReadable()) {
            promise.complete(bytes);
            return false;
        }
        bytes.release();
        return true;
    }

    @Override
    public void close() {
        body.close();
    }
}

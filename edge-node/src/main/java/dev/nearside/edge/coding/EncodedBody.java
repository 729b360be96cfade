package dev.nearside.edge.coding;

import dev.nearside.edge.store.BodyReader;
import dev.nearside.edge.store.Contexts;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A body in its coded form, made as it is read: as fast as the plain one arrives, and never so many bytes at once that
/// other viewers of the event loop would notice.
///
/// All calls come on the context that it was made on.
final class EncodedBody implements BodyReader {

    /// Bytes that are encoded at a time.
    static final int SLICE = 16 * 1024;

    /// Bytes that are encoded before others get their turn: about a millisecond's worth.
    private static final int TURN = 2 * SLICE;

    /// Bytes that may wait inside the encoder while the origin is silent.
    private static final int MOST_INSIDE = 64 * 1024;

    private final BodyReader plain;
    private final Encoder encoder;
    private final Runnable released;
    private final Context context = Contexts.current();

    private ByteBuf left = Unpooled.EMPTY_BUFFER;
    private @Nullable Future<ByteBuf> asked;
    private int thisTurn;
    private long inside;
    private boolean handedOut;
    private boolean ended;
    private boolean closed;

    /// @param released called once when the encoder's memory is free again
    EncodedBody(BodyReader plain, Encoder encoder, Runnable released) {
        this.plain = plain;
        this.encoder = encoder;
        this.released = released;
    }

    @Override
    public Future<ByteBuf> next() {
        if (ended) return Future.succeededFuture(Unpooled.EMPTY_BUFFER);
        var promise = Promise.<ByteBuf>promise();
        advance(promise);
        return promise.future();
    }

    /// Reads and encodes until there is something to hand out.
    private void advance(Promise<ByteBuf> promise) {
        while (!closed) {
            if (left.isReadable()) {
                if (thisTurn >= TURN) {
                    thisTurn = 0;
                    context.runOnContext(_ -> advance(promise));
                    return;
                }
                if (encode(promise)) return;
            } else {
                var next = asked != null ? asked : plain.next();
                asked = next;
                if (!next.isComplete()) {
                    if (isOwed() && flush(promise)) return;
                    next.onComplete(_ -> {
                        thisTurn = 0;
                        if (take(next, promise)) advance(promise);
                    });
                    return;
                }
                if (!take(next, promise)) return;
            }
        }
        promise.tryFail(new IOException("closed"));
    }

    /// Whether that made something to hand out, or failed.
    private boolean encode(Promise<ByteBuf> promise) {
        int size = Math.min(left.readableBytes(), SLICE);
        thisTurn += size;
        inside += size;
        return make(
                out -> {
                    encoder.encode(left.readSlice(size), out);
                    if (!left.isReadable()) drop();
                },
                promise);
    }

    /// Whether viewers are kept waiting for what has long arrived, while the origin is silent.
    private boolean isOwed() {
        return handedOut ? inside >= MOST_INSIDE : inside > 0;
    }

    private boolean flush(Promise<ByteBuf> promise) {
        return make(encoder::flush, promise);
    }

    private interface Step {
        void into(ByteBuf out) throws IOException;
    }

    /// Whether that made something to hand out, or failed. Whoever gets it may come back for more at once, so that
    /// nothing is left to do after that.
    private boolean make(Step step, Promise<ByteBuf> promise) {
        var out = PooledByteBufAllocator.DEFAULT.directBuffer(SLICE);
        try {
            step.into(out);
        } catch (IOException | RuntimeException e) {
            out.release();
            breakOff(e, promise);
            return true;
        }
        if (!out.isReadable()) {
            out.release();
            return false;
        }
        inside = 0;
        handedOut = true;
        promise.complete(out);
        return true;
    }

    /// Whether there is more to do.
    private boolean take(Future<ByteBuf> next, Promise<ByteBuf> promise) {
        asked = null;
        if (next.failed()) {
            breakOff(next.cause(), promise);
            return false;
        }
        var bytes = next.result();
        if (closed) {
            bytes.release();
            return true;
        }
        if (bytes.isReadable()) {
            left = bytes;
            return true;
        }
        bytes.release();
        finish(promise);
        return false;
    }

    private void finish(Promise<ByteBuf> promise) {
        boolean over = make(
                out -> {
                    encoder.finish(out);
                    ended = true;
                    free();
                },
                promise);
        if (!over) promise.complete(Unpooled.EMPTY_BUFFER);
    }

    /// What cannot be encoded to its end must not look whole.
    private void breakOff(Throwable cause, Promise<ByteBuf> promise) {
        close();
        promise.tryFail(cause);
    }

    @Override
    public void close() {
        if (closed) return;
        free();
        plain.close();
    }

    private void free() {
        if (closed) return;
        closed = true;
        drop();
        encoder.close();
        released.run();
    }

    private void drop() {
        left.release();
        left = Unpooled.EMPTY_BUFFER;
    }
}

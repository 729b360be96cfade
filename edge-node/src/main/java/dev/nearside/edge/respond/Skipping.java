package dev.nearside.edge.respond;

import dev.nearside.edge.store.BodyReader;
import io.netty.buffer.ByteBuf;
import io.vertx.core.Future;

/// A body without its first bytes.
final class Skipping implements BodyReader {

    private final BodyReader body;
    private long left;

    Skipping(BodyReader body, long bytes) {
        this.body = body;
        this.left = bytes;
    }

    @Override
    public Future<ByteBuf> next() {
        return left == 0 ? body.next() : body.next().compose(this::skip);
    }

    private Future<ByteBuf> skip(ByteBuf bytes) {
        if (!bytes.isReadable()) return Future.succeededFuture(bytes);
        int skipped = (int) Math.min(left, bytes.readableBytes());
        left -= skipped;
        bytes.skipBytes(skipped);
        if (bytes.isReadable()) return Future.succeededFuture(bytes);
        bytes.release();
        return next();
    }

    @Override
    public void close() {
        body.close();
    }
}

package dev.nearside.edge.origin;

import dev.nearside.edge.store.BodyReader;
import dev.nearside.edge.store.Skipping;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.Future;

/// Some bytes from the middle of a body that passes by.
final class Excerpt implements BodyReader {

    private final BodyReader body;
    private long left;

    /// @param before bytes to leave out
    /// @param length bytes to hand on
    Excerpt(BodyReader body, long before, long length) {
        this.body = new Skipping(body, before);
        this.left = length;
    }

    @Override
    public Future<ByteBuf> next() {
        if (left == 0) return Future.succeededFuture(Unpooled.EMPTY_BUFFER);
        return body.next().map(bytes -> {
            if (bytes.readableBytes() > left) bytes.writerIndex(bytes.readerIndex() + (int) left);
            left -= bytes.readableBytes();
            return bytes;
        });
    }

    @Override
    public void close() {
        body.close();
    }
}

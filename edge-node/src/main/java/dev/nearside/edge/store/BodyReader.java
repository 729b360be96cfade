package dev.nearside.edge.store;

import io.netty.buffer.ByteBuf;
import io.vertx.core.Future;

/// One viewer's way through a body.
public interface BodyReader extends AutoCloseable {

    /// The next bytes, which the caller releases; an empty buffer at the end. Fails if the body broke off.
    /// Asked for one at a time.
    Future<ByteBuf> next();

    @Override
    void close();
}

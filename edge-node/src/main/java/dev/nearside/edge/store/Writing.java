package dev.nearside.edge.store;

import io.netty.buffer.ByteBuf;
import io.vertx.core.Future;

/// A response on its way into the store. Ends in exactly one of `complete` and `abort`.
public interface Writing {

    /// The body as it arrives, for the viewers who wait for it.
    Body body();

    /// Takes these bytes over. Completed when the next may come: memory per writing is bounded.
    Future<Void> write(ByteBuf bytes);

    /// The body is whole: the entry can be found from now on. Completed when it is.
    Future<Void> complete();

    /// The body broke off: its readers fail, nothing is stored.
    void abort(Throwable cause);
}

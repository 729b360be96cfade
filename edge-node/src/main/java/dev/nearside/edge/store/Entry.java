package dev.nearside.edge.store;

import dev.nearside.edge.http.Stored;
import io.vertx.core.Future;
import java.util.OptionalLong;
import java.util.function.Supplier;

/// One stored object, readable until it is closed, exactly once.
public interface Entry extends AutoCloseable {

    Stored head();

    Body body();

    /// Brings the bytes that an answer begins with, where they have to be brought, so that the answer does not begin
    /// before. Fails if they are damaged: the object is not found again then. Once, before anything is read.
    ///
    /// @param from gives the first byte that is sent; empty if none is. Asked only where it matters.
    default Future<Void> begin(Supplier<OptionalLong> from) {
        return Future.succeededFuture();
    }

    @Override
    void close();
}

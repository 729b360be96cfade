package dev.nearside.edge.store;

import dev.nearside.edge.http.Stored;

/// One stored object, readable until it is closed, exactly once.
public interface Entry extends AutoCloseable {

    Stored head();

    Body body();

    @Override
    void close();
}

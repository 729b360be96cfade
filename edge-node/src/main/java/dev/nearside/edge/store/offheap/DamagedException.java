package dev.nearside.edge.store.offheap;

import java.io.IOException;

/// What was read is not what was written.
public final class DamagedException extends IOException {

    private static final long serialVersionUID = 1;

    DamagedException(String what) {
        super(what);
    }
}

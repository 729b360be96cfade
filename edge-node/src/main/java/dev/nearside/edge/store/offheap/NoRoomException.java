package dev.nearside.edge.store.offheap;

import java.io.IOException;

/// There are no cells left, and none that could be freed.
final class NoRoomException extends IOException {

    private static final long serialVersionUID = 1;

    NoRoomException() {
        super("no room");
    }
}

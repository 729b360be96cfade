package dev.nearside.control.http;

import java.util.concurrent.atomic.AtomicLong;

/// How much of the memory the bodies of requests may have at a time: whoever sends many at once is sent away before
/// there is none left for others.
final class Room {
    private final long size;
    private final AtomicLong taken = new AtomicLong();

    /// @param size in bytes
    Room(long size) {
        this.size = size;
    }

    /// Whether there was so much room; it is taken then.
    boolean take(int bytes) {
        if (taken.addAndGet(bytes) <= size) return true;
        taken.addAndGet(-bytes);
        return false;
    }

    void leave(int bytes) {
        taken.addAndGet(-bytes);
    }
}

package dev.nearside.edge.store;

import java.util.concurrent.atomic.AtomicLong;

/// Memory for bodies that are being gathered, shared by all of them.
final class GatheringBudget {

    private final long limit;
    private final AtomicLong used = new AtomicLong();

    GatheringBudget(long limit) {
        this.limit = limit;
    }

    boolean grant(long bytes) {
        if (used.addAndGet(bytes) <= limit) return true;
        used.addAndGet(-bytes);
        return false;
    }

    void giveBack(long bytes) {
        used.addAndGet(-bytes);
    }

    long used() {
        return used.get();
    }
}

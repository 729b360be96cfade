package dev.nearside.edge.accept;

import java.util.concurrent.atomic.AtomicLong;

/// Names requests: unique on this node and, through its prefix, among all nodes and runs.
public final class RequestIds {

    private final String prefix;
    private final AtomicLong count = new AtomicLong();

    /// Counts from one.
    ///
    /// @param prefix random for each run of a node
    public RequestIds(String prefix) {
        this.prefix = prefix;
    }

    public String next() {
        return prefix + Long.toString(count.incrementAndGet(), 36);
    }
}

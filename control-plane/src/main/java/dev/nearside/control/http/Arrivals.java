package dev.nearside.control.http;

import io.helidon.http.HttpPrologue;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1ConnectionListener;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// What is still on its way here: handshakes, heads and bodies, each by the thread that reads it.
///
/// Whoever sends one byte a minute, or nothing, must not keep a connection and a thread for ever.
final class Arrivals implements Http1ConnectionListener {
    private final Duration patience;
    /// By `System.nanoTime`.
    private final Map<Thread, Long> ends = new ConcurrentHashMap<>();

    /// @param patience for a handshake, and for the head of a request
    Arrivals(Duration patience) {
        this.patience = patience;
    }

    /// The first line of a request has arrived; the other lines of its head follow.
    @Override
    public void prologue(ConnectionContext connection, HttpPrologue prologue) {
        begin(patience);
    }

    /// Something begins to arrive, for the current thread to read.
    void begin() {
        begin(patience);
    }

    void begin(Duration atMost) {
        ends.put(Thread.currentThread(), System.nanoTime() + atMost.toNanos());
    }

    /// What the current thread reads is complete.
    ///
    /// @throws CloseConnectionException if it was given up just now
    void complete() {
        if (ends.remove(Thread.currentThread()) == null) throw new CloseConnectionException("took too long to arrive");
    }

    /// Ends the connections of what takes too long: interrupting a virtual thread that reads from a socket closes that
    /// socket.
    void giveUp(long nanoTime) {
        ends.forEach((thread, end) -> {
            if (!thread.isAlive()) ends.remove(thread);
            else if (nanoTime - end > 0 && ends.remove(thread, end)) thread.interrupt();
        });
    }
}

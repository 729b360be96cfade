package dev.nearside.edge.sync;

import dev.nearside.edge.http.LogPosition;
import dev.nearside.edge.http.StoredResponse;
import java.time.Instant;
import java.util.function.Predicate;

/// Which stored responses the node may serve on its own knowledge of the invalidation log (DESIGN §5).
///
/// A response is unproven if an invalidation that the node has not heard of may have killed it: stored before
/// this process started and the log not yet caught up with, or stored under another epoch of the log, or before
/// a gap in it. An unproven response is revalidated once before it is served.
public final class Trust {

    private final Instant started;
    private final Predicate<LogPosition> provenByLog;
    private volatile boolean caughtUp;

    private Trust(Instant started, Predicate<LogPosition> provenByLog, boolean caughtUp) {
        this.started = started;
        this.provenByLog = provenByLog;
        this.caughtUp = caughtUp;
    }

    /// A node that runs alone has no log to have missed; but it forgets the oldest of the changes that it saw itself.
    ///
    /// @param provenByChanges whether every change after that position is known
    public static Trust ofANodeThatRunsAlone(Predicate<LogPosition> provenByChanges) {
        return new Trust(Instant.MIN, provenByChanges, true);
    }

    /// A node that has yet to catch up.
    ///
    /// @param started when this process began to store
    /// @param provenByLog whether the log is known without a gap from that position on
    public static Trust ofAFollower(Instant started, Predicate<LogPosition> provenByLog) {
        return new Trust(started, provenByLog, false);
    }

    public boolean proves(StoredResponse stored) {
        return (caughtUp || !stored.receivedAt().isBefore(started)) && provenByLog.test(stored.position());
    }

    public boolean isCaughtUp() {
        return caughtUp;
    }

    /// The node has heard of everything up to now; it stays so while it runs, connected or not.
    public void caughtUp() {
        caughtUp = true;
    }
}

package dev.nearside.control.rollout;

import dev.nearside.model.wire.feed.EdgeReport;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// Adds up what this control plane hears that the edges answered, by the snapshot they ran while they did.
///
/// Only what lies between two reports of one run under one snapshot is counted. So an edge counts for a side from
/// the moment it applied its snapshot, one that changes sides counts for each in turn, and one that goes over to
/// another control plane in between loses a second and is never counted twice.
public final class Sampling {
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Heard> last = new HashMap<>();
    private Optional<Watch> watch = Optional.empty();
    private Sides sides = Sides.NOTHING;

    private record Heard(String runId, long snapshotVersion, Counts counts) {}

    private record Watch(long version, long previous) {}

    /// Takes in a report of one edge.
    public void heard(String edgeId, EdgeReport report) {
        var now = new Heard(report.runId(), report.snapshotVersion(), Counts.of(report));
        lock.lock();
        try {
            var before = last.put(edgeId, now);
            if (watch.isEmpty() || before == null) return;
            if (!before.runId().equals(now.runId()) || before.snapshotVersion() != now.snapshotVersion()) return;
            var added = now.counts().since(before.counts());
            if (now.snapshotVersion() == watch.get().version()) {
                sides = sides.plus(new Sides(added, Counts.NOTHING));
            } else if (now.snapshotVersion() == watch.get().previous()) {
                sides = sides.plus(new Sides(Counts.NOTHING, added));
            }
        } finally {
            lock.unlock();
        }
    }

    /// Counts for this rollout from now on, from zero unless it does so already; for none if it is not watched.
    void follow(Optional<Rollout> rollout) {
        var wanted = rollout.filter(found -> found.state() instanceof State.Watching)
                .map(found -> new Watch(found.version(), found.previous()));
        lock.lock();
        try {
            if (wanted.equals(watch)) return;
            watch = wanted;
            sides = Sides.NOTHING;
        } finally {
            lock.unlock();
        }
    }

    /// What was heard since this rollout is followed.
    Sides sides() {
        lock.lock();
        try {
            return sides;
        } finally {
            lock.unlock();
        }
    }
}

package dev.nearside.edge.store;

import dev.nearside.edge.store.InvalidationLog.Line;
import io.vertx.core.Future;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// Brings lines into the log in their order; those that come while the disk is busy go together.
///
/// What a disk would not take is owed, and written first as soon as it takes something. Until then a restart goes back
/// to the position that was written last, and the feed brings again what came after it: so an invalidation holds as if
/// it had been written. A change that came through this node comes from no feed, and is said to have failed.
final class InvalidationJournal {

    private record Waiting(Line line, Later<Void> later) {}

    private final Tiers tiers;
    private final InvalidationLog log;
    // Of the thread that writes.
    private final List<Line> owed = new ArrayList<>();
    private final AtomicLong failures = new AtomicLong();
    private List<Waiting> waiting = new ArrayList<>();
    private boolean isWriting;

    InvalidationJournal(Tiers tiers, InvalidationLog log) {
        this.tiers = tiers;
        this.log = log;
    }

    /// Completed when a restart cannot forget the line.
    Future<Void> append(Line line) {
        var later = Later.<Void>on(tiers.vertx());
        boolean begin;
        synchronized (this) {
            waiting.add(new Waiting(line, later));
            begin = !isWriting;
            isWriting = true;
        }
        if (begin) tiers.pool().run(this::write);
        return later.future();
    }

    private void write() {
        for (var batch = take(); !batch.isEmpty(); batch = take()) {
            var lines = new ArrayList<>(owed);
            for (var each : batch) lines.add(each.line());
            try {
                log.append(lines);
                owed.clear();
                batch.forEach(each -> each.later().complete());
            } catch (IOException | RuntimeException e) {
                failures.incrementAndGet();
                tiers.complain("the log of invalidations is not written", e);
                batch.forEach(each -> owe(each, e));
            }
        }
    }

    private void owe(Waiting each, Exception why) {
        switch (each.line()) {
            // What is not known to be gone from the disk for good is still needed.
            case Line.Folded _ -> each.later().fail(why);
            case Line.Change _ -> {
                owed.add(each.line());
                each.later().fail(why);
            }
            case Line.Kill _, Line.Move _, Line.Forgotten _ -> {
                owed.add(each.line());
                each.later().complete();
            }
        }
    }

    /// How often the disk would not take it.
    long failures() {
        return failures.get();
    }

    private synchronized List<Waiting> take() {
        var batch = waiting;
        waiting = new ArrayList<>();
        isWriting = !batch.isEmpty();
        return batch;
    }

    void close() throws IOException {
        log.close();
    }
}

package dev.nearside.edge.store;

import io.vertx.core.Future;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Brings lines into the log in their order; those that come while the disk is busy go together.
final class InvalidationJournal {

    private record Waiting(InvalidationLog.Line line, Later<Void> later) {}

    private final Tiers tiers;
    private final InvalidationLog log;
    private List<Waiting> waiting = new ArrayList<>();
    private boolean isWriting;

    InvalidationJournal(Tiers tiers, InvalidationLog log) {
        this.tiers = tiers;
        this.log = log;
    }

    /// Completed when the line is on the disk.
    Future<Void> append(InvalidationLog.Line line) {
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
            try {
                log.append(batch.stream().map(Waiting::line).toList());
                batch.forEach(each -> each.later().complete());
            } catch (IOException | RuntimeException e) {
                batch.forEach(each -> each.later().fail(e));
            }
        }
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

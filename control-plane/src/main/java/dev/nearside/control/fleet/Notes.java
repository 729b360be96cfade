package dev.nearside.control.fleet;

import dev.nearside.control.fleet.FleetRepository.Note;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/// Writes what edges reported, so that as many reports as come while one commit is under way share the next one.
///
/// A thousand edges that apply an invalidation within a tenth of a second cost a few commits, not a thousand; a
/// single one waits for nobody.
final class Notes {
    private final Consumer<List<Note>> commit;

    private final ReentrantLock gathering = new ReentrantLock();
    private final ReentrantLock writing = new ReentrantLock();
    private Batch next = new Batch();

    private static final class Batch {
        private final List<Note> notes = new ArrayList<>();
        private final CompletableFuture<Boolean> written = new CompletableFuture<>();
    }

    /// @param commit writes notes in one transaction, then tells of them
    Notes(Consumer<List<Note>> commit) {
        this.commit = commit;
    }

    /// Returns when the note has been committed.
    void write(Note note) {
        Batch batch;
        boolean isFirst;
        gathering.lock();
        try {
            batch = next;
            isFirst = batch.notes.isEmpty();
            batch.notes.add(note);
        } finally {
            gathering.unlock();
        }
        if (isFirst) commit(batch);
        try {
            batch.written.join();
        } catch (CompletionException failed) {
            throw new IllegalStateException("a report could not be noted", failed.getCause());
        }
    }

    /// The first of a batch writes it, once the batch before it has been written.
    private void commit(Batch batch) {
        writing.lock();
        try {
            gathering.lock();
            try {
                next = new Batch();
            } finally {
                gathering.unlock();
            }
            commit.accept(batch.notes);
            batch.written.complete(true);
        } catch (RuntimeException failed) {
            batch.written.completeExceptionally(failed);
        } finally {
            writing.unlock();
        }
    }
}

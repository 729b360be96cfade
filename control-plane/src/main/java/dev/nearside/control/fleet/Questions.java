package dev.nearside.control.fleet;

import dev.nearside.model.wire.feed.Answered;
import dev.nearside.model.wire.feed.Question;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;

/// Questions that somebody waits for, until an edge has answered or the patience ends.
///
/// They are outside of the log and in memory only: each feed picks up what is meant for its edge, and nobody waits for
/// a feed. Of two feeds of one edge both say it, since one of them may be dead without knowing.
public final class Questions {

    /// How many may wait for one edge; whoever asks more is sent away.
    private static final int MOST_PER_EDGE = 16;

    private final ReentrantLock lock = new ReentrantLock();
    private final List<Posed> waiting = new ArrayList<>();
    private long posed;

    /// A question on its way.
    ///
    /// @param number counts up, so that a feed knows which ones it has said
    record Posed(long number, String edgeId, Question question, CompletableFuture<Answered> answer) {
        @Override
        public String toString() {
            return "Posed[" + number + ", " + question.id() + "]";
        }
    }

    /// How asking ended.
    public sealed interface Reply {
        record Told(Answered answer) implements Reply {}

        /// Nothing came in time.
        record Silence() implements Reply {}

        /// Too many questions wait for this edge already.
        record Crowded() implements Reply {}
    }

    /// Puts a question to an edge, and waits.
    ///
    /// @param wake is run when the question may be picked up
    Reply ask(String edgeId, Question question, Duration patience, Runnable wake) throws InterruptedException {
        var added = add(edgeId, question);
        if (added.isEmpty()) return new Reply.Crowded();
        try {
            wake.run();
            return new Reply.Told(added.get().answer().get(patience.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException _) {
            return new Reply.Silence();
        } catch (ExecutionException e) {
            throw new IllegalStateException("answers do not fail", e);
        } finally {
            remove(added.get());
        }
    }

    private Optional<Posed> add(String edgeId, Question question) {
        lock.lock();
        try {
            if (waiting.stream().filter(other -> other.edgeId().equals(edgeId)).count() >= MOST_PER_EDGE) {
                return Optional.empty();
            }
            var added = new Posed(++posed, edgeId, question, new CompletableFuture<>());
            waiting.add(added);
            return Optional.of(added);
        } finally {
            lock.unlock();
        }
    }

    private void remove(Posed question) {
        lock.lock();
        try {
            waiting.remove(question);
        } finally {
            lock.unlock();
        }
    }

    /// Takes an edge's answer; false if nobody waits for it from this edge.
    boolean answer(String edgeId, Answered answer) {
        lock.lock();
        try {
            return waiting.stream()
                    .filter(asked -> asked.edgeId().equals(edgeId)
                            && asked.question().id().equals(answer.questionId()))
                    .findFirst()
                    .map(asked -> asked.answer().complete(answer))
                    .orElse(false);
        } finally {
            lock.unlock();
        }
    }

    /// What a feed of an edge has yet to say, in order.
    List<Posed> after(long number, String edgeId) {
        lock.lock();
        try {
            return waiting.stream()
                    .filter(asked -> asked.number() > number && asked.edgeId().equals(edgeId))
                    .toList();
        } finally {
            lock.unlock();
        }
    }
}

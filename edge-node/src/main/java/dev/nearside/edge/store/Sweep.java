package dev.nearside.edge.store;

import static dev.nearside.edge.store.InvalidationRules.ALIVE;
import static dev.nearside.edge.store.InvalidationRules.DEAD;

import dev.nearside.edge.http.Stored;
import dev.nearside.edge.key.CacheKey;
import dev.nearside.edge.store.InvalidationLog.Line;
import dev.nearside.edge.store.heap.HeapObject;
import dev.nearside.edge.store.offheap.DiskObject;
import dev.nearside.edge.store.offheap.Walk;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Goes over everything stored, in the background: what a hard rule reaches is removed, what a soft one reaches is
/// marked in its own head. Then those rules are folded away, in memory and in the log of the node.
///
/// Why nothing comes back that a folded rule would have kept out. Let F be what is folded of an epoch. A lookup could
/// go wrong only over an object of a position q below F that a rule above q, and not above F, reaches; let us follow
/// how it may be there after the fold.
///
/// - It could be found when the sweep began. Then the walk over its tier came to it, with the rule in force, and
///   removed or marked it; or it was replaced before, by the next case. A tier that cannot be read to its end folds
///   nothing, nor does a shard that is not in use: it might be at the next start.
/// - It became findable later, or got another head: by a body that completed or a 304. Each of them comes in by the
///   {@link Entrance} with its position before anything can be found, and stays until all is written. Who was inside at
///   any time of the sweep has lowered F to its own q at least. Who comes after the fold with a q below F is turned
///   away.
/// - A lookup read it from the disk before the walk came by, and puts it into memory afterwards. Trips to the disk that
///   had begun are waited for between the walk over the disk and the one over memory; who comes later reads what the
///   first walk left.
/// - A restart brings it back, because its record still lay on the disk. Records of what can no longer be found are
///   removed and forced to the disk before the fold is written to the log. Should the process end before that, the
///   rules are still in the log; to have too many of them is no harm.
/// - It was never on this node's disk while the rule was known: then the node was down, and will hear of the rule when
///   it follows the log again, from the position it had, which no fold changes.
/// - Its epoch is not the one of now, as after a database was restored: then it is unproven, and not served before its
///   origin has confirmed it, whatever rules there are.
///
/// Numbers of the node's own changes are folded in the same way, and go on counting where they were.
///
/// Work is done on the store's pool, a few milliseconds at a time with rests in between.
final class Sweep {

    private static final Logger LOG = LoggerFactory.getLogger(Sweep.class);

    private static final long WORK_NANOS = Duration.ofMillis(5).toNanos();
    private static final long REST_MILLIS = 45;
    private static final long WAIT_MILLIS = 1;

    /// Between two sweeps.
    private static final long PAUSE_NANOS = Duration.ofSeconds(10).toNanos();

    /// The same, after one that something on its way has held back for the second time.
    private static final long LONG_PAUSE_NANOS = Duration.ofMinutes(1).toNanos();

    private final Tiers tiers;
    private final InvalidationRules rules;
    private final DiskLookups lookups;
    private final InvalidationJournal journal;
    private final Entrance entrance;
    private final LongAdder swept = new LongAdder();
    private final LongAdder reclaimed = new LongAdder();
    private volatile boolean isStopped;

    // What the sweep under way, or the last one, knew at its beginning; of one after the other.
    private volatile Fold known = Fold.NOTHING;
    private volatile boolean knewTheSame;

    // Guarded by this.
    private @Nullable Promise<Boolean> running;
    private long nextAt = System.nanoTime() + PAUSE_NANOS;

    /// A piece of work, which says what comes after it.
    @FunctionalInterface
    private interface Stage {
        Next work() throws IOException;
    }

    /// @param stage empty at the end
    /// @param afterMillis a rest before it
    private record Next(Optional<Stage> stage, long afterMillis) {

        static Next at(Stage stage, long afterMillis) {
            return new Next(Optional.of(stage), afterMillis);
        }
    }

    Sweep(Tiers tiers, InvalidationRules rules, DiskLookups lookups, InvalidationJournal journal, Entrance entrance) {
        this.tiers = tiers;
        this.rules = rules;
        this.lookups = lookups;
        this.journal = journal;
        this.entrance = entrance;
    }

    /// Objects that were looked at since the start.
    long swept() {
        return swept.sum();
    }

    /// Bytes of bodies that were removed from the disk since the start.
    long reclaimed() {
        return reclaimed.sum();
    }

    /// Begins one if there is work for it and enough time has passed. Does not wait.
    void runIfDue() {
        synchronized (this) {
            if (isStopped || running != null || System.nanoTime() - nextAt < 0) return;
        }
        if (rules.count() > 0) run();
    }

    /// Begins one, unless one is under way. Completed with whether it came to its end.
    Future<Boolean> run() {
        Promise<Boolean> promise;
        synchronized (this) {
            if (running != null) return running.future();
            promise = Promise.promise();
            running = promise;
        }
        go(this::begin);
        return promise.future();
    }

    /// Ends one that is under way before its next piece of work.
    void stop() {
        isStopped = true;
    }

    private void go(Stage stage) {
        tiers.pool().run(() -> {
            try {
                var next = isStopped ? abandoned() : stage.work();
                if (next.stage().isEmpty()) return;
                if (next.afterMillis() == 0) go(next.stage().get());
                else
                    tiers.vertx()
                            .setTimer(next.afterMillis(), _ -> go(next.stage().get()));
            } catch (IOException | RuntimeException e) {
                if (!isStopped) LOG.warn("What invalidations reach could not be swept: {}", e.toString());
                abandoned();
            }
        });
    }

    private Next abandoned() {
        entrance.abandonSweep();
        end(false, LONG_PAUSE_NANOS);
        return new Next(Optional.empty(), 0);
    }

    private void end(boolean isWhole, long pause) {
        Promise<Boolean> promise;
        synchronized (this) {
            promise = running;
            running = null;
            nextAt = System.nanoTime() + pause;
        }
        if (promise != null) promise.complete(isWhole);
    }

    // ---- stages

    private Next begin() throws IOException {
        // Rules first: who is not inside now will come with a position that is not below them.
        var now = rules.known();
        entrance.beginSweep(now);
        knewTheSame = now.equals(known);
        known = now;
        var walk = tiers.disk().walk();
        return Next.at(() -> overDisk(walk), 0);
    }

    private Next overDisk(Walk walk) throws IOException {
        long until = System.nanoTime() + WORK_NANOS;
        while (System.nanoTime() < until) {
            var found = walk.next();
            if (found.isEmpty()) {
                var trips = lookups.underWay();
                return Next.at(() -> untilTripsEnd(trips), 0);
            }
            try (var object = new Held(found.get())) {
                judge(object.object());
            }
        }
        return Next.at(() -> overDisk(walk), REST_MILLIS);
    }

    private record Held(DiskObject object) implements AutoCloseable {
        @Override
        public void close() {
            object.close();
        }
    }

    private void judge(DiskObject object) throws IOException {
        swept.increment();
        HeadCodec.Written written;
        try {
            written = HeadCodec.read(object.head());
        } catch (IOException e) {
            object.drop(e.toString());
            return;
        }
        var head = written.head();
        long since = rules.judge(written.target(), head.tags(), head.position());
        if (since == ALIVE) return;
        if (since == DEAD) {
            reclaimed.add(object.length());
            object.forget();
            return;
        }
        var marked = HeadCodec.write(written.target(), Marks.since(head, since));
        tiers.disk().freshen(object.digest(), object.key(), object.head(), marked);
    }

    private Next untilTripsEnd(Set<Object> trips) {
        if (!Collections.disjoint(trips, lookups.underWay())) {
            return Next.at(() -> untilTripsEnd(trips), WAIT_MILLIS);
        }
        var objects = tiers.heap().objects();
        return Next.at(() -> overMemory(objects), 0);
    }

    private Next overMemory(Iterator<Map.Entry<CacheKey, HeapObject>> objects) {
        long until = System.nanoTime() + WORK_NANOS;
        while (System.nanoTime() < until) {
            if (!objects.hasNext()) return Next.at(this::fold, 0);
            var there = objects.next();
            judge(there.getKey(), there.getValue());
        }
        return Next.at(() -> overMemory(objects), REST_MILLIS);
    }

    private void judge(CacheKey key, HeapObject object) {
        swept.increment();
        Stored head = object.head();
        long since = rules.judge(key.target(), head.tags(), head.position());
        if (since == DEAD) tiers.heap().remove(key, object);
        else if (since != ALIVE) tiers.heap().freshen(key, head, Marks.since(head, since));
    }

    private Next fold() throws IOException {
        tiers.disk().settle();
        var fold = entrance.endSweep();
        journal.append(new Line.Folded(fold)).onComplete(written -> {
            if (written.failed()) {
                // Rules that stay are no harm; but nobody may come in by what was folded, so memory goes with it.
                LOG.warn("What was folded stays in the log: {}", written.cause().toString());
            }
            rules.fold(fold);
            end(true, knewTheSame ? LONG_PAUSE_NANOS : PAUSE_NANOS);
        });
        return new Next(Optional.empty(), 0);
    }
}

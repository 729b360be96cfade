package dev.nearside.edge.store;

import static dev.nearside.edge.store.InvalidationRules.ALIVE;
import static dev.nearside.edge.store.InvalidationRules.DEAD;

import dev.nearside.edge.http.LogPosition;
import dev.nearside.edge.http.Stored;
import dev.nearside.edge.http.Tags;
import dev.nearside.edge.key.CacheKey;
import dev.nearside.edge.key.CacheKey.Target;
import dev.nearside.edge.store.InvalidationLog.Line;
import dev.nearside.edge.store.heap.HeapTier;
import dev.nearside.edge.store.offheap.DiskTier;
import dev.nearside.model.invalidation.Invalidation;
import io.netty.buffer.PooledByteBufAllocator;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Responses in memory before responses on disk.
///
/// What fits is kept in both: memory answers at once, the disk after a restart. A lookup that neither tier can answer
/// is known to be one without a look at the disk.
public final class TwoTierStore implements CacheStore {

    private static final Logger LOG = LoggerFactory.getLogger(TwoTierStore.class);

    private static final Future<Optional<Entry>> ABSENT = Future.succeededFuture(Optional.empty());

    private static final int POOL = Math.max(4, 2 * Runtime.getRuntime().availableProcessors());
    private static final Duration QUIET = Duration.ofSeconds(1);
    private static final long TIDY_MILLIS = 500;
    private static final long SWEEP_LOOK_MILLIS = 1_000;
    private static final Duration PATIENCE_WITH_ORIGINS = Duration.ofMillis(500);
    private static final Duration PATIENCE_AT_CLOSE = Duration.ofSeconds(10);
    private static final long COMPACT_ABOVE = 4L << 20;

    private final Tiers tiers;
    private final InvalidationRules rules;
    private final DiskLookups lookups;
    private final InvalidationJournal journal;
    private final Entrance entrance = new Entrance();
    private final Sweep sweep;
    private final StoreSettings settings;
    private final AtomicBoolean isTidying = new AtomicBoolean();
    private final long tidying;
    private final long sweeping;

    private TwoTierStore(StoreSettings settings, Tiers tiers, InvalidationRules rules, InvalidationLog log) {
        this.settings = settings;
        this.tiers = tiers;
        this.rules = rules;
        this.lookups = new DiskLookups(tiers, rules);
        this.journal = new InvalidationJournal(tiers, log);
        this.sweep = new Sweep(tiers, rules, lookups, journal, entrance);
        this.tidying = tiers.vertx().setPeriodic(TIDY_MILLIS, _ -> tidyUnlessTidying());
        this.sweeping = tiers.vertx().setPeriodic(SWEEP_LOOK_MILLIS, _ -> sweepIfDue());
    }

    /// Opens the store, with what was stored before. Waits for a few small files; call it before serving. The large
    /// ones are opened in the background, see {@link StoreUsage#recovered}.
    ///
    /// @throws IOException with a message for the operator if the directory cannot be used or the disk is too small
    public static TwoTierStore open(Vertx vertx, StoreSettings settings) throws IOException {
        settings.lines(settings.plan()).forEach(LOG::info);
        var disk = DiskTier.open(settings.directory(), settings.disk(), settings.shards(), settings.goal());
        try {
            var rules = new InvalidationRules(new SecureRandom().nextLong());
            var file = settings.directory().resolve("invalidations.log");
            var log = InvalidationLog.open(file, COMPACT_ABOVE, line -> {
                switch (line) {
                    case Line.Kill(var invalidation) -> rules.apply(invalidation);
                    case Line.Move(var position, var floor) -> rules.move(position, floor);
                    case Line.Change(var number, var target) -> rules.outdate(target, number);
                    case Line.Forgotten(var number) -> rules.forgetChanges(number);
                    case Line.Folded(var fold) -> rules.fold(fold);
                }
            });
            long gathering = settings.gathering();
            var tiers = new Tiers(
                    vertx,
                    new BlockingPool(vertx, "store", POOL),
                    new HeapTier(settings.memory() - gathering),
                    disk,
                    buffers(),
                    new GatheringBudget(gathering),
                    new GatheringBudget(gathering));
            return new TwoTierStore(settings, tiers, rules, log);
        } catch (IOException | RuntimeException e) {
            disk.close();
            throw e;
        }
    }

    // A pool of its own: bodies that stay for days do not pin the chunks from which the network takes its buffers.
    private static PooledByteBufAllocator buffers() {
        return new PooledByteBufAllocator(true, 0, 2, 8192, 9, 0, 0, false);
    }

    // A slow disk must not fill the pool with threads that wait for it to settle.
    private void tidyUnlessTidying() {
        if (!isTidying.compareAndSet(false, true)) return;
        tiers.pool().run(() -> tiers.disk().tidy(QUIET)).onComplete(_ -> isTidying.set(false));
    }

    private void sweepIfDue() {
        if (tiers.disk().isRecovered()) sweep.runIfDue();
    }

    @Override
    public Optional<Entry> findInMemory(CacheKey key) {
        var inMemory = tiers.heap().find(key);
        if (inMemory.isEmpty()) return Optional.empty();
        var object = inMemory.get();
        var head = object.head();
        long since = rules.judge(key.target(), head.tags(), head.position());
        if (since != DEAD) {
            tiers.disk().touch(object.digest());
            return Optional.of(new HeapEntry(object, Marks.since(head, since)));
        }
        tiers.heap().remove(key, object);
        object.release();
        return Optional.empty();
    }

    @Override
    public Future<Optional<Entry>> find(CacheKey key) {
        var inMemory = findInMemory(key);
        if (inMemory.isPresent()) return Future.succeededFuture(inMemory);
        if (!tiers.disk().mayHold(key.digest())) return ABSENT;
        return lookups.find(key);
    }

    @Override
    public boolean mayHold(CacheKey key) {
        return tiers.heap().holds(key) || tiers.disk().mayHold(key.digest());
    }

    @Override
    public Writing open(CacheKey key, Stored head, long length) {
        var passage = entrance.enter(head.position());
        var body = new ArrivingBody(tiers, key, head, length, passage.isPresent());
        return passage.isEmpty() ? body : new WatchedWriting(body, passage.get());
    }

    @Override
    public Future<Void> freshen(CacheKey key, Stored known, Stored head) {
        var passage = entrance.enter(head.position());
        // What lies there stays as it is, and is revalidated again.
        if (passage.isEmpty()) return Future.succeededFuture();
        // The mark of a soft invalidation is written down by a sweep only.
        var before = Marks.without(known);
        var all = before.equals(known) ? List.of(known) : List.of(known, before);
        return tiers.freshen(key, all, head).onComplete(_ -> passage.get().leave());
    }

    @Override
    public void remove(CacheKey key) {
        tiers.remove(key);
    }

    @Override
    public Future<Void> apply(Invalidation invalidation) {
        // In force at once; but told to have been reached only when a restart cannot forget it.
        rules.enact(invalidation);
        return journal.append(new Line.Kill(invalidation)).onSuccess(_ -> rules.apply(invalidation));
    }

    @Override
    public Future<Void> outdate(Collection<Target> changed) {
        var written = new ArrayList<Future<Void>>(changed.size());
        for (var target : changed) written.add(journal.append(new Line.Change(rules.outdate(target), target)));
        return Future.join(written).mapEmpty();
    }

    @Override
    public boolean provesChanges(LogPosition position) {
        return rules.provesChanges(position);
    }

    @Override
    public boolean isReached(CacheKey key, Tags tags, LogPosition position) {
        return rules.judge(key.target(), tags, position) != ALIVE;
    }

    @Override
    public LogPosition position() {
        return rules.position();
    }

    @Override
    public void reset(LogPosition position) {
        entrance.moveTo(position);
        rules.move(position, position.number());
        journal.append(new Line.Move(position, position.number()));
    }

    @Override
    public boolean proves(LogPosition position) {
        return rules.proves(position);
    }

    @Override
    public StoreUsage usage() {
        var heap = tiers.heap();
        var disk = tiers.disk();
        return new StoreUsage(
                heap.used() + tiers.gathering().used(),
                settings.memory(),
                disk.used(),
                disk.limit(),
                Math.max(heap.count(), disk.count()),
                disk.isRecovered(),
                new StoreUsage.Memory(heap.count(), heap.evictions()),
                disk.state().plusFailures(journal.failures()),
                new StoreUsage.Invalidations(rules.count(), sweep.swept(), sweep.reclaimed()));
    }

    /// For tests: goes over everything now. Completed with whether that came to its end.
    Future<Boolean> sweep() {
        return sweep.run();
    }

    /// For tests: buffers that are in use.
    long activeBuffers() {
        return tiers.activeBuffers();
    }

    /// For tests: what the bookkeeping says against itself when nobody reads or writes.
    List<String> contradictions() {
        return tiers.disk().contradictions();
    }

    @Override
    public Future<Void> close() {
        tiers.vertx().cancelTimer(tidying);
        tiers.vertx().cancelTimer(sweeping);
        sweep.stop();
        Promise<Void> closed = Promise.promise();
        // Not on the pool, whose tasks it waits for.
        Thread.ofPlatform().name("store-closer").start(() -> {
            try {
                awaitTasks();
                tiers.disk().close();
                journal.close();
                tiers.heap().clear();
                closed.complete();
            } catch (IOException | RuntimeException e) {
                closed.fail(e);
            }
        });
        return closed.future().eventually(() -> tiers.pool().close());
    }

    // A viewer has the last byte a moment before the object is complete, so what is almost there is waited for, but not
    // an origin that takes its time.
    private void awaitTasks() {
        await(PATIENCE_WITH_ORIGINS, () -> tiers.underWay().get() == 0);
        await(PATIENCE_AT_CLOSE, () -> tiers.pool().unfinished() == 0);
    }

    private static void await(Duration patience, BooleanSupplier isDone) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!isDone.getAsBoolean() && System.nanoTime() < deadline) LockSupport.parkNanos(1_000_000);
    }
}

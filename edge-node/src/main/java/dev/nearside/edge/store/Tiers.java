package dev.nearside.edge.store;

import dev.nearside.edge.http.Stored;
import dev.nearside.edge.key.CacheKey;
import dev.nearside.edge.store.heap.HeapObject;
import dev.nearside.edge.store.heap.HeapTier;
import dev.nearside.edge.store.offheap.DiskTier;
import dev.nearside.edge.store.offheap.Draft;
import dev.nearside.edge.store.offheap.Ticket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PoolArenaMetric;
import io.netty.buffer.PooledByteBufAllocator;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The two tiers as one: what is put in, replaced or removed is so in both, in the order it was asked for.
///
/// An object's way to disk takes a ticket first; a later object or a removal takes the ticket away, so what comes late
/// cannot bring back what is gone.
final class Tiers {

    private static final Logger LOG = LoggerFactory.getLogger(Tiers.class);

    private final Vertx vertx;
    private final BlockingPool pool;
    private final HeapTier heap;
    private final DiskTier disk;
    private final PooledByteBufAllocator buffers;
    private final GatheringBudget gathering;
    // Objects in memory on their way to disk: they hold memory that the memory tier may already have given up.
    private final GatheringBudget leaving;
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicLong complaints = new AtomicLong();

    Tiers(
            Vertx vertx,
            BlockingPool pool,
            HeapTier heap,
            DiskTier disk,
            PooledByteBufAllocator buffers,
            GatheringBudget gathering,
            GatheringBudget leaving) {
        this.vertx = vertx;
        this.pool = pool;
        this.heap = heap;
        this.disk = disk;
        this.buffers = buffers;
        this.gathering = gathering;
        this.leaving = leaving;
    }

    Vertx vertx() {
        return vertx;
    }

    BlockingPool pool() {
        return pool;
    }

    HeapTier heap() {
        return heap;
    }

    DiskTier disk() {
        return disk;
    }

    PooledByteBufAllocator buffers() {
        return buffers;
    }

    /// How many bodies are under way.
    AtomicInteger underWay() {
        return underWay;
    }

    /// A buffer of just this size; null if the memory for buffers is used up.
    @Nullable
    ByteBuf allocate(int size) {
        try {
            return buffers.directBuffer(size, size);
        } catch (OutOfMemoryError e) {
            complain("memory for bodies is short", e);
            return null;
        }
    }

    /// How many buffers are in use.
    long activeBuffers() {
        return buffers.metric().directArenas().stream()
                .mapToLong(PoolArenaMetric::numActiveAllocations)
                .sum();
    }

    GatheringBudget gathering() {
        return gathering;
    }

    /// Lets an object be found in memory at once and on disk soon. Completed when it is on disk, or will not be.
    Future<Void> keep(CacheKey key, HeapObject object) {
        var digest = key.digest();
        var ticket = disk.announce(digest, HeadCodec.write(key.target(), object.head()), true);
        heap.put(key, object);
        if (!disk.mayStore(digest, object.length()) || !object.acquire()) {
            disk.tearUp(ticket);
            eraseLater(key);
            return Future.succeededFuture();
        }
        if (!leaving.grant(object.length())) {
            object.release();
            disk.tearUp(ticket);
            eraseLater(key);
            return Future.succeededFuture();
        }
        return pool.run(() -> {
            try {
                write(key, object, ticket);
            } finally {
                leaving.giveBack(object.length());
                object.release();
            }
        });
    }

    private void write(CacheKey key, HeapObject object, Ticket ticket) {
        var draft = disk.draft(key.digest());
        var body = object.view(0);
        try {
            if (draft.reserve(object.length(), object.length())) {
                draft.append(body);
                if (draft.commit(ticket, key.bytes())) return;
            }
            disk.erase(key.digest());
        } catch (IOException | RuntimeException e) {
            complain("an object stays in memory only", e);
        } finally {
            body.release();
            draft.release();
            disk.tearUp(ticket);
        }
    }

    /// Lets an object be found whose body is already on disk. On the pool.
    void commit(CacheKey key, Stored head, Draft draft) {
        var ticket = disk.announce(key.digest(), HeadCodec.write(key.target(), head), false);
        boolean isStored = false;
        try {
            isStored = draft.commit(ticket, key.bytes());
        } catch (IOException | RuntimeException e) {
            complain("an object is not stored", e);
        } finally {
            disk.tearUp(ticket);
        }
        // What was there before is superseded, stored or not.
        if (isStored) heap.remove(key);
        else remove(key);
    }

    /// Removes what lies under a key from both tiers, at once for every lookup.
    void remove(CacheKey key) {
        disk.forget(key.digest());
        heap.remove(key);
        eraseLater(key);
    }

    private void eraseLater(CacheKey key) {
        pool.run(() -> {
            try {
                disk.erase(key.digest());
            } catch (IOException | RuntimeException e) {
                complain("a removed object stays on disk", e);
            }
        });
    }

    /// Puts another head on what lies under a key, in both tiers, if its head is one of those that are known.
    Future<Void> freshen(CacheKey key, List<Stored> known, Stored head) {
        for (var before : known) heap.freshen(key, before, head);
        return pool.run(() -> {
            try {
                var bytes = HeadCodec.write(key.target(), head);
                for (var before : known) {
                    disk.freshen(key.digest(), key.bytes(), HeadCodec.write(key.target(), before), bytes);
                }
            } catch (IOException | RuntimeException e) {
                complain("a head stays as it was on disk", e);
            }
            // A lookup may have brought the head before into memory meanwhile.
            for (var before : known) heap.freshen(key, before, head);
        });
    }

    /// A disk that fails does so for every request: the first of many complaints is enough.
    void complain(String what, Throwable why) {
        long count = complaints.getAndIncrement();
        if (Long.bitCount(count) <= 1) LOG.warn("{} ({} so far): {}", what, count + 1, why.toString());
    }
}

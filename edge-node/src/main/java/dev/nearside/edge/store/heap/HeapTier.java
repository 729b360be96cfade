package dev.nearside.edge.store.heap;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import dev.nearside.edge.http.Representation;
import dev.nearside.edge.http.Stored;
import dev.nearside.edge.http.Variants;
import dev.nearside.edge.key.CacheKey;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// The responses that lie whole in memory, weighed in bytes.
public final class HeapTier {

    /// An object above this share of the memory would push out too many others.
    private static final int LARGEST_SHARE = 32;

    /// What a key, a head and the bookkeeping of one object take on the heap beside its text.
    private static final int BOOKKEEPING = 600;

    private final Cache<CacheKey, HeapObject> objects;
    private final int objectLimit;
    private final LongAdder evictions = new LongAdder();

    public HeapTier(long bytes) {
        this.objectLimit = objectLimit(bytes);
        this.objects = Caffeine.newBuilder()
                .maximumWeight(bytes)
                .weigher(HeapTier::weigh)
                // On the caller's thread, so that memory is given back when it is taken away and not later.
                .executor(Runnable::run)
                .removalListener((@Nullable CacheKey _, @Nullable HeapObject object, RemovalCause cause) -> {
                    if (cause.wasEvicted()) evictions.increment();
                    if (object != null) object.release();
                })
                .build();
    }

    /// In bytes: the largest body that is kept in so much memory.
    public static int objectLimit(long bytes) {
        return Math.toIntExact(Math.min(bytes / LARGEST_SHARE, 1 << 30));
    }

    /// In bytes: the largest body that is kept in memory.
    public int objectLimit() {
        return objectLimit;
    }

    /// The object under this key, acquired for the caller.
    public Optional<HeapObject> find(CacheKey key) {
        var object = objects.getIfPresent(key);
        return object != null && object.acquire() ? Optional.of(object) : Optional.empty();
    }

    /// Whether an object lies under this key; asking does not make it wanted.
    public boolean holds(CacheKey key) {
        return objects.asMap().containsKey(key);
    }

    /// Keeps an object until it is evicted; the tier becomes one of its holders.
    public void put(CacheKey key, HeapObject object) {
        if (object.acquire()) objects.put(key, object);
    }

    /// The same, unless there is one already.
    public void putIfAbsent(CacheKey key, HeapObject object) {
        if (object.acquire() && objects.asMap().putIfAbsent(key, object) != null) object.release();
    }

    public void remove(CacheKey key) {
        objects.invalidate(key);
    }

    /// Removes this very object; a newer one under the key stays.
    public void remove(CacheKey key, HeapObject object) {
        objects.asMap().remove(key, object);
    }

    /// Puts another head on the object under this key, if its head is the one that is known.
    public void freshen(CacheKey key, Stored known, Stored head) {
        objects.asMap().computeIfPresent(key, (_, old) -> old.head().equals(known) ? old.under(head) : old);
    }

    /// Goes over all objects; of those that come meanwhile it may miss some.
    public Iterator<Map.Entry<CacheKey, HeapObject>> objects() {
        return objects.asMap().entrySet().iterator();
    }

    public void clear() {
        objects.invalidateAll();
        objects.cleanUp();
    }

    /// In bytes.
    public long used() {
        return objects.policy()
                .eviction()
                .map(eviction -> eviction.weightedSize())
                .orElse(OptionalLong.empty())
                .orElse(0);
    }

    public long count() {
        return objects.estimatedSize();
    }

    /// Objects that went to make room, newcomers that were not worth it among them.
    public long evictions() {
        return evictions.sum();
    }

    private static int weigh(CacheKey key, HeapObject object) {
        long weight = sizeClass(object.length()) + BOOKKEEPING + text(object.head());
        weight += 2L * key.target().raw().length() + key.target().normal().length();
        return (int) Math.min(weight, Integer.MAX_VALUE);
    }

    /// What the pool really takes for a buffer of so many bytes: it has four sizes for each power of two.
    private static long sizeClass(int bytes) {
        int step = Math.max(16, Integer.highestOneBit(Math.max(bytes - 1, 1)) / 4);
        return (bytes + step - 1L) / step * step;
    }

    private static long text(Stored head) {
        return switch (head) {
            case Representation stored -> {
                long sum = 0;
                for (var field : stored.head().headers().fields()) {
                    sum += 100 + field.name().length() + field.value().length();
                }
                yield sum;
            }
            case Variants variants -> 50L * variants.on().size();
        };
    }
}

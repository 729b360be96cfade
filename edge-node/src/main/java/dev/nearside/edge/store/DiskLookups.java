package dev.nearside.edge.store;

import static dev.nearside.edge.store.InvalidationRules.DEAD;

import dev.nearside.edge.http.Stored;
import dev.nearside.edge.key.CacheKey;
import dev.nearside.edge.store.heap.HeapObject;
import dev.nearside.edge.store.offheap.DiskObject;
import io.vertx.core.Future;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Lookups that memory could not answer: one trip to the disk for all who ask for a key while it lasts.
///
/// What is small comes into memory whole, and is checked whole. Of what is large, the record and the first block are.
final class DiskLookups {

    private final Tiers tiers;
    private final InvalidationRules rules;
    // Who waits for a trip; a list is changed inside the map's compute only.
    private final Map<CacheKey, List<Later<Optional<Entry>>>> trips = new ConcurrentHashMap<>();
    // Trips that have begun, and may have read already.
    private final Set<Object> underWay = ConcurrentHashMap.newKeySet();

    DiskLookups(Tiers tiers, InvalidationRules rules) {
        this.tiers = tiers;
        this.rules = rules;
    }

    Future<Optional<Entry>> find(CacheKey key) {
        var later = Later.<Optional<Entry>>on(tiers.vertx());
        var fresh = new ArrayList<Later<Optional<Entry>>>(1);
        var aboard = trips.compute(key, (_, others) -> {
            var all = others == null ? fresh : others;
            all.add(later);
            return all;
        });
        if (isSame(aboard, fresh)) tiers.pool().run(() -> travel(key));
        return later.future();
    }

    @SuppressWarnings("ReferenceEquality") // who put the list there makes the trip
    private static boolean isSame(List<?> one, List<?> other) {
        return one == other;
    }

    // On the pool.
    private void travel(CacheKey key) {
        var trip = new Object();
        underWay.add(trip);
        var loaded = Optional.<Loaded>empty();
        try {
            loaded = load(key);
        } catch (IOException | RuntimeException | InternalError | OutOfMemoryError e) {
            // The errors are a page that the device did not bring, and memory for buffers that is used up.
            tiers.complain("an object cannot be read", e);
        } finally {
            var waiting = trips.remove(key);
            try {
                arrive(key, waiting == null ? List.of() : waiting, loaded);
            } finally {
                underWay.remove(trip);
            }
        }
    }

    /// Trips that may bring what was on the disk before now.
    Set<Object> underWay() {
        return Set.copyOf(underWay);
    }

    /// What a trip brought, held until everybody has got it.
    ///
    /// @param whole the object in memory, unless it is too large for it
    private record Loaded(Stored head, DiskObject source, Optional<HeapObject> whole) {}

    private Optional<Loaded> load(CacheKey key) throws IOException {
        var found = tiers.disk().find(key.digest(), key.bytes());
        if (found.isEmpty()) return Optional.empty();
        var object = found.get();
        boolean isKept = false;
        try {
            var head = readHead(object);
            if (rules.judge(key.target(), head.tags(), head.position()) == DEAD) {
                object.forget();
                return Optional.empty();
            }
            var whole = object.length() > tiers.heap().objectLimit()
                    ? Optional.<HeapObject>empty()
                    : Optional.of(new HeapObject(key.digest(), head, object.readWhole(tiers.buffers())));
            isKept = true;
            return Optional.of(new Loaded(head, object, whole));
        } finally {
            if (!isKept) object.close();
        }
    }

    private static Stored readHead(DiskObject object) throws IOException {
        try {
            return HeadCodec.read(object.head()).head();
        } catch (IOException e) {
            object.drop(e.toString());
            throw e;
        }
    }

    private void arrive(CacheKey key, List<Later<Optional<Entry>>> waiting, Optional<Loaded> loaded) {
        if (loaded.isEmpty()) {
            waiting.forEach(later -> later.complete(Optional.empty()));
            return;
        }
        var source = loaded.get().source();
        var whole = loaded.get().whole();
        try {
            whole.ifPresent(object -> tiers.heap().putIfAbsent(key, object));
            // Nobody can join any more. Whoever removed or replaced the object meanwhile did so in the index first and
            // in memory after that, so one of us sees the other; and who joined after that must not get what was there
            // before.
            if (!source.isLive()) {
                whole.ifPresent(object -> tiers.heap().remove(key, object));
                waiting.forEach(later -> find(key).onComplete(later::settle));
                return;
            }
            var head = loaded.get().head();
            long since = rules.judge(key.target(), head.tags(), head.position());
            for (var later : waiting) {
                later.complete(since == DEAD ? Optional.empty() : Optional.of(entry(loaded.get(), since)));
            }
        } finally {
            whole.ifPresent(HeapObject::release);
            source.close();
        }
    }

    private Entry entry(Loaded loaded, long since) {
        var head = Marks.since(loaded.head(), since);
        if (loaded.whole().isPresent()) {
            loaded.whole().get().acquire();
            return new HeapEntry(loaded.whole().get(), head);
        }
        loaded.source().hold();
        return new DiskEntry(head, loaded.source(), tiers);
    }
}

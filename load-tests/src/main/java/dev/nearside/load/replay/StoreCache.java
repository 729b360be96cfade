package dev.nearside.load.replay;

import dev.nearside.edge.store.evict.Eviction;
import dev.nearside.edge.store.evict.Goal;
import dev.nearside.load.trace.Trace;
import java.util.Arrays;

/// The policy of the edge's store, asked in the way in which a shard asks it.
final class StoreCache implements Contender {

    private static final int NOWHERE = -1;

    private final Space space;
    private final Eviction eviction;
    private final int[] entryOf;
    private final int[] objectOf;
    private final int[] free;
    private int freeCount;
    private long used;

    StoreCache(Space space, Goal goal) {
        this.space = space;
        this.eviction = Eviction.of(goal);
        this.entryOf = new int[space.objects()];
        this.objectOf = new int[space.objects()];
        this.free = new int[space.objects()];
        Arrays.fill(entryOf, NOWHERE);
        for (int entry = space.objects() - 1; entry >= 0; entry--) free[freeCount++] = entry;
    }

    @Override
    public boolean request(int object) {
        if (entryOf[object] != NOWHERE) {
            eviction.hit(entryOf[object]);
            return true;
        }
        if (!space.fits(object)) return false;
        int units = space.units()[object];
        long hash = Trace.hash(object);
        if (used + units > space.capacity() && !eviction.admits(hash, units)) return false;
        used += units;
        while (used > space.capacity()) evict(eviction.victim());
        int entry = free[--freeCount];
        entryOf[object] = entry;
        objectOf[entry] = object;
        eviction.add(entry, hash, units);
        return false;
    }

    private void evict(int victim) {
        eviction.remove(victim);
        int object = objectOf[victim];
        entryOf[object] = NOWHERE;
        used -= space.units()[object];
        free[freeCount++] = victim;
    }

    Eviction.Figures figures() {
        return eviction.figures();
    }
}

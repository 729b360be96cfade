package dev.nearside.edge.store;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// Positions by 64-bit hashes, in one array: 32 bytes for each at most, and a lookup that allocates nothing.
///
/// One thread at a time changes it, any number read meanwhile and see what was there before or what is there now.
final class PositionTable {

    private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int FEWEST = 8;

    /// Stands for the hash zero, which marks a free place.
    private static final long ZERO = 0x5851_f42d_4c95_7f2dL;

    // A hash and its position, by turns; at least half of the places are free.
    private volatile long[] cells = new long[2 * FEWEST];
    private int size;

    /// The position under this hash; zero if there is none.
    long get(long hash) {
        long wanted = hash == 0 ? ZERO : hash;
        var places = cells;
        int mask = places.length / 2 - 1;
        for (int i = (int) wanted & mask; ; i = (i + 1) & mask) {
            long there = (long) CELL.getAcquire(places, 2 * i);
            if (there == wanted) return (long) CELL.getAcquire(places, 2 * i + 1);
            if (there == 0) return 0;
        }
    }

    /// Raises the position under this hash; a lower one changes nothing.
    void raise(long hash, long position) {
        if (2 * (size + 1) > cells.length / 2) rebuild(cells.length, 0);
        put(cells, hash == 0 ? ZERO : hash, position);
    }

    private void put(long[] places, long hash, long position) {
        int mask = places.length / 2 - 1;
        for (int i = (int) hash & mask; ; i = (i + 1) & mask) {
            long there = places[2 * i];
            if (there != 0 && there != hash) continue;
            if (there == 0 || places[2 * i + 1] < position) CELL.setRelease(places, 2 * i + 1, position);
            if (there == 0) {
                // Behind the position, which whoever sees the hash must see too.
                CELL.setRelease(places, 2 * i, hash);
                size++;
            }
            return;
        }
    }

    /// Forgets positions up to this one.
    void forget(long upTo) {
        int kept = 0;
        var places = cells;
        for (int i = 0; i < places.length; i += 2) if (places[i] != 0 && places[i + 1] > upTo) kept++;
        if (kept < size) rebuild(Math.max(FEWEST, Integer.highestOneBit(Math.max(1, 2 * kept)) * 2), upTo);
    }

    private void rebuild(int places, long above) {
        var before = cells;
        var after = new long[2 * places];
        size = 0;
        for (int i = 0; i < before.length; i += 2) {
            if (before[i] != 0 && before[i + 1] > above) put(after, before[i], before[i + 1]);
        }
        cells = after;
    }

    int size() {
        return size;
    }
}

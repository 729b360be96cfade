package dev.nearside.edge.store.offheap;

import dev.nearside.edge.key.CacheKey.Digest;
import java.util.Arrays;

/// Digests that are not to be found any more, whatever lies under them: kept while it is not known what does. About 16
/// bytes for each, and of so many that the bound is reached, all others count as forgotten too: rather nothing is
/// found than what is gone. Not for several threads.
final class Forgotten {

    private static final int FIRST_ROOM = 64;

    private final int most;
    // Open addressing with linear probing, half full at most; 0 is no print.
    private long[] table = new long[0];
    private int count;
    private boolean isAll;

    Forgotten(int most) {
        this.most = most;
    }

    void add(Digest digest) {
        if (contains(digest)) return;
        if (count == most) {
            isAll = true;
            table = new long[0];
            return;
        }
        if (2 * (count + 1) > table.length) grow();
        enter(print(digest));
        count++;
    }

    boolean contains(Digest digest) {
        if (isAll) return true;
        if (table.length == 0) return false;
        long print = print(digest);
        for (int at = slot(print); table[at] != 0; at = (at + 1) & (table.length - 1)) {
            if (table[at] == print) return true;
        }
        return false;
    }

    boolean isEmpty() {
        return !isAll && count == 0;
    }

    void clear() {
        table = new long[0];
        count = 0;
        isAll = false;
    }

    // Chance that two digests share one is nothing beside what else may happen to a cache.
    private static long print(Digest digest) {
        long print = digest.low() ^ Long.rotateLeft(digest.high(), Integer.SIZE);
        return print == 0 ? Long.MIN_VALUE : print;
    }

    private int slot(long print) {
        return (int) (print >>> 20 ^ print) & (table.length - 1);
    }

    private void grow() {
        var before = table;
        table = new long[Math.max(FIRST_ROOM, 2 * before.length)];
        Arrays.stream(before).filter(print -> print != 0).forEach(this::enter);
    }

    private void enter(long print) {
        int at = slot(print);
        while (table[at] != 0) at = (at + 1) & (table.length - 1);
        table[at] = print;
    }
}

package dev.nearside.edge.store.offheap;

import dev.nearside.edge.key.CacheKey.Digest;
import java.util.Arrays;

/// Digests and where their records are, in primitive arrays that grow with the number of entries: 24 bytes for each,
/// and 5 to 11 in a hash table. Entries have small numbers, which are used again. Not for several threads.
final class Entries {

    static final int NONE = -1;

    private static final int FIRST_ROOM = 64;

    private long[] high;
    private long[] low;
    // Where the record is; of a number that is not used, below zero, and the next of those.
    private int[] cell;
    private int[] units;
    private int end;
    private int unused = NONE;
    private int count;
    // Open addressing with linear probing: the number of an entry and one, or 0; never more than three quarters full.
    private int[] table = new int[2 * FIRST_ROOM];

    Entries() {
        this(new long[FIRST_ROOM], new long[FIRST_ROOM], new int[FIRST_ROOM], new int[FIRST_ROOM], 0);
    }

    private Entries(long[] high, long[] low, int[] cell, int[] units, int end) {
        this.high = high;
        this.low = low;
        this.cell = cell;
        this.units = units;
        this.end = end;
    }

    /// As they were copied, with the same numbers.
    static Entries of(Copy copy) {
        var entries = new Entries(copy.high(), copy.low(), copy.cell(), copy.units(), copy.cell().length);
        int used = 0;
        for (int entry = 0; entry < entries.end; entry++) if (entries.isUsed(entry)) used++;
        entries.count = used;
        entries.rehash(used);
        entries.unused = NONE;
        for (int entry = entries.end - 1; entry >= 0; entry--) if (!entries.isUsed(entry)) entries.retire(entry);
        return entries;
    }

    /// All of them at one moment.
    @SuppressWarnings("ArrayRecordComponent") // moved in bulk, compared by nobody
    record Copy(long[] high, long[] low, int[] cell, int[] units) {}

    Copy copy() {
        return new Copy(
                Arrays.copyOf(high, end), Arrays.copyOf(low, end), Arrays.copyOf(cell, end), Arrays.copyOf(units, end));
    }

    int count() {
        return count;
    }

    /// Numbers lie below this.
    int end() {
        return end;
    }

    boolean isUsed(int entry) {
        return cell[entry] >= 0;
    }

    int find(Digest digest) {
        int mask = table.length - 1;
        for (int at = slot(digest.high()); table[at] != 0; at = (at + 1) & mask) {
            int entry = table[at] - 1;
            if (high[entry] == digest.high() && low[entry] == digest.low()) return entry;
        }
        return NONE;
    }

    // The tier chooses the shard by other bits.
    private int slot(long digestHigh) {
        return (int) (digestHigh >>> 20) & (table.length - 1);
    }

    Digest digest(int entry) {
        return new Digest(high[entry], low[entry]);
    }

    long hash(int entry) {
        return low[entry];
    }

    int cell(int entry) {
        return cell[entry];
    }

    int units(int entry) {
        return units[entry];
    }

    /// An entry has come to take more or less room.
    void resize(int entry, long by) {
        units[entry] = Math.toIntExact(units[entry] + by);
    }

    /// Adds a digest that is not there.
    int add(Digest digest, int recordCell, int unitsTaken) {
        int entry = number();
        high[entry] = digest.high();
        low[entry] = digest.low();
        cell[entry] = recordCell;
        units[entry] = unitsTaken;
        count++;
        if (count > table.length / 4 * 3) rehash(count);
        else enter(entry);
        return entry;
    }

    private int number() {
        if (unused != NONE) {
            int entry = unused;
            unused = -2 - cell[entry];
            return entry;
        }
        if (end == cell.length) {
            int room = Math.max(FIRST_ROOM, end + end / 2);
            high = Arrays.copyOf(high, room);
            low = Arrays.copyOf(low, room);
            cell = Arrays.copyOf(cell, room);
            units = Arrays.copyOf(units, room);
        }
        return end++;
    }

    private void retire(int entry) {
        cell[entry] = -2 - unused;
        unused = entry;
    }

    private void enter(int entry) {
        int at = slot(high[entry]);
        while (table[at] != 0) at = (at + 1) & (table.length - 1);
        table[at] = entry + 1;
    }

    private void rehash(int forCount) {
        int size = table.length;
        while (forCount > size / 4 * 3) size *= 2;
        table = new int[size];
        for (int entry = 0; entry < end; entry++) if (isUsed(entry)) enter(entry);
    }

    void remove(int entry) {
        int mask = table.length - 1;
        int at = slot(high[entry]);
        while (table[at] != entry + 1) at = (at + 1) & mask;
        // Moves up what was pushed behind it.
        for (int next = (at + 1) & mask; table[next] != 0; next = (next + 1) & mask) {
            int home = slot(high[table[next] - 1]);
            if (((next - home) & mask) < ((next - at) & mask)) continue;
            table[at] = table[next];
            at = next;
        }
        table[at] = 0;
        retire(entry);
        count--;
    }
}

package dev.nearside.edge.store.evict;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/// Keys that are not here any more, or were never let in, with how often they were asked for: about as many as there
/// are entries, the oldest forgotten first. 4 to 5 bytes for each entry.
///
/// Keys are told apart by 28 bits of their hashes. They lie in buckets of eight, the newest first; of strangers, about
/// one in a thousand is taken for another.
final class Memory {

    /// The highest count that is remembered.
    static final int MOST = 15;

    private static final int COUNT_BITS = 4;
    private static final int PRINT_BITS = 28;
    private static final int BUCKET = 8;
    private static final int FEWEST_BUCKETS = 8;

    // A print, and in the low bits its count, which is never 0.
    private int[] slots = new int[FEWEST_BUCKETS * BUCKET];

    /// What is kept of a hash.
    static int print(long hash) {
        return (int) (hash >>> (Long.SIZE - PRINT_BITS));
    }

    /// Fits itself to so many entries.
    void fit(int entries) {
        int keys = slots.length;
        if (entries <= keys && (entries >= keys / 3 || keys == FEWEST_BUCKETS * BUCKET)) return;
        resize(Math.max(FEWEST_BUCKETS, (entries + entries / 4) / BUCKET + 1));
    }

    private void resize(int buckets) {
        var old = slots;
        slots = new int[buckets * BUCKET];
        // The oldest of each bucket first, so that they are the first to be forgotten again.
        for (int age = BUCKET - 1; age >= 0; age--) {
            for (int at = age; at < old.length; at += BUCKET) if (old[at] != 0) put(old[at]);
        }
    }

    /// How often the key with this print was asked for, as far as is known.
    int count(int print) {
        int at = find(print);
        return at < 0 ? 0 : slots[at] & MOST;
    }

    /// The same, and forgets it.
    int take(int print) {
        int at = find(print);
        if (at < 0) return 0;
        int count = slots[at] & MOST;
        int end = bucket(print) + BUCKET;
        System.arraycopy(slots, at + 1, slots, at, end - at - 1);
        slots[end - 1] = 0;
        return count;
    }

    /// Remembers a key as the newest.
    ///
    /// @param count from 1 to {@link #MOST}
    void put(int print, int count) {
        take(print);
        put(print << COUNT_BITS | count);
    }

    private void put(int slot) {
        int bucket = bucket(slot >>> COUNT_BITS);
        System.arraycopy(slots, bucket, slots, bucket + 1, BUCKET - 1);
        slots[bucket] = slot;
    }

    private int find(int print) {
        int bucket = bucket(print);
        for (int at = bucket; at < bucket + BUCKET; at++) {
            if (slots[at] >>> COUNT_BITS == print && slots[at] != 0) return at;
        }
        return -1;
    }

    private int bucket(int print) {
        return (int) ((long) print * (slots.length / BUCKET) >>> PRINT_BITS) * BUCKET;
    }

    void write(DataOutput out) throws IOException {
        out.writeInt(slots.length / BUCKET);
        var bytes = new byte[Integer.BYTES * slots.length];
        for (int i = 0; i < slots.length; i++) put(slots[i], bytes, Integer.BYTES * i);
        out.write(bytes);
    }

    /// As a {@link DataOutput} writes it.
    static void put(int value, byte[] into, int at) {
        into[at] = (byte) (value >> 24);
        into[at + 1] = (byte) (value >> 16);
        into[at + 2] = (byte) (value >> 8);
        into[at + 3] = (byte) value;
    }

    static Memory read(DataInput in, int mostBuckets) throws IOException {
        int buckets = in.readInt();
        if (buckets < FEWEST_BUCKETS || buckets > mostBuckets) throw new IOException("buckets: " + buckets);
        var memory = new Memory();
        memory.slots = new int[buckets * BUCKET];
        for (int i = 0; i < memory.slots.length; i++) memory.slots[i] = in.readInt();
        return memory;
    }
}

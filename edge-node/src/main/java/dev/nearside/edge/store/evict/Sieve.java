package dev.nearside.edge.store.evict;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.function.IntUnaryOperator;

/// SIEVE (Zhang et al., NSDI 2024): one queue in order of arrival, one bit for each entry that a hit sets, and a hand
/// that goes from old to new, clears bits, and takes the first entry without one. A hit moves nothing, and everybody is
/// let in.
final class Sieve implements Eviction {

    private static final int NONE = -1;
    private static final int FIRST_ROOM = 64;

    // The queue, linked both ways: 8 bytes for each entry, and a bit in each of the sets.
    private int[] older = new int[0];
    private int[] newer = new int[0];
    private final BitSet present = new BitSet();
    private final BitSet visited = new BitSet();
    private int oldest = NONE;
    private int newest = NONE;
    private int hand = NONE;
    private int count;

    @Override
    public boolean admits(long hash, int units) {
        return true;
    }

    @Override
    public void seen(long hash) {
        // Only what is stored is remembered.
    }

    @Override
    public void add(int entry, long hash, int units) {
        if (present.get(entry)) throw new IllegalStateException("entry %d is there already".formatted(entry));
        if (entry >= older.length) {
            int room = Math.max(FIRST_ROOM, Math.max(entry + 1, older.length + older.length / 2));
            older = Arrays.copyOf(older, room);
            newer = Arrays.copyOf(newer, room);
        }
        visited.clear(entry);
        link(entry);
    }

    private void link(int entry) {
        present.set(entry);
        count++;
        older[entry] = newest;
        newer[entry] = NONE;
        if (newest == NONE) oldest = entry;
        else newer[newest] = entry;
        newest = entry;
    }

    @Override
    public void hit(int entry) {
        visited.set(entry);
    }

    @Override
    public int victim() {
        // Each entry is looked at twice at most: once to clear its bit, once to take it.
        for (int looks = 2 * count; looks > 0; looks--) {
            int at = hand != NONE ? hand : oldest;
            if (!visited.get(at)) {
                hand = at;
                return at;
            }
            visited.clear(at);
            hand = newer[at];
        }
        return NONE;
    }

    @Override
    public void skip(int entry) {
        if (hand == entry) hand = newer[entry];
    }

    @Override
    public void remove(int entry) {
        if (!present.get(entry)) return;
        if (hand == entry) hand = newer[entry];
        if (older[entry] == NONE) oldest = newer[entry];
        else newer[older[entry]] = newer[entry];
        if (newer[entry] == NONE) newest = older[entry];
        else older[newer[entry]] = older[entry];
        present.clear(entry);
        visited.clear(entry);
        count--;
    }

    /// The queue from old to new: each entry with its bit, the one under the hand with another.
    @Override
    public void write(DataOutput out) throws IOException {
        out.writeInt(count);
        for (int at = oldest; at != NONE; at = newer[at]) {
            out.writeInt(at);
            out.writeByte((visited.get(at) ? 1 : 0) | (hand == at ? 2 : 0));
        }
    }

    @Override
    public void read(DataInput in, IntUnaryOperator now) throws IOException {
        var others = new BitSet();
        others.or(present);
        var arrived = new int[count];
        int length = 0;
        for (int at = oldest; at != NONE; at = newer[at]) arrived[length++] = at;

        clear();
        boolean isUnderHand = false;
        for (int left = in.readInt(); left > 0; left--) {
            int entry = now.applyAsInt(in.readInt());
            int marks = in.readByte();
            if ((marks & 2) != 0) isUnderHand = true;
            if (entry < 0 || !others.get(entry)) continue;
            others.clear(entry);
            link(entry);
            if ((marks & 1) != 0) visited.set(entry);
            if (isUnderHand) hand = entry;
            isUnderHand = false;
        }
        // What has come since is newer than all that was there before.
        for (int entry : arrived) if (others.get(entry)) link(entry);
    }

    private void clear() {
        present.clear();
        oldest = NONE;
        newest = NONE;
        hand = NONE;
        count = 0;
    }
}

package dev.nearside.edge.store.evict;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.function.IntUnaryOperator;

/// Decides for one shard which entry goes when room is needed, and which newcomer is worth the room.
///
/// Entries are known by small numbers that the caller chooses and uses again. The caller's lock guards every call, and
/// event loops are among the callers: nothing here may take longer than a few instructions for each entry it looks at.
/// Memory follows the number of entries that there are, in primitive arrays.
public interface Eviction {

    /// The policy that serves this goal.
    ///
    /// @param capacity entries at most: their numbers lie below
    /// @param units of room that all entries share
    static Eviction of(Goal goal, int capacity, long units) {
        return new Sieve();
    }

    /// Whether a newcomer is worth what has to go for it. Asked once for each response that could be stored, and only
    /// while there is no free room; the question counts as a sighting.
    ///
    /// @param hash of its key, as good as random
    /// @param units of room that it would take
    boolean admits(long hash, int units);

    /// A request for a key, whether it is stored or not.
    void seen(long hash);

    /// An entry is there from now on.
    void add(int entry, long hash, int units);

    /// A request was answered with this entry.
    void hit(int entry);

    /// The entry that should go next; the same one until it is removed or skipped, or another is added or hit. Below
    /// zero if there is none.
    int victim();

    /// This victim is being read and would free nothing yet: name another.
    void skip(int entry);

    /// An entry is gone, whatever the reason.
    void remove(int entry);

    /// Writes what was learned.
    void write(DataOutput out) throws IOException;

    /// Takes in what was written, after every entry that is there was added anew.
    ///
    /// @param now the number that an entry has by now; below zero if it is gone
    void read(DataInput in, IntUnaryOperator now) throws IOException;
}

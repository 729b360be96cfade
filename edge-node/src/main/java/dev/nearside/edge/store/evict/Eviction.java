package dev.nearside.edge.store.evict;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.function.IntUnaryOperator;

/// Decides for one shard which entry goes when room is needed, and which newcomer is worth the room.
///
/// Entries are known by small numbers that the caller chooses and uses again. The caller's lock guards every call, and
/// event loops are among the callers of {@link #hit}: it takes a few instructions, and nothing moves.
/// Memory follows the number of entries that there are, in primitive arrays.
public interface Eviction {

    /// What a full cache has decided so far, and how it is divided now.
    ///
    /// @param admitted newcomers that were worth the room
    /// @param refused newcomers that were not
    /// @param evicted entries that were named as victims and went
    /// @param newcomers entries that were asked for once, as far as is known
    /// @param regulars entries that were asked for again
    record Figures(long admitted, long refused, long evicted, int newcomers, int regulars) {

        public static final Figures NONE = new Figures(0, 0, 0, 0, 0);

        public Figures plus(Figures other) {
            return new Figures(
                    admitted + other.admitted,
                    refused + other.refused,
                    evicted + other.evicted,
                    newcomers + other.newcomers,
                    regulars + other.regulars);
        }
    }

    /// The policy that serves this goal.
    static Eviction of(Goal goal) {
        return new TwoRankings(goal);
    }

    /// Whether a newcomer is worth what has to go for it. Asked once for each response that could be stored, and only
    /// while there is no free room; a newcomer that is refused is remembered.
    ///
    /// @param hash of its key, as good as random
    /// @param units of room that it would take, one or more
    boolean admits(long hash, int units);

    /// An entry is there from now on.
    void add(int entry, long hash, int units);

    /// A request was answered with this entry, wherever its bytes came from.
    void hit(int entry);

    /// The entry that should go next; the same one until it is removed or skipped, or another is added or hit. Below
    /// zero if there is none.
    int victim();

    /// This victim is being read and would free nothing yet: name another. It is a candidate again after the next
    /// entry was added.
    void skip(int entry);

    /// An entry is gone, whatever the reason.
    void remove(int entry);

    Figures figures();

    /// Writes what was learned.
    void write(DataOutput out) throws IOException;

    /// Takes in what was written, after every entry that is there was added anew. Nothing changes if that fails.
    ///
    /// @param now the number that an entry has now, by the one that it had then; below zero if it is gone
    void read(DataInput in, IntUnaryOperator now) throws IOException;
}

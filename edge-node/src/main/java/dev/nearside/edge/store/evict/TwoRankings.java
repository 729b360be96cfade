package dev.nearside.edge.store.evict;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/// Newcomers and regulars, each ranked by what their room is worth.
///
/// A key that is asked for the first time is a newcomer. One that was asked for again by the time it would have to go
/// becomes a regular, and so does, at once, one that comes back while it is still remembered. So what is asked for once
/// passes through quickly and displaces no regular. This is the order of S3-FIFO (Yang et al., SOSP 2023).
///
/// Newcomers begin with a sixteenth of the room. Their share grows with each of those lately gone that comes back, and
/// shrinks with each regular lately gone that does, as in ARC (Megiddo and Modha, FAST 2003): room goes to where a
/// little more of it would have saved more.
///
/// Within a ranking, worth is that of GDSF (Cherkasova, 1998): requests by room taken if requests are to be saved, else
/// requests alone; above the worth of the last that went, so that what was worth much once ages. How many requests
/// count at most is learned: see {@link Ceiling}. A hit only counts; an entry is ranked anew when it is about to go, as
/// with a second chance.
///
/// To save requests, size decides beyond that: a newcomer that would take many times the room of the regular that goes
/// next is refused until it was asked for more often, and the larger of the two candidates goes if they differ a lot.
/// To save bytes, only a newcomer that would take a tenth of the room has to ask twice.
///
/// An entry takes about 30 bytes: 25 in arrays, which grow by a quarter, and about 5 in the memory of those that went.
final class TwoRankings implements Eviction {

    private static final int NONE = -1;
    private static final int FIRST_ROOM = 64;

    private static final double FIRST_SHARE = 1.0 / 16;
    private static final double SMALLEST_SHARE = 0.01;
    private static final double LARGEST_SHARE = 0.75;

    /// By the room of so many entries the share moves with each that comes back, less where there are few.
    private static final double STEP = 8;

    private static final int FEW = 300;

    /// One part in so many of the entries is remembered as lately gone, of each kind.
    private static final int LATELY = 10;

    /// One part in so many of the room is too much for what was asked for once, where bytes are to be saved.
    private static final int LARGE_SHARE = 10;

    /// So many times the room of another is a lot.
    private static final int LOT = 4;

    /// Entries looked at for one victim: what is asked for again while these are ranked anew may go one turn early.
    private static final int LOOKS = 64;

    /// The worth of one request to an entry that takes one unit.
    private static final long ONE = 1L << 24;

    // What is known of an entry: its requests, up to 15, and these.
    private static final int WAS_HIT = 1 << 4;
    private static final int IS_REGULAR = 1 << 5;
    private static final int IS_SKIPPED = 1 << 6;

    private static final int WRITTEN_FORM = 1;
    private static final int MOST_WRITTEN = 1 << 28;

    private final Goal goal;
    private Ranking newcomers = new Ranking();
    private Ranking regulars = new Ranking();
    private Memory memory = new Memory();
    private final Memory newcomersLatelyGone = new Memory();
    private final Memory regularsLatelyGone = new Memory();
    private final Ceiling ceiling = new Ceiling();
    private double newcomersShare = FIRST_SHARE;

    // By entry; units are 0 for a number that is not used.
    private byte[] marks = new byte[0];
    private int[] units = new int[0];
    private int[] prints = new int[0];
    private long[] worths = new long[0];
    private int[] places = new int[0];

    private int[] skipped = new int[0];
    private int skippedCount;
    private int named = NONE;
    private long admitted;
    private long refused;
    private long evicted;

    TwoRankings(Goal goal) {
        this.goal = goal;
    }

    @Override
    public boolean admits(long hash, int unitsTaken) {
        boolean isWorthIt = isWorthIt(Memory.print(hash), unitsTaken);
        if (isWorthIt) admitted++;
        else refused++;
        return isWorthIt;
    }

    private boolean isWorthIt(int print, int unitsTaken) {
        if (regulars.size == 0) return true;
        int requests = Math.min(memory.count(print) + 1, Memory.MOST);
        boolean isWorthIt = switch (goal) {
            case ORIGIN_REQUESTS -> (long) units[regulars.least()] * LOT * requests >= unitsTaken;
            case ORIGIN_BYTES -> requests > 1 || unitsTaken <= taken() / LARGE_SHARE;
        };
        if (!isWorthIt) memory.put(print, requests);
        return isWorthIt;
    }

    private long taken() {
        return newcomers.units + regulars.units;
    }

    @Override
    public void add(int entry, long hash, int unitsTaken) {
        if (unitsTaken < 1) throw new IllegalArgumentException("units: %d (expected: 1 or more)".formatted(unitsTaken));
        if (isThere(entry)) throw new IllegalStateException("entry %d is there already".formatted(entry));
        named = NONE;
        comeBack();
        makeRoomFor(entry);
        int print = Memory.print(hash);
        learnFrom(print);
        int known = memory.take(print);
        marks[entry] = (byte) (Math.min(known + 1, Memory.MOST) | (known > 0 ? IS_REGULAR : 0));
        units[entry] = unitsTaken;
        prints[entry] = print;
        rank(entry);
        memory.fit(count());
        newcomersLatelyGone.fit(count() / LATELY);
        regularsLatelyGone.fit(count() / LATELY);
    }

    /// A key has come back: with a little more room for its kind it would still be here.
    private void learnFrom(int print) {
        double step = STEP / (count() + FEW);
        if (newcomersLatelyGone.take(print) > 0) newcomersShare = Math.min(LARGEST_SHARE, newcomersShare + step);
        int requests = regularsLatelyGone.take(print);
        if (requests == 0) return;
        newcomersShare = Math.max(SMALLEST_SHARE, newcomersShare - step);
        ceiling.back(requests);
    }

    private int count() {
        return newcomers.size + regulars.size;
    }

    private boolean isThere(int entry) {
        return entry >= 0 && entry < units.length && units[entry] > 0;
    }

    private void makeRoomFor(int entry) {
        if (entry < units.length) return;
        int room = Math.max(FIRST_ROOM, Math.max(entry + 1, units.length + units.length / 4));
        marks = Arrays.copyOf(marks, room);
        units = Arrays.copyOf(units, room);
        prints = Arrays.copyOf(prints, room);
        worths = Arrays.copyOf(worths, room);
        places = Arrays.copyOf(places, room);
    }

    @Override
    public void hit(int entry) {
        int mark = marks[entry];
        if ((mark & Memory.MOST) < Memory.MOST) mark++;
        marks[entry] = (byte) (mark | WAS_HIT);
        if (entry == named) named = NONE;
    }

    @Override
    public int victim() {
        if (named != NONE) return named;
        for (int looks = LOOKS; ; looks--) {
            if (count() == 0) {
                comeBack();
                return NONE;
            }
            int least = next().least();
            if ((marks[least] & WAS_HIT) == 0 || looks == 0) {
                named = least;
                return least;
            }
            ranking(least).remove(least);
            marks[least] = (byte) (marks[least] & ~WAS_HIT | IS_REGULAR);
            rank(least);
        }
    }

    /// The ranking that has to give.
    private Ranking next() {
        if (regulars.size == 0) return newcomers;
        if (newcomers.size == 0) return regulars;
        boolean areTooMany = newcomers.units > taken() * newcomersShare;
        if (goal == Goal.ORIGIN_REQUESTS) {
            long newcomer = units[newcomers.least()];
            long regular = units[regulars.least()];
            if (areTooMany && regular > LOT * newcomer && newcomers.units < taken() * LARGEST_SHARE) return regulars;
            if (!areTooMany && newcomer > LOT * regular) return newcomers;
        }
        return areTooMany ? newcomers : regulars;
    }

    private Ranking ranking(int entry) {
        return (marks[entry] & IS_REGULAR) != 0 ? regulars : newcomers;
    }

    private void rank(int entry) {
        long requests = Math.min(marks[entry] & Memory.MOST, ceiling.height());
        long worth = switch (goal) {
            case ORIGIN_REQUESTS -> Math.max(1, requests * ONE / units[entry]);
            case ORIGIN_BYTES -> requests * ONE;
        };
        var ranking = ranking(entry);
        // A little more for each, so that the older of two equals goes first.
        worths[entry] = ++ranking.clock + worth;
        ranking.add(entry);
    }

    @Override
    public void skip(int entry) {
        if (!isThere(entry) || (marks[entry] & IS_SKIPPED) != 0) return;
        named = NONE;
        ranking(entry).remove(entry);
        marks[entry] |= IS_SKIPPED;
        if (skippedCount == skipped.length) skipped = Arrays.copyOf(skipped, Math.max(8, 2 * skippedCount));
        skipped[skippedCount++] = entry;
    }

    private void comeBack() {
        while (skippedCount > 0) {
            int entry = skipped[--skippedCount];
            marks[entry] &= ~IS_SKIPPED;
            rank(entry);
        }
    }

    @Override
    public void remove(int entry) {
        if (!isThere(entry)) return;
        if ((marks[entry] & IS_SKIPPED) != 0) {
            int at = 0;
            while (skipped[at] != entry) at++;
            skipped[at] = skipped[--skippedCount];
        } else {
            var ranking = ranking(entry);
            ranking.remove(entry);
            if (entry == named) {
                evicted++;
                int requests = marks[entry] & Memory.MOST;
                if (ranking == regulars) ceiling.gone(requests, count());
                (ranking == newcomers ? newcomersLatelyGone : regularsLatelyGone).put(prints[entry], requests);
                ranking.clock = Math.max(ranking.clock, worths[entry]);
            }
        }
        named = NONE;
        memory.put(prints[entry], marks[entry] & Memory.MOST);
        units[entry] = 0;
    }

    @Override
    public Figures figures() {
        return new Figures(admitted, refused, evicted, newcomers.size, regulars.size);
    }

    /// Ten bytes for each number that an entry may have, at most: its mark, its worth above the clock, and the memory.
    @Override
    public void write(DataOutput out) throws IOException {
        comeBack();
        out.writeByte(WRITTEN_FORM);
        out.writeUTF(goal.name());
        out.writeLong(newcomers.clock);
        out.writeLong(regulars.clock);
        out.writeDouble(newcomersShare);
        int end = units.length;
        while (end > 0 && units[end - 1] == 0) end--;
        out.writeInt(end);
        // Everybody waits meanwhile: put together here, it takes a tenth of the time.
        var bytes = new byte[5 * end];
        int at = 0;
        for (int entry = 0; entry < end; entry++) {
            bytes[at++] = isThere(entry) ? marks[entry] : 0;
            if (!isThere(entry)) continue;
            Memory.put(
                    Math.clamp(worths[entry] - ranking(entry).clock, Integer.MIN_VALUE, Integer.MAX_VALUE), bytes, at);
            at += Integer.BYTES;
        }
        out.write(bytes, 0, at);
        memory.write(out);
    }

    @Override
    public void read(DataInput in, IntUnaryOperator now) throws IOException {
        int form = in.readByte();
        if (form != WRITTEN_FORM) throw new IOException("form: " + form);
        // Another goal has other worths, but requests are requests.
        boolean isSameGoal = in.readUTF().equals(goal.name());
        long newcomersClock = in.readLong();
        long regularsClock = in.readLong();
        double share = in.readDouble();
        if (!(share >= SMALLEST_SHARE && share <= LARGEST_SHARE)) throw new IOException("share: " + share);
        int end = in.readInt();
        if (end < 0 || end > MOST_WRITTEN) throw new IOException("entries: " + end);
        var knownMarks = new byte[units.length];
        var knownWorths = new long[units.length];
        for (int then = 0; then < end; then++) {
            int mark = in.readByte() & (Memory.MOST | WAS_HIT | IS_REGULAR);
            if (mark == 0) continue;
            long worth = in.readInt() + ((mark & IS_REGULAR) != 0 ? regularsClock : newcomersClock);
            int entry = now.applyAsInt(then);
            if (!isThere(entry)) continue;
            knownMarks[entry] = (byte) mark;
            knownWorths[entry] = worth;
        }
        memory = Memory.read(in, Math.max(FIRST_ROOM, end));

        skippedCount = 0;
        named = NONE;
        newcomers = new Ranking();
        regulars = new Ranking();
        if (isSameGoal) {
            newcomers.clock = newcomersClock;
            regulars.clock = regularsClock;
            newcomersShare = share;
        }
        for (int entry = 0; entry < units.length; entry++) {
            if (units[entry] == 0) continue;
            marks[entry] &= ~IS_SKIPPED;
            if ((knownMarks[entry] & Memory.MOST) == 0) {
                rank(entry);
                continue;
            }
            marks[entry] = knownMarks[entry];
            if (isSameGoal) {
                worths[entry] = knownWorths[entry];
                ranking(entry).add(entry);
            } else rank(entry);
        }
    }

    /// Entries in a heap, the one of least worth on top.
    private final class Ranking {

        private int[] heap = new int[0];
        private int size;
        private long units;
        private long clock;

        int least() {
            return heap[0];
        }

        void add(int entry) {
            if (size == heap.length) heap = Arrays.copyOf(heap, Math.max(FIRST_ROOM, size + size / 4));
            units += TwoRankings.this.units[entry];
            up(entry, size++);
        }

        void remove(int entry) {
            units -= TwoRankings.this.units[entry];
            int last = heap[--size];
            if (last == entry) return;
            int place = places[entry];
            if (place > 0 && worths[last] < worths[heap[(place - 1) / 2]]) up(last, place);
            else down(last, place);
        }

        private void up(int entry, int from) {
            int at = from;
            while (at > 0) {
                int parent = (at - 1) / 2;
                if (worths[heap[parent]] <= worths[entry]) break;
                put(heap[parent], at);
                at = parent;
            }
            put(entry, at);
        }

        private void down(int entry, int from) {
            int at = from;
            while (2 * at + 1 < size) {
                int child = 2 * at + 1;
                if (child + 1 < size && worths[heap[child + 1]] < worths[heap[child]]) child++;
                if (worths[entry] <= worths[heap[child]]) break;
                put(heap[child], at);
                at = child;
            }
            put(entry, at);
        }

        private void put(int entry, int at) {
            heap[at] = entry;
            places[entry] = at;
        }
    }
}

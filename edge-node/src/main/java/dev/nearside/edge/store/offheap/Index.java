package dev.nearside.edge.store.offheap;

import dev.nearside.edge.key.CacheKey.Digest;
import dev.nearside.edge.store.evict.Eviction;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/// Which objects a shard holds and where their records are, which cells are free, and who has to go next.
///
/// Its own lock is held for a few instructions and never across a disk access, so event loops may ask it. Which cells
/// an object takes is known to its record alone: whoever removes an object reads the record once more.
final class Index {

    /// An object that can no longer be found, but whose record still lies on the disk: a restart would find it, so its
    /// cells are not free.
    record Condemned(Digest digest, int cell) {}

    /// Cells, and so entries, are numbered with fewer bits.
    private static final int NUMBER_BITS = 29;

    /// So many are remembered to be gone while a shard is not known, or one for each four cells.
    private static final int FEWEST_FORGOTTEN = 1 << 16;

    private final int cells;
    private final Eviction eviction;
    private Entries entries = new Entries();
    // What a process before this one wrote down, while it is not yet known what has become of it since.
    private @Nullable Entries remembered;
    private IndexFile.@Nullable Content written;
    // Objects that somebody reads, by the cell of their record.
    private final Map<Integer, Resident> residents = new HashMap<>();
    private final Map<Digest, Ticket> tickets = new HashMap<>();
    private final Deque<Condemned> condemned = new ArrayDeque<>();
    // Digests that were removed before what lay on the disk was known.
    private final Forgotten forgotten;
    // Cells that are not free; those of them that belong to no object that can be found; and those that the file has
    // no place for.
    private BitSet owned;
    private final BitSet loose;
    private final BitSet retired = new BitSet();
    private int freeCount;
    private int cursor;
    private boolean isComplete;
    private long lastGeneration;
    // By entry, while records are being read.
    private long[] generations = {};
    private long evictions;
    private volatile boolean isBusy;

    Index(int cells, Eviction eviction) {
        this.cells = cells;
        this.eviction = eviction;
        this.forgotten = new Forgotten(Math.max(FEWEST_FORGOTTEN, cells / 4));
        this.owned = new BitSet(cells);
        this.loose = new BitSet(cells);
    }

    // ---- what was there at the start

    /// What a process before this one wrote down: lookups are answered from it until it is known what has become of it
    /// since.
    void remember(IndexFile.Content content) {
        var before = Entries.of(content.entries());
        synchronized (this) {
            remembered = before;
            written = content;
            lastGeneration = content.lastGeneration();
        }
    }

    /// Whether anything was written down.
    synchronized boolean hasMemories() {
        return remembered != null;
    }

    /// Nothing has changed since that was written down: it is what there is.
    void restore() {
        var before = remembered();
        var content = written();
        // Nobody changes what is remembered, and nobody asks the policy before this is complete: no lock is needed.
        for (int entry = 0; entry < before.end(); entry++) {
            if (before.isUsed(entry)) eviction.add(entry, before.hash(entry), before.units(entry));
        }
        learn(content.learned(), IntUnaryOperator.identity());
        synchronized (this) {
            entries = before;
            owned = content.owned();
            freeCount = cells - owned.cardinality();
            isComplete = true;
            for (int entry = 0; !forgotten.isEmpty() && entry < entries.end(); entry++) {
                if (entries.isUsed(entry) && forgotten.contains(entries.digest(entry))) condemn(entry);
            }
            forgetMemories();
        }
    }

    private synchronized IndexFile.Content written() {
        if (written == null) throw new IllegalStateException("nothing was written down");
        return written;
    }

    private synchronized Entries remembered() {
        if (remembered == null) throw new IllegalStateException("nothing was written down");
        return remembered;
    }

    /// Takes in an object found on disk. What is found under its digest beside it, and what was forgotten meanwhile, is
    /// condemned.
    ///
    /// @param taken all its cells
    /// @return whether its cells are plausible
    synchronized boolean adopt(Digest digest, int cell, long generation, Runs taken) {
        if (!claim(taken)) return false;
        lastGeneration = Math.max(lastGeneration, generation);
        int known = entries.find(digest);
        boolean isOutdated = known != Entries.NONE && generations[known] > generation;
        if (isOutdated || forgotten.contains(digest)) {
            condemned.add(new Condemned(digest, cell));
            return true;
        }
        if (known != Entries.NONE) condemn(known);
        int entry = entries.add(digest, cell, Math.toIntExact(taken.cells()));
        if (entry >= generations.length) {
            generations = Arrays.copyOf(generations, Math.max(64, entry + entry / 2 + 1));
        }
        generations[entry] = generation;
        return true;
    }

    private boolean claim(Runs taken) {
        var claimed = new Runs();
        boolean[] isPlausible = {true};
        taken.forEach((first, count) -> {
            isPlausible[0] &= first >= 0 && count <= cells - first;
            for (int cell = first; isPlausible[0] && cell < first + count; cell++) {
                if (owned.get(cell)) {
                    isPlausible[0] = false;
                } else {
                    owned.set(cell);
                    claimed.add(cell);
                }
            }
        });
        if (!isPlausible[0]) claimed.forEach((first, count) -> owned.clear(first, first + count));
        return isPlausible[0];
    }

    /// Everything on the disk is known: what nobody owns is free from now on.
    void complete() {
        Entries.Copy copy;
        long[] born;
        synchronized (this) {
            copy = entries.copy();
            born = generations;
        }
        // Until this is complete, nobody asks the policy, and objects go but do not come.
        var known = Entries.of(copy);
        rank(known, born);
        recall(known);
        synchronized (this) {
            for (int entry = 0; entry < known.end(); entry++) {
                if (known.isUsed(entry) && !entries.isUsed(entry)) eviction.remove(entry);
            }
            freeCount = cells - owned.cardinality();
            for (var resident : residents.values()) {
                int entry = entries.find(resident.digest);
                resident.isLive &= entry != Entries.NONE && entries.cell(entry) == resident.cell;
            }
            generations = new long[0];
            isComplete = true;
            forgetMemories();
        }
    }

    /// Records are found in the order of their cells; they came in the order of their generations.
    private void rank(Entries known, long[] born) {
        long first = Long.MAX_VALUE;
        for (int entry = 0; entry < known.end(); entry++) {
            if (known.isUsed(entry)) first = Math.min(first, born[entry]);
        }
        var order = new long[known.count()];
        int count = 0;
        for (int entry = 0; entry < known.end(); entry++) {
            if (known.isUsed(entry)) order[count++] = (born[entry] - first) << NUMBER_BITS | entry;
        }
        Arrays.sort(order);
        for (long next : order) {
            int entry = (int) (next & ((1 << NUMBER_BITS) - 1));
            eviction.add(entry, known.hash(entry), known.units(entry));
        }
    }

    /// What was learned is told by the numbers of that time.
    private void recall(Entries known) {
        if (!hasMemories()) return;
        var before = remembered();
        learn(written().learned(), then -> {
            int now = then < before.end() && before.isUsed(then) ? known.find(before.digest(then)) : Entries.NONE;
            return now != Entries.NONE && known.cell(now) == before.cell(then) ? now : Entries.NONE;
        });
    }

    private void learn(byte[] learned, IntUnaryOperator now) {
        try (var in = new DataInputStream(new ByteArrayInputStream(learned))) {
            eviction.read(in, now);
        } catch (IOException _) {
            // Written by another policy: this one begins anew.
        }
    }

    private void forgetMemories() {
        remembered = null;
        written = null;
        forgotten.clear();
    }

    synchronized boolean isComplete() {
        return isComplete;
    }

    /// Everything that the next process needs to go on here; empty while records wait to be removed.
    Optional<IndexFile.Content> content() throws IOException {
        isBusy = true;
        try {
            return contentNow();
        } finally {
            isBusy = false;
        }
    }

    private synchronized Optional<IndexFile.Content> contentNow() throws IOException {
        if (!isComplete || !condemned.isEmpty()) return Optional.empty();
        var kept = (BitSet) owned.clone();
        kept.andNot(loose);
        kept.andNot(retired);
        var bytes = new ByteArrayOutputStream();
        eviction.write(new DataOutputStream(bytes));
        return Optional.of(new IndexFile.Content(lastGeneration, entries.copy(), kept, bytes.toByteArray()));
    }

    // ---- reading

    /// Whether a look at the disk may be worth it.
    synchronized boolean mayHold(Digest digest) {
        return entries.find(digest) != Entries.NONE || isRemembered(digest);
    }

    private boolean isRemembered(Digest digest) {
        return remembered != null && !forgotten.contains(digest) && remembered.find(digest) != Entries.NONE;
    }

    /// A request was answered with this object from another place. Not counted while that would mean waiting.
    void touch(Digest digest) {
        if (!isBusy) touchNow(digest);
    }

    private synchronized void touchNow(Digest digest) {
        int entry = entries.find(digest);
        if (isComplete && entry != Entries.NONE) eviction.hit(entry);
    }

    /// The object under this digest, held for the caller and marked as visited.
    synchronized Optional<Resident> hold(Digest digest) {
        int entry = entries.find(digest);
        if (isComplete && entry != Entries.NONE) eviction.hit(entry);
        return holdQuietly(digest);
    }

    /// The same, without a mark.
    synchronized Optional<Resident> holdQuietly(Digest digest) {
        int entry = entries.find(digest);
        if (entry != Entries.NONE) return Optional.of(holdAt(digest, entries.cell(entry)));
        var before = remembered;
        if (before == null || !isRemembered(digest)) return Optional.empty();
        return Optional.of(holdAt(digest, before.cell(before.find(digest))));
    }

    /// Below which number all entries are.
    synchronized int end() {
        return entries.end();
    }

    /// The object of an entry, held for the caller, without a mark; empty if there is none.
    synchronized Optional<Resident> peek(int entry) {
        if (entry >= entries.end() || !entries.isUsed(entry)) return Optional.empty();
        return Optional.of(holdAt(entries.digest(entry), entries.cell(entry)));
    }

    private Resident holdAt(Digest digest, int cell) {
        var resident = residents.computeIfAbsent(cell, _ -> new Resident(digest, cell));
        resident.holders++;
        return resident;
    }

    /// One more holder of an object that the caller holds.
    synchronized void hold(Resident resident) {
        resident.holders++;
    }

    synchronized boolean holdIfLive(Resident resident) {
        if (!resident.isLive) return false;
        // Nobody may have held it for a while, and the cell may have seen others since.
        var current = residents.putIfAbsent(resident.cell, resident);
        if (current != null && !isSame(current, resident)) return false;
        if (current == null) {
            int entry = entries.find(resident.digest);
            if (entry == Entries.NONE || entries.cell(entry) != resident.cell) {
                residents.remove(resident.cell);
                resident.isLive = false;
                return false;
            }
        }
        resident.holders++;
        return true;
    }

    @SuppressWarnings("ReferenceEquality") // the very object, not another one in its place
    private static boolean isSame(Resident one, Resident other) {
        return one == other;
    }

    synchronized void release(Resident resident) {
        if (--resident.holders > 0) return;
        residents.remove(resident.cell);
        var leavings = resident.leavings;
        resident.leavings = null;
        if (leavings != null) free(leavings);
    }

    synchronized boolean isLive(Resident resident) {
        return resident.isLive;
    }

    // ---- writing

    /// Cells for the caller to write to; empty if there are not so many free.
    synchronized Optional<int[]> take(int count) {
        if (!isComplete || count > freeCount) return Optional.empty();
        var taken = new int[count];
        int at = cursor;
        for (int i = 0; i < count; i++) {
            at = owned.nextClearBit(at);
            if (at >= cells) at = owned.nextClearBit(0);
            owned.set(at);
            loose.set(at);
            taken[i] = at;
        }
        freeCount -= count;
        cursor = at + 1;
        return Optional.of(taken);
    }

    /// Gives back cells that belong to no object.
    synchronized void giveBack(int[] taken) {
        for (int cell : taken) free(cell, 1);
    }

    synchronized void giveBack(Runs taken) {
        free(taken);
    }

    private void free(Runs taken) {
        taken.forEach(this::free);
    }

    private void free(int first, int count) {
        for (int cell = first; cell < first + count; cell++) {
            if (retired.get(cell)) continue;
            owned.clear(cell);
            loose.clear(cell);
            freeCount++;
        }
    }

    /// A cell that cannot be written, for its place in the file is lost or damaged, is not handed out again.
    synchronized void retire(int cell) {
        retired.set(cell);
        loose.clear(cell);
    }

    /// Whether there is room for a newcomer, or it is worth what has to go; what replaces an object always is.
    synchronized boolean admits(Digest digest, int units) {
        if (!isComplete) return false;
        return units <= freeCount || entries.find(digest) != Entries.NONE || eviction.admits(digest.low(), units);
    }

    /// Announces an object that is about to be stored; earlier announcements are void.
    ///
    /// @param replacesNow whether the object there is already worthless
    synchronized Ticket announce(Digest digest, byte[] head, boolean replacesNow) {
        if (!isComplete) outlaw(digest);
        if (replacesNow) condemnIfThere(digest);
        var ticket = new Ticket(digest, head);
        tickets.put(digest, ticket);
        return ticket;
    }

    /// Nothing will be stored with this ticket.
    synchronized void tearUp(Ticket ticket) {
        tickets.remove(ticket.digest, ticket);
    }

    synchronized boolean isValid(Ticket ticket) {
        return tickets.get(ticket.digest) == ticket;
    }

    synchronized byte[] head(Ticket ticket) {
        return ticket.head;
    }

    synchronized long nextGeneration() {
        return ++lastGeneration;
    }

    /// Lets an object be found whose record is written, if its ticket still holds and nobody has brought a head that
    /// is fresher than the one in the record. The one there before is condemned.
    ///
    /// @param cell of the record
    /// @param taken all its cells
    /// @return the object, held for the caller
    @SuppressWarnings("ReferenceEquality") // the very head that was written, not one like it
    synchronized Optional<Resident> install(Ticket ticket, byte[] head, int cell, Runs taken) {
        if (tickets.get(ticket.digest) != ticket || ticket.head != head) return Optional.empty();
        tickets.remove(ticket.digest);
        condemnIfThere(ticket.digest);
        taken.forEach((first, count) -> loose.clear(first, first + count));
        int units = Math.toIntExact(taken.cells());
        int entry = entries.add(ticket.digest, cell, units);
        eviction.add(entry, entries.hash(entry), units);
        return Optional.of(holdAt(ticket.digest, cell));
    }

    /// Takes in an object that nobody will find, but whose record could not be removed: it is condemned.
    ///
    /// @param cell of the record
    /// @param taken all its cells
    /// @return the object, held for the caller, who may still be reading it
    synchronized Resident bury(Digest digest, int cell, Runs taken) {
        taken.forEach((first, count) -> loose.clear(first, first + count));
        condemned.add(new Condemned(digest, cell));
        var resident = holdAt(digest, cell);
        resident.isLive = false;
        return resident;
    }

    /// Hands a head to the object that is on its way, if there is one and its head is the one that is known.
    synchronized void freshenPending(Digest digest, byte[] known, byte[] head) {
        var ticket = tickets.get(digest);
        if (ticket != null && Arrays.equals(ticket.head, known)) ticket.head = head;
    }

    /// A live object has put its text into other cells: the ones before are free.
    synchronized boolean exchange(Resident resident, Runs gone, Runs come) {
        if (!resident.isLive) return false;
        come.forEach((first, count) -> loose.clear(first, first + count));
        free(gone);
        entries.resize(entries.find(resident.digest), come.cells() - gone.cells());
        return true;
    }

    /// From now on nothing is found under this digest, and nothing on its way will be. The cells are kept until the
    /// record is gone.
    synchronized void forget(Digest digest) {
        tickets.remove(digest);
        if (!isComplete) outlaw(digest);
        condemnIfThere(digest);
    }

    /// Whatever lies under this digest, found or not yet, is not to be found any more.
    private void outlaw(Digest digest) {
        forgotten.add(digest);
        var before = remembered;
        int entry = before == null ? Entries.NONE : before.find(digest);
        if (before == null || entry == Entries.NONE) return;
        var reader = residents.get(before.cell(entry));
        if (reader != null && reader.digest.equals(digest)) reader.isLive = false;
    }

    /// The same for one object, if it is still the one to be found; false if it is not.
    synchronized boolean forget(Resident resident) {
        if (!resident.isLive) return false;
        if (!isComplete) outlaw(resident.digest);
        resident.isLive = false;
        condemnIfThere(resident.digest);
        return true;
    }

    private void condemnIfThere(Digest digest) {
        int entry = entries.find(digest);
        if (entry != Entries.NONE) condemn(entry);
    }

    private void condemn(int entry) {
        condemned.add(detach(entry));
    }

    private Condemned detach(int entry) {
        var gone = new Condemned(entries.digest(entry), entries.cell(entry));
        entries.remove(entry);
        if (isComplete) eviction.remove(entry);
        var reader = residents.get(gone.cell());
        if (reader != null) reader.isLive = false;
        return gone;
    }

    /// The next object whose record has to be removed, and then {@link #cleared}.
    synchronized Optional<Condemned> nextCondemned() {
        return Optional.ofNullable(condemned.poll());
    }

    /// The record could not be removed.
    synchronized void condemnAgain(Condemned gone) {
        condemned.addFirst(gone);
    }

    /// Where the record of an entry is; below zero if there is no such entry, empty if there are none from it on.
    synchronized OptionalInt cellOf(int entry) {
        return entry < entries.end() ? OptionalInt.of(entries.cell(entry)) : OptionalInt.empty();
    }

    /// The record of this entry cannot be read.
    synchronized void forgetAt(int entry) {
        if (entries.isUsed(entry)) condemn(entry);
    }

    /// Frees what belongs to objects but is not among these cells; false while records wait to be removed.
    synchronized boolean freeAllBut(BitSet known) {
        if (!condemned.isEmpty()) return false;
        var lost = (BitSet) owned.clone();
        lost.andNot(known);
        lost.andNot(loose);
        lost.andNot(retired);
        owned.andNot(lost);
        freeCount += lost.cardinality();
        return true;
    }

    /// The object that goes to make room, for the caller to remove its record; empty if every one is being read.
    synchronized Optional<Condemned> evict() {
        for (int looks = entries.count(); looks > 0; looks--) {
            int victim = eviction.victim();
            if (victim < 0) return Optional.empty();
            if (residents.containsKey(entries.cell(victim))) {
                // It would free nothing yet.
                eviction.skip(victim);
                continue;
            }
            evictions++;
            return Optional.of(detach(victim));
        }
        return Optional.empty();
    }

    /// The record of a condemned object is gone: its cells are free when nobody reads them any more.
    synchronized void cleared(Condemned gone, Runs taken) {
        var reader = residents.get(gone.cell());
        if (reader == null) {
            free(taken);
        } else {
            taken.forEach((first, count) -> loose.set(first, first + count));
            reader.leavings = taken;
        }
    }

    // ---- figures

    synchronized int size() {
        return entries.count();
    }

    synchronized int usedCells() {
        return isComplete ? cells - freeCount : owned.cardinality();
    }

    synchronized long evictions() {
        return evictions;
    }

    synchronized Eviction.Figures decided() {
        return eviction.figures();
    }

    /// For tests: every cell is either free or owned by one live object, provided that nobody reads or writes.
    synchronized List<String> contradictions() {
        var found = new ArrayList<String>();
        long taken = 0;
        for (int entry = 0; entry < entries.end(); entry++) if (entries.isUsed(entry)) taken += entries.units(entry);
        if (owned.cardinality() != taken + retired.cardinality() || freeCount != cells - owned.cardinality()) {
            found.add("%d cells, %d of them free, %d owned, %d retired, %d in objects"
                    .formatted(cells, freeCount, owned.cardinality(), retired.cardinality(), taken));
        }
        if (!loose.isEmpty()) found.add("cells of nobody: " + loose);
        if (!tickets.isEmpty()) found.add("tickets: " + tickets.size());
        if (!condemned.isEmpty()) found.add("records to be removed: " + condemned.size());
        if (!residents.isEmpty()) found.add("objects that are held: " + residents.size());
        return found;
    }
}

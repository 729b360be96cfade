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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Which objects a shard holds and where their records are, which cells are free, and who has to go next.
///
/// Its own lock is held for a few instructions and never across a disk access, so event loops may ask it. Which cells
/// an object takes is known to its record alone: whoever removes an object reads the record once more.
final class Index {

    /// An object that can no longer be found, but whose record still lies on the disk: a restart would find it, so its
    /// cells are not free.
    record Condemned(Digest digest, int cell) {}

    private final int cells;
    private final Eviction eviction;
    private Entries entries = new Entries();
    // What a process before this one wrote down, while it is not yet known what has become of it since.
    private @Nullable Entries remembered;
    private byte[] learned = {};
    // Objects that somebody reads, by the cell of their record.
    private final Map<Integer, Resident> residents = new HashMap<>();
    private final Map<Digest, Ticket> tickets = new HashMap<>();
    private final Deque<Condemned> condemned = new ArrayDeque<>();
    // Digests that were removed before what lay on the disk was known.
    private final Set<Digest> forgotten = new HashSet<>();
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
        this.owned = new BitSet(cells);
        this.loose = new BitSet(cells);
    }

    // ---- what was there at the start

    /// What a process before this one wrote down, with nothing changed since.
    synchronized void restore(IndexFile.Content content) {
        entries = Entries.of(content.entries());
        owned = content.owned();
        freeCount = cells - owned.cardinality();
        lastGeneration = content.lastGeneration();
        for (int entry = 0; entry < entries.end(); entry++) {
            if (entries.isUsed(entry)) eviction.add(entry, entries.hash(entry), entries.units(entry));
        }
        learned = content.learned();
        learn(IntStream.range(0, entries.end()).toArray());
        isComplete = true;
    }

    /// What a process before this one wrote down, before the last changes: it helps until the records are read.
    synchronized void remember(IndexFile.Content content) {
        remembered = Entries.of(content.entries());
        learned = content.learned();
        lastGeneration = content.lastGeneration();
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
        var all = new BitSet();
        boolean[] isPlausible = {true};
        taken.forEach((first, count) -> {
            boolean isFree =
                    first >= 0 && count <= cells - first && isClear(owned, first, count) && isClear(all, first, count);
            if (isFree) all.set(first, first + count);
            else isPlausible[0] = false;
        });
        if (isPlausible[0]) taken.forEach((first, count) -> owned.set(first, first + count));
        return isPlausible[0];
    }

    private static boolean isClear(BitSet bits, int first, int count) {
        int next = bits.nextSetBit(first);
        return next < 0 || next >= first + count;
    }

    /// Everything on the disk is known: what nobody owns is free from now on.
    ///
    /// @return how many objects were written down and are not there
    int complete() {
        isBusy = true;
        try {
            return completeNow();
        } finally {
            isBusy = false;
        }
    }

    private synchronized int completeNow() {
        freeCount = cells - owned.cardinality();
        // Records are found in the order of their cells; they came in the order of their generations.
        IntStream.range(0, entries.end())
                .filter(entries::isUsed)
                .boxed()
                .sorted((one, other) -> Long.compare(generations[one], generations[other]))
                .forEach(entry -> eviction.add(entry, entries.hash(entry), entries.units(entry)));
        int missing = recall();
        for (var resident : residents.values()) {
            int entry = entries.find(resident.digest);
            resident.isLive = entry != Entries.NONE && entries.cell(entry) == resident.cell;
        }
        generations = new long[0];
        forgotten.clear();
        isComplete = true;
        return missing;
    }

    // What was learned is told by the numbers of that time.
    private int recall() {
        var before = remembered;
        if (before == null) return 0;
        int missing = 0;
        var now = new int[before.end()];
        for (int entry = 0; entry < now.length; entry++) {
            int same = before.isUsed(entry) ? entries.find(before.digest(entry)) : Entries.NONE;
            if (same == Entries.NONE && before.isUsed(entry)) missing++;
            boolean isSame = same != Entries.NONE && entries.cell(same) == before.cell(entry);
            now[entry] = isSame ? same : Entries.NONE;
        }
        learn(now);
        remembered = null;
        return missing;
    }

    private void learn(int[] now) {
        try (var in = new DataInputStream(new ByteArrayInputStream(learned))) {
            eviction.read(in, entry -> entry >= 0 && entry < now.length ? now[entry] : Entries.NONE);
        } catch (IOException _) {
            // Written by another policy: this one begins anew.
        }
        learned = new byte[0];
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
        if (!isComplete) forgotten.add(digest);
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

    /// Hands a head to the object that is on its way, if its head is the one that is known; false if none is.
    synchronized boolean freshenPending(Digest digest, byte[] known, byte[] head) {
        var ticket = tickets.get(digest);
        if (ticket == null) return false;
        if (Arrays.equals(ticket.head, known)) ticket.head = head;
        return true;
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
        if (!isComplete) forgotten.add(digest);
        condemnIfThere(digest);
    }

    /// The same for one object, if it is still the one to be found; false if it is not.
    synchronized boolean forget(Resident resident) {
        if (!resident.isLive) return false;
        if (!isComplete) forgotten.add(resident.digest);
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

package dev.nearside.edge.store.offheap;

import dev.nearside.edge.key.CacheKey.Digest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which objects a shard holds, which blocks are theirs, which are free, and who has to go next.
///
/// Its own lock is held for a few instructions and never across a disk access, so event loops may ask it.
///
/// Eviction is SIEVE (Zhang et al., NSDI 2024): one queue in order of arrival, one bit per object that a hit sets,
/// and a hand that goes from old to new, clears bits, and takes the first object without one. A hit moves nothing.
final class Index {

    private final int blocks;
    private final int records;
    private final Map<Digest, Resident> residents = new HashMap<>();
    private final Map<Digest, Ticket> tickets = new HashMap<>();
    // Forgotten objects whose records still lie on the disk: a restart would find them, so their blocks are not free.
    private final Map<Digest, Resident> condemned = new HashMap<>();
    // Digests that were removed before what lay on the disk was known.
    private final Set<Digest> forgotten = new HashSet<>();
    private final BitSet owned;
    private final BitSet retired = new BitSet();
    private final int[] free;
    private int freeCount;
    private boolean isComplete;
    private long lastGeneration;
    private @Nullable Resident oldest;
    private @Nullable Resident newest;
    private @Nullable Resident hand;

    Index(int blocks, int records) {
        this.blocks = blocks;
        this.records = records;
        this.free = new int[blocks];
        this.owned = new BitSet(blocks);
    }

    // ---- what was there at the start

    /// Takes in an object found on disk; empty if it was removed meanwhile, or its blocks are not plausible.
    synchronized Optional<Resident> adopt(Digest digest, ObjectRecord.Frame frame, ObjectRecord object) {
        if (forgotten.contains(digest)) return Optional.empty();
        var known = residents.get(digest);
        if (known != null) return Optional.of(known);
        if (isComplete || !claim(object.slots(), frame.detailSlots())) return Optional.empty();
        var resident = new Resident(digest, object.slots(), frame.detailSlots(), frame.generation());
        lastGeneration = Math.max(lastGeneration, frame.generation());
        link(resident);
        return Optional.of(resident);
    }

    private boolean claim(int[] slots, int[] detailSlots) {
        var all = new BitSet();
        int count = 0;
        for (var list : List.of(slots, detailSlots)) {
            for (int slot : list) {
                if (slot < 0 || slot >= blocks) return false;
                all.set(slot);
                count++;
            }
        }
        if (all.cardinality() != count || all.intersects(owned)) return false;
        owned.or(all);
        return true;
    }

    /// Everything on the disk is known: what nobody owns is free from now on.
    synchronized void complete() {
        for (int slot = blocks - 1; slot >= 0; slot--) {
            if (!owned.get(slot)) free[freeCount++] = slot;
        }
        forgotten.clear();
        isComplete = true;
    }

    synchronized boolean isComplete() {
        return isComplete;
    }

    // ---- reading

    /// Whether a look at the disk may be worth it.
    synchronized boolean mayHold(Digest digest) {
        return residents.containsKey(digest) || (!isComplete && !forgotten.contains(digest));
    }

    /// The object under this digest, held for the caller and marked as visited.
    synchronized Optional<Resident> hold(Digest digest) {
        var resident = residents.get(digest);
        if (resident == null) return Optional.empty();
        resident.wasVisited = true;
        resident.holders++;
        return Optional.of(resident);
    }

    /// The same, without a mark.
    synchronized Optional<Resident> holdQuietly(Digest digest) {
        var resident = residents.get(digest);
        if (resident == null) return Optional.empty();
        resident.holders++;
        return Optional.of(resident);
    }

    /// Of all objects that can be found.
    synchronized List<Digest> digests() {
        return List.copyOf(residents.keySet());
    }

    /// Of objects that can no longer be found, while their records still lie on the disk.
    synchronized List<Digest> condemned() {
        return List.copyOf(condemned.keySet());
    }

    /// One more holder of an object that the caller holds.
    synchronized void hold(Resident resident) {
        resident.holders++;
    }

    synchronized boolean holdIfLive(Resident resident) {
        if (!resident.isLive) return false;
        resident.holders++;
        return true;
    }

    synchronized void release(Resident resident) {
        if (--resident.holders > 0) return;
        giveBack(resident.slots);
        giveBack(resident.detailSlots);
    }

    synchronized boolean isLive(Resident resident) {
        return resident.isLive;
    }

    synchronized long generation(Resident resident) {
        return resident.generation;
    }

    // ---- writing

    /// Blocks for the caller to write to; evicts until there are enough, and hands those out whose records must be
    /// removed first. Empty if even that does not help.
    synchronized Optional<int[]> take(int count, List<Digest> evicted) {
        if (!isComplete || count > blocks) return Optional.empty();
        if (freeCount < count) {
            evicted.addAll(condemned.keySet());
            condemned.values().forEach(this::release);
            condemned.clear();
        }
        if (freeCount < count) evictUntil(count, evicted);
        if (freeCount < count) return Optional.empty();
        var slots = new int[count];
        for (int i = 0; i < count; i++) slots[i] = free[--freeCount];
        return Optional.of(slots);
    }

    /// Gives back blocks that no object owns.
    synchronized void giveBack(int[] slots) {
        for (int slot : slots) if (!retired.get(slot)) free[freeCount++] = slot;
    }

    /// A block that cannot be written, for its place in the file is damaged, is not handed out again.
    synchronized void retire(int slot) {
        retired.set(slot);
    }

    /// Makes room for one more record.
    synchronized void makeRoom(Digest digest, List<Digest> evicted) {
        if (residents.size() >= records && !residents.containsKey(digest)) evictOne(evicted);
    }

    /// Announces an object that is about to be stored; earlier announcements are void.
    ///
    /// @param replacesNow whether the object there is already worthless
    synchronized Ticket announce(Digest digest, byte[] head, boolean replacesNow) {
        if (replacesNow) condemnIfThere(digest);
        if (!isComplete) forgotten.add(digest);
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
    /// is fresher than the one in the record. The one there before goes.
    @SuppressWarnings("ReferenceEquality") // the very head that was written, not one like it
    synchronized boolean install(Resident resident, Ticket ticket, byte[] head) {
        if (tickets.get(ticket.digest) != ticket || ticket.head != head) return false;
        tickets.remove(ticket.digest);
        recordGone(resident.digest);
        unlinkIfThere(resident.digest);
        link(resident);
        return true;
    }

    /// Hands a head to the object that is on its way, if its head is the one that is known; false if none is.
    synchronized boolean freshenPending(Digest digest, byte[] known, byte[] head) {
        var ticket = tickets.get(digest);
        if (ticket == null) return false;
        if (Arrays.equals(ticket.head, known)) ticket.head = head;
        return true;
    }

    /// The details of a live object moved to other blocks. The old ones are free.
    synchronized boolean moveDetails(Resident resident, int[] detailSlots, long generation) {
        if (!resident.isLive) return false;
        giveBack(resident.detailSlots);
        resident.detailSlots = detailSlots;
        resident.generation = generation;
        return true;
    }

    /// From now on nothing is found under this digest, and nothing on its way will be. The blocks are kept until the
    /// record is gone.
    synchronized void forget(Digest digest) {
        tickets.remove(digest);
        if (!isComplete) forgotten.add(digest);
        condemnIfThere(digest);
    }

    /// The same for one object, if it is still the one to be found.
    synchronized boolean forget(Resident resident) {
        if (!resident.isLive) return false;
        condemn(resident);
        return true;
    }

    private void condemnIfThere(Digest digest) {
        var resident = residents.get(digest);
        if (resident != null) condemn(resident);
    }

    private void condemn(Resident resident) {
        unlink(resident);
        condemned.put(resident.digest, resident);
    }

    /// The record that lay under this digest was removed or written over: the blocks it named are free when nobody
    /// reads them any more.
    synchronized void recordGone(Digest digest) {
        var resident = condemned.remove(digest);
        if (resident != null) release(resident);
    }

    /// The record under this digest is to be removed: so is the object, but not what is on its way.
    synchronized void vacate(Digest digest) {
        condemnIfThere(digest);
    }

    synchronized boolean isVacant(Digest digest) {
        return !residents.containsKey(digest);
    }

    // ---- eviction

    private void evictUntil(int count, List<Digest> evicted) {
        // Each object is looked at twice at most: once to clear its bit, once to take it.
        for (int looks = 2 * residents.size(); looks > 0 && freeCount < count; looks--) advance(evicted);
    }

    private void evictOne(List<Digest> evicted) {
        int before = residents.size();
        for (int looks = 2 * before; looks > 0 && residents.size() == before; looks--) advance(evicted);
    }

    private void advance(List<Digest> evicted) {
        var at = hand != null ? hand : oldest;
        if (at == null) return;
        hand = at.newer;
        // What somebody reads would free nothing yet.
        if (at.wasVisited || at.holders > 1) {
            at.wasVisited = false;
            return;
        }
        evicted.add(at.digest);
        unlink(at);
        release(at);
    }

    private void link(Resident resident) {
        residents.put(resident.digest, resident);
        resident.older = newest;
        if (newest != null) newest.newer = resident;
        newest = resident;
        if (oldest == null) oldest = resident;
    }

    private void unlinkIfThere(Digest digest) {
        var resident = residents.get(digest);
        if (resident == null) return;
        unlink(resident);
        release(resident);
    }

    private void unlink(Resident resident) {
        residents.remove(resident.digest);
        if (hand == resident) hand = resident.newer;
        if (resident.older == null) oldest = resident.newer;
        else resident.older.newer = resident.newer;
        if (resident.newer == null) newest = resident.older;
        else resident.newer.older = resident.older;
        resident.older = null;
        resident.newer = null;
        resident.isLive = false;
    }

    // ---- figures

    synchronized int size() {
        return residents.size();
    }

    synchronized int usedBlocks() {
        return isComplete ? blocks - freeCount : owned.cardinality();
    }

    /// For tests: every block is either free or owned by one live object, provided that nobody reads or writes.
    synchronized List<String> contradictions() {
        var found = new ArrayList<String>();
        var seen = new BitSet(blocks);
        seen.or(retired);
        int count = freeCount + retired.cardinality();
        for (int i = 0; i < freeCount; i++) seen.set(free[i]);
        for (var resident : residents.values()) {
            for (int slot : resident.slots) seen.set(slot);
            for (int slot : resident.detailSlots) seen.set(slot);
            count += resident.slots.length + resident.detailSlots.length;
            if (resident.holders != 1) found.add(resident.digest + " has holders: " + resident.holders);
        }
        if (seen.cardinality() != blocks || count != blocks) {
            found.add("%d blocks, %d of them seen, %d times".formatted(blocks, seen.cardinality(), count));
        }
        if (!tickets.isEmpty()) found.add("tickets: " + tickets.size());
        if (!condemned.isEmpty()) found.add("records to be removed: " + condemned.size());
        return found;
    }
}

package dev.nearside.control.fleet;

import dev.nearside.control.http.Event;
import dev.nearside.control.http.EventSink;
import dev.nearside.control.peers.Changes;
import dev.nearside.control.peers.Changes.Subject;
import dev.nearside.model.wire.Json;
import dev.nearside.model.wire.feed.CaughtUp;
import dev.nearside.model.wire.feed.Duty;
import dev.nearside.model.wire.feed.Hello;
import dev.nearside.model.wire.feed.InvalidationMessage;
import dev.nearside.model.wire.feed.Reset;
import dev.nearside.model.wire.feed.Rotation;
import dev.nearside.model.wire.feed.SnapshotMessage;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells every edge what was published and invalidated, in the order of the commits, over one event stream each.
///
/// Nothing is queued for an edge: its stream remembers how far it got and reads on from there, out of the
/// newest entries in memory or, further back, out of the log. A slow edge therefore holds up nobody, and costs
/// no more than a fast one.
public final class Feed {
    private static final Logger LOG = LoggerFactory.getLogger(Feed.class);
    private static final int PAGE = 500;
    private static final int NEWEST_KEPT = 2_000;

    /// An edge has one feed, and another while it does not know yet that a connection was lost.
    private static final int MOST_READERS = 4;

    /// The same in characters, so that long orders do not fill the heap; the newest one is kept in any case.
    private static final long NEWEST_LENGTH = 8L << 20;

    private static final long HEARTBEAT_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final FeedLog log;
    private final Fleet fleet;
    private final Questions questions;
    private final CertificateFeed certificates;

    private final ReentrantLock reading = new ReentrantLock();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();
    /// The newest entries, without a gap, up to the head; ready to send.
    private final ArrayDeque<Entry> newest = new ArrayDeque<>();

    private FeedLog.Head head;
    private Targets targets = new Targets(0, Optional.empty());
    /// Every snapshot that some edge is to run; ready to send.
    private Map<Long, Entry> snapshots = Map.of();
    private boolean isClosed;
    /// The feeds of each edge, oldest first.
    private final Map<String, ArrayDeque<Reader>> readers = new HashMap<>();

    /// Whoever follows one feed; tells it from others of the same edge.
    private static final class Reader {}

    /// An event and its number; its bytes are made once for all edges.
    private record Entry(long number, Event event, int length) {}

    public Feed(FeedLog log, Fleet fleet, Questions questions, CertificateFeed certificates, Changes changes) {
        this.log = log;
        this.fleet = fleet;
        this.questions = questions;
        this.certificates = certificates;
        this.head = log.head();
        certificates.refresh(head.epoch());
        refresh();
        changes.listen(Subject.LOG, this::refresh);
        changes.listen(Subject.CERTIFICATES, this::refreshCertificates);
        fleet.whenDecided(this::wake);
    }

    /// Something was committed to the log, here or elsewhere: reads it once, then wakes every stream.
    ///
    /// Streams go on from memory meanwhile, however long the database takes.
    public void refresh() {
        reading.lock();
        try {
            var now = log.head();
            if (!now.epoch().equals(head().epoch())) certificates.refresh(now.epoch());
            var from = placeToReadFrom(now);
            var read = new ArrayDeque<Entry>();
            var page = log.after(from, PAGE);
            while (!page.isEmpty()) {
                for (var order : page) read.add(entry(now.epoch(), order));
                trim(read);
                if (read.getLast().number() >= now.position()) break;
                page = log.after(read.getLast().number(), PAGE);
            }
            var wanted = log.targets();
            take(now, read, wanted, read(wanted, now.epoch().equals(head().epoch())));
        } finally {
            reading.unlock();
        }
    }

    private static void trim(ArrayDeque<Entry> entries) {
        long length = entries.stream().mapToLong(Entry::length).sum();
        while (entries.size() > NEWEST_KEPT || (length > NEWEST_LENGTH && entries.size() > 1)) {
            length -= entries.removeFirst().length();
        }
    }

    /// After what position the log is to be read; what is in memory of another log is forgotten.
    private long placeToReadFrom(FeedLog.Head now) {
        lock.lock();
        try {
            boolean isOther = !now.epoch().equals(head.epoch());
            // Nobody takes anything out of a log: it was put back, as from a backup, without a new epoch.
            boolean wentBack = !isOther && now.position() < head.position();
            if (wentBack)
                LOG.error("the log went back from {} to {}: start a new epoch", head.position(), now.position());
            if (isOther || wentBack) newest.clear();
            return newest.isEmpty()
                    ? Math.max(now.position() - NEWEST_KEPT, 0)
                    : newest.getLast().number();
        } finally {
            lock.unlock();
        }
    }

    /// The snapshots that edges are to run.
    ///
    /// @param isSameLog whether those that were read before are still the same
    private Map<Long, Entry> read(Targets wanted, boolean isSameLog) {
        var known = isSameLog ? snapshots() : Map.<Long, Entry>of();
        var read = new HashMap<Long, Entry>();
        for (var version : wanted.live()) {
            Optional.ofNullable(known.get(version))
                    .or(() -> log.snapshot(version).map(Feed::entry))
                    .ifPresent(entry -> read.put(version, entry));
        }
        return read;
    }

    private void take(FeedLog.Head now, ArrayDeque<Entry> read, Targets wanted, Map<Long, Entry> readSnapshots) {
        lock.lock();
        try {
            boolean isGap = !read.isEmpty()
                    && !newest.isEmpty()
                    && read.getFirst().number() != newest.getLast().number() + 1;
            if (isGap) newest.clear();
            newest.addAll(read);
            trim(newest);
            targets = wanted;
            snapshots = Map.copyOf(readSnapshots);
            // What was read may go beyond the head that was read before it.
            long position = newest.isEmpty() ? now.position() : newest.getLast().number();
            head = new FeedLog.Head(now.epoch(), position, now.oldestPosition(), targets.settled());
            moved.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// A certificate was added, replaced or removed, here or elsewhere: streams look what that means to their edges.
    private void refreshCertificates() {
        certificates.refresh(head().epoch());
        wake();
    }

    /// An edge was asked a question, or somebody decided something about it: streams look what that means to them.
    public void wake() {
        lock.lock();
        try {
            moved.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Ends all streams.
    public void close() {
        lock.lock();
        try {
            isClosed = true;
            moved.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Tells an edge everything it has missed and all that follows, until it goes or is revoked.
    ///
    /// @param isConfidential nobody between here and the edge can read what is told
    void stream(String edgeId, Optional<String> lastEventId, boolean isConfidential, EventSink sink) {
        var edge = fleet.find(edgeId);
        if (edge.isEmpty()) return;
        var reader = enter(edgeId);
        fleet.feedChanged(edgeId, 1);
        try {
            var standing = edge.get().edge().standing();
            var place = greet(edgeId, lastEventId.flatMap(Place::parse), standing, sink);
            follow(edgeId, reader, place, standing, isConfidential, sink);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            fleet.feedChanged(edgeId, -1);
            leave(edgeId, reader);
        }
    }

    /// Of too many feeds of one edge the oldest ends: it is a lost connection, or somebody else's.
    private Reader enter(String edgeId) {
        var reader = new Reader();
        lock.lock();
        try {
            var open = readers.computeIfAbsent(edgeId, _ -> new ArrayDeque<>());
            open.add(reader);
            if (open.size() > MOST_READERS) {
                open.removeFirst();
                moved.signalAll();
            }
        } finally {
            lock.unlock();
        }
        return reader;
    }

    private void leave(String edgeId, Reader reader) {
        lock.lock();
        try {
            readers.computeIfPresent(edgeId, (_, open) -> {
                open.remove(reader);
                return open.isEmpty() ? null : open;
            });
        } finally {
            lock.unlock();
        }
    }

    private boolean mayRead(String edgeId, Reader reader) {
        lock.lock();
        try {
            var open = readers.get(edgeId);
            return open != null && open.contains(reader);
        } finally {
            lock.unlock();
        }
    }

    /// Says where the log stands, and brings the edge to a place in it.
    private Place greet(String edgeId, Optional<Place> from, Standing standing, EventSink sink) {
        // It may come from another control plane, which knew more than is known here yet.
        if (from.isPresent() && isAhead(from.get())) refresh();
        var now = head();
        var known = from.filter(place -> place.epoch().equals(now.epoch()));
        sink.emit(
                "hello",
                known.map(Place::eventId),
                Json.write(new Hello(
                        now.epoch(),
                        now.oldestPosition(),
                        now.position(),
                        target(edgeId),
                        standing.drainedAt().isPresent() ? true : null)));
        // Under another epoch the numbers of snapshots begin anew as well.
        if (from.isPresent() && from.get().continuesIn(now)) {
            LOG.info("edge {} resumes at {}", edgeId, from.get().eventId());
            return from.get();
        }
        var place = new Place(
                now.epoch(), now.position(), known.map(Place::snapshotVersion).orElse(0L));
        LOG.info("edge {} starts afresh at {}", edgeId, place.eventId());
        sink.emit("reset", Optional.of(place.eventId()), Json.write(new Reset(now.epoch(), now.position())));
        return place;
    }

    private void follow(
            String edgeId, Reader reader, Place start, Standing greeted, boolean isConfidential, EventSink sink)
            throws InterruptedException {
        var place = start;
        // Whether it is drained it was told with the greeting; of a rotation that was ordered before, it was not.
        var told = greeted.withoutRotation();
        var shown = CertificateFeed.Told.NOTHING;
        boolean isCaughtUp = false;
        long asked = 0;
        while (true) {
            var edge = fleet.find(edgeId);
            if (edge.isEmpty() || isClosed() || !mayRead(edgeId, reader)) return;
            var standing = edge.get().edge().standing();
            // Whoever else holds the old credential is not told anything more.
            if (!standing.credentialSince().equals(told.credentialSince())) return;
            tellChanges(told, standing, sink);
            told = standing;
            var now = head();
            if (!place.continuesIn(now)) return;
            var current = snapshot(edgeId);
            // Before the snapshot that needs them.
            long runs = current.map(Entry::number).orElse(place.snapshotVersion());
            shown = certificates.tell(runs, shown, isConfidential, sink);
            if (current.isPresent() && current.get().number() != place.snapshotVersion()) {
                place = place.withSnapshot(current.get().number());
                sink.emit(current.get().event(), Optional.of(place.eventId()));
            }
            var next = after(place.position());
            // The log has forgotten what lies between, just now: the edge comes again, and starts afresh.
            boolean isGap = next.isEmpty()
                    ? place.position() < now.position()
                    : next.getFirst().number() != place.position() + 1;
            if (isGap) return;
            for (var entry : next) {
                place = place.at(entry.number());
                sink.emit(entry.event(), Optional.of(place.eventId()));
            }
            for (var question : questions.after(asked, edgeId)) {
                asked = question.number();
                sink.emit("question", Optional.empty(), Json.write(question.question()));
            }
            if (place.position() < head().position()) continue;
            if (!isCaughtUp) {
                isCaughtUp = true;
                sink.emit(
                        "caught-up",
                        Optional.of(place.eventId()),
                        Json.write(new CaughtUp(place.epoch(), place.position())));
            }
            if (!awaitMoreThan(place, asked, edgeId, reader, told, shown)) sink.heartbeat();
        }
    }

    /// What operators have decided about the edge since it was told the last time.
    private static void tellChanges(Standing told, Standing now, EventSink sink) {
        boolean isDrained = now.drainedAt().isPresent();
        if (told.drainedAt().isPresent() != isDrained) {
            sink.emit("duty", Optional.empty(), Json.write(new Duty(isDrained)));
        }
        var ordered = now.rotationOrderedAt();
        if (ordered.isPresent() && !ordered.equals(told.rotationOrderedAt())) {
            sink.emit("rotation", Optional.empty(), Json.write(new Rotation(ordered.get())));
        }
    }

    /// The next entries after a position, at most a page of them.
    private List<Entry> after(long position) {
        lock.lock();
        try {
            if (position >= head.position()) return List.of();
            if (!newest.isEmpty() && newest.getFirst().number() <= position + 1) {
                return newest.stream()
                        .dropWhile(entry -> entry.number() <= position)
                        .limit(PAGE)
                        .toList();
            }
        } finally {
            lock.unlock();
        }
        return log.after(position, PAGE).stream()
                .map(order -> entry(head().epoch(), order))
                .toList();
    }

    /// Waits until there is something new; false if there is nothing after the time of a heartbeat.
    private boolean awaitMoreThan(
            Place place, long asked, String edgeId, Reader reader, Standing told, CertificateFeed.Told shown)
            throws InterruptedException {
        lock.lock();
        try {
            long left = HEARTBEAT_NANOS;
            while (!isMoreThan(place, edgeId)
                    && !certificates.isMoreThan(shown, place.snapshotVersion())
                    && questions.after(asked, edgeId).isEmpty()
                    && mayRead(edgeId, reader)
                    && fleet.stands(edgeId, told.revision())) {
                if (left <= 0) return false;
                left = moved.awaitNanos(left);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private boolean isAhead(Place place) {
        var now = head();
        return !place.epoch().equals(now.epoch())
                || place.position() > now.position()
                || place.snapshotVersion() > newestSnapshot();
    }

    private boolean isMoreThan(Place place, String edgeId) {
        return isClosed
                || head.position() > place.position()
                || snapshot(edgeId)
                        .filter(entry -> entry.number() != place.snapshotVersion())
                        .isPresent()
                || !head.epoch().equals(place.epoch());
    }

    private FeedLog.Head head() {
        lock.lock();
        try {
            return head;
        } finally {
            lock.unlock();
        }
    }

    private Map<Long, Entry> snapshots() {
        lock.lock();
        try {
            return snapshots;
        } finally {
            lock.unlock();
        }
    }

    private long newestSnapshot() {
        lock.lock();
        try {
            return targets.newest();
        } finally {
            lock.unlock();
        }
    }

    /// The snapshot that an edge is to run; 0 if there is none.
    private long target(String edgeId) {
        lock.lock();
        try {
            return targets.of(edgeId, fleet.find(edgeId).map(EdgeStatus::labels).orElse(Map.of()));
        } finally {
            lock.unlock();
        }
    }

    private Optional<Entry> snapshot(String edgeId) {
        lock.lock();
        try {
            return Optional.ofNullable(snapshots.get(target(edgeId)));
        } finally {
            lock.unlock();
        }
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return isClosed;
        } finally {
            lock.unlock();
        }
    }

    private static Entry entry(long number, String name, String json) {
        return new Entry(number, new Event(name, json), json.length());
    }

    private static Entry entry(String epoch, FeedLog.Order order) {
        var message = new InvalidationMessage(
                epoch,
                order.position(),
                order.id(),
                order.distributionId(),
                order.paths(),
                order.createdAt(),
                order.soft() ? true : null);
        return entry(order.position(), "invalidation", Json.write(message));
    }

    private static Entry entry(FeedLog.Published published) {
        return entry(
                published.version(),
                "snapshot",
                SnapshotMessage.json(published.version(), published.hash(), published.document()));
    }
}

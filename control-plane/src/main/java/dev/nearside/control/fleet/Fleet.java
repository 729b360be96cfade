package dev.nearside.control.fleet;

import dev.nearside.control.access.Secrets;
import dev.nearside.control.audit.Authorship;
import dev.nearside.control.fleet.FleetRepository.Decision;
import dev.nearside.control.fleet.FleetRepository.Invited;
import dev.nearside.control.fleet.FleetRepository.Note;
import dev.nearside.control.peers.Changes;
import dev.nearside.control.peers.Changes.Subject;
import dev.nearside.model.check.Checked;
import dev.nearside.model.wire.Json;
import dev.nearside.model.wire.feed.EdgeReport;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All edges as they are known right now, and the receipts they gave.
///
/// What edges say every second stays in memory; the database hears of it when it changes, and otherwise rarely. What
/// edges say to other control planes comes out of the database. A receipt is what the database has, never memory.
public final class Fleet {
    private static final Logger LOG = LoggerFactory.getLogger(Fleet.class);
    private static final Duration TOKEN_LIFE = Duration.ofDays(7);
    private static final long BETWEEN_LOOKS_NANOS = Duration.ofMillis(2).toNanos();

    /// Of how many of the latest invalidations it is kept when exactly each edge had applied them.
    private static final long EXACT_RECEIPTS = 10_000;

    private final FleetRepository repository;
    private final FeedLog log;
    private final Secrets secrets;
    private final Changes changes;
    private final Company company;
    private final Supplier<String> ids;
    private final InstantSource clock;

    private final ReentrantLock reloading = new ReentrantLock();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Condition pauseOver = lock.newCondition();
    private final Map<String, EdgeStatus> edges = new HashMap<>();
    private final Map<String, Noted> noted = new HashMap<>();
    /// Whose a credential is, by its hash, as far as it was asked for; nothing else is believed without asking again.
    private final Map<String, String> holders = new HashMap<>();

    private long credentialsEnded;
    /// Counts what was decided here: what was read from the database before is not believed after it.
    private long decisions;
    private volatile Runnable decided = () -> {};
    private final Notes notes = new Notes(this::commit);
    private volatile FeedLog.Head head;
    private long receiptsGiven;

    /// What the database knows of an edge.
    private record Noted(Instant at, String epoch, long position, long snapshotVersion) {}

    /// This control plane among those on the same database.
    ///
    /// @param self names it
    /// @param isShared whether there may be others
    /// @param betweenNotes how often the database hears of an edge of which there is nothing new; the others
    ///     take it for unreachable when they read nothing of it for as long and a bit
    public record Company(String self, boolean isShared, Duration betweenNotes) {}

    public Fleet(
            FleetRepository repository,
            FeedLog log,
            Secrets secrets,
            Changes changes,
            Company company,
            Supplier<String> ids,
            InstantSource clock) {
        this.repository = repository;
        this.log = log;
        this.secrets = secrets;
        this.changes = changes;
        this.company = company;
        this.ids = ids;
        this.clock = clock;
        this.head = log.head();
        refresh();
        changes.listen(Subject.PROGRESS, this::progressed);
        if (!company.isShared()) return;
        changes.listen(Subject.EDGES, this::refresh);
        changes.listen(Subject.LOG, () -> head = log.head());
    }

    /// What is stored of an edge, besides what it says here.
    private EdgeStatus merged(@Nullable EdgeStatus known, Enrolled edge) {
        boolean isElsewhere = edge.connectedTo()
                .filter(other -> !other.equals(company.self()))
                .isPresent();
        var elsewhere =
                isElsewhere ? Optional.of(edge.lastSeen().plus(company.betweenNotes())) : Optional.<Instant>empty();
        var stored = edge.report().flatMap(Fleet::stored);
        if (known == null) return EdgeStatus.of(edge, stored).withElsewhere(elsewhere);
        boolean isNews = edge.lastSeen().isAfter(known.lastSeen());
        var status = known.with(edge).withElsewhere(elsewhere);
        return isNews ? status.withReport(stored.or(known::report)) : status;
    }

    /// Whoever waits for receipts looks again.
    private void progressed() {
        lock.lock();
        try {
            receiptGiven();
        } finally {
            lock.unlock();
        }
    }

    /// A report that another release took in may not be readable here; then the next one tells.
    private static Optional<EdgeReport> stored(String json) {
        return switch (Json.readKnown(json, EdgeReport.class)) {
            case Checked.Valid<EdgeReport>(var report) -> Optional.of(report);
            case Checked.Invalid<EdgeReport> _ -> Optional.empty();
        };
    }

    /// All edges that are not revoked, by name.
    public List<EdgeStatus> edges() {
        lock.lock();
        try {
            return edges.values().stream()
                    .sorted(Comparator.comparing(status -> status.edge().name()))
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    public Optional<EdgeStatus> find(String edgeId) {
        lock.lock();
        try {
            return Optional.ofNullable(edges.get(edgeId));
        } finally {
            lock.unlock();
        }
    }

    /// Has something done whenever operators decided something about an edge.
    void whenDecided(Runnable listener) {
        decided = listener;
    }

    /// Whether an edge belongs to the fleet and nothing was decided about it since a revision.
    boolean stands(String edgeId, long revision) {
        return find(edgeId)
                .map(status -> status.edge().standing().revision() == revision)
                .orElse(false);
    }

    /// A token that lets one edge in, shown once.
    public record Invitation(String token, Instant expiresAt) {
        @Override
        public String toString() {
            return "Invitation[expires " + expiresAt + "]";
        }
    }

    public Invitation invite(Optional<String> edgeName, Authorship by) {
        var token = secrets.make(Secrets.Kind.ENROLMENT);
        var expiresAt = by.at().plus(TOKEN_LIFE);
        repository.addEnrolmentToken(Secrets.hash(token), edgeName, expiresAt, by);
        return new Invitation(token, expiresAt);
    }

    /// How an enrolment ended.
    public sealed interface Entry {

        record Admitted(Enrolled edge, String credential) implements Entry {
            @Override
            public String toString() {
                return "Admitted[" + edge.id() + "]";
            }
        }

        record BadToken() implements Entry {}

        record NameTaken() implements Entry {}
    }

    public Entry enrol(String token, String name, String softwareVersion, Map<String, String> labels) {
        var credential = secrets.make(Secrets.Kind.EDGE);
        var enrolment = repository.enrol(
                Secrets.hash(token),
                ids.get(),
                name,
                softwareVersion,
                labels,
                Secrets.hash(credential),
                clock.instant());
        return switch (enrolment) {
            case FleetRepository.Enrolment.BadToken() -> new Entry.BadToken();
            case FleetRepository.Enrolment.NameTaken() -> new Entry.NameTaken();
            case FleetRepository.Enrolment.Welcome(var edge, var replaced) -> {
                lock.lock();
                try {
                    decisions++;
                    replaced.ifPresent(this::leave);
                    edges.put(edge.id(), EdgeStatus.of(edge, Optional.empty()));
                    receiptGiven();
                } finally {
                    lock.unlock();
                }
                changes.announce(Subject.EDGES);
                yield new Entry.Admitted(edge, credential);
            }
        };
    }

    /// The tokens that still let an edge in.
    public List<Invited> invited() {
        return repository.invited(clock.instant());
    }

    /// Makes a token worthless before it was used; whether there was one.
    public boolean withdraw(String tokenId, Authorship by) {
        return repository.withdraw(tokenId, by);
    }

    /// Gives an edge these labels and no others, if the given ETag is still its own.
    public Decision label(String edgeId, String etag, Map<String, String> labels, Authorship by) {
        return kept(repository.label(edgeId, etag, labels, by));
    }

    /// Takes an edge out of service, or back into it.
    public Decision drain(String edgeId, boolean drained, Authorship by) {
        return kept(repository.drain(edgeId, drained, by));
    }

    /// A new credential of an edge that was told to fetch one.
    public sealed interface Fetched {

        record Fresh(Enrolled edge, String credential) implements Fetched {
            @Override
            public String toString() {
                return "Fresh[" + edge.id() + "]";
            }
        }

        record NotOrdered() implements Fetched {}
    }

    /// Makes a new credential for an edge that was told to fetch one; the old one is good until this is used.
    Fetched fetchCredential(String edgeId) {
        var credential = secrets.make(Secrets.Kind.EDGE);
        return switch (repository.offer(edgeId, Secrets.hash(credential))) {
            case Decision.Taken(var edge) -> new Fetched.Fresh(edge, credential);
            case Decision.NotOrdered(), Decision.NoSuchEdge(), Decision.Stale _ -> new Fetched.NotOrdered();
        };
    }

    /// Whose credential this is; a new one that is used for the first time ends the old one.
    public Optional<String> holder(String credentialHash) {
        long asked;
        lock.lock();
        try {
            var remembered = holders.get(credentialHash);
            if (remembered != null) return Optional.of(remembered);
            asked = credentialsEnded;
        } finally {
            lock.unlock();
        }
        var known = repository.findByCredential(credentialHash);
        if (known.isEmpty()) {
            var settled = repository.settle(credentialHash, clock.instant());
            if (settled.isPresent()) {
                endCredential(settled.get().id());
                keep(settled.get());
            }
            known = settled.map(Enrolled::id);
        }
        // Enrolled at another control plane, perhaps.
        if (known.isPresent() && find(known.get()).isEmpty()) refresh();
        lock.lock();
        try {
            // Unless a credential ended meanwhile: it may have been this one.
            if (known.isPresent() && asked == credentialsEnded) holders.put(credentialHash, known.get());
        } finally {
            lock.unlock();
        }
        return known;
    }

    private void endCredential(String edgeId) {
        lock.lock();
        try {
            holders.values().removeIf(edgeId::equals);
            credentialsEnded++;
        } finally {
            lock.unlock();
        }
    }

    /// Reads from the database who belongs to the fleet, and what is known of edges that others look after: another
    /// control plane may have enrolled or revoked edges, or an operator may have decided something there.
    public void refresh() {
        reloading.lock();
        try {
            boolean isTaken = false;
            while (!isTaken) {
                long before = decisions();
                isTaken = take(repository.edges(), before);
            }
        } finally {
            reloading.unlock();
        }
        decided.run();
    }

    /// Goes by what was read; false if something was decided here since, which is perhaps not in it.
    private boolean take(List<Enrolled> now, long before) {
        lock.lock();
        try {
            if (decisions != before) return false;
            var left = new HashSet<>(edges.keySet());
            for (var edge : now) {
                left.remove(edge.id());
                var known = edges.get(edge.id());
                if (known != null
                        && !known.edge()
                                .standing()
                                .credentialSince()
                                .equals(edge.standing().credentialSince())) {
                    endCredential(edge.id());
                }
                edges.put(edge.id(), merged(known, edge));
            }
            left.forEach(this::leave);
            receiptGiven();
            return true;
        } finally {
            lock.unlock();
        }
    }

    private long decisions() {
        lock.lock();
        try {
            return decisions;
        } finally {
            lock.unlock();
        }
    }

    /// Somebody decided something about an edge here.
    private void decided() {
        decided.run();
        changes.announce(Subject.EDGES);
    }

    /// The lock is held.
    private void leave(String edgeId) {
        edges.remove(edgeId);
        noted.remove(edgeId);
        endCredential(edgeId);
    }

    /// An edge is to fetch a new credential.
    public Decision orderRotation(String edgeId, Authorship by) {
        return kept(repository.orderRotation(edgeId, by));
    }

    private Decision kept(Decision decision) {
        if (decision instanceof Decision.Taken(var edge)) keep(edge);
        return decision;
    }

    private void keep(Enrolled edge) {
        lock.lock();
        try {
            decisions++;
            // Of two decisions the later one may get here first.
            edges.computeIfPresent(edge.id(), (_, status) -> status.isNewerThan(edge) ? status : status.with(edge));
        } finally {
            lock.unlock();
        }
        // Whoever waited for an edge that is now drained waits no more.
        decided();
    }

    /// Takes an edge out of the fleet: its credential is void, its feed ends, nobody waits for it any more.
    public boolean revoke(String edgeId, Authorship by) {
        if (!repository.revoke(edgeId, by)) return false;
        lock.lock();
        try {
            decisions++;
            leave(edgeId);
            receiptGiven();
        } finally {
            lock.unlock();
        }
        decided();
        return true;
    }

    /// The edge of an id opened or closed a feed.
    void feedChanged(String edgeId, int by) {
        int feeds;
        lock.lock();
        try {
            var status = edges.computeIfPresent(edgeId, (_, known) -> known.withFeeds(known.feeds() + by));
            feeds = status == null ? 0 : status.feeds();
        } finally {
            lock.unlock();
        }
        if (feeds == 0 || (feeds == 1 && by > 0)) tellConnection(edgeId, feeds > 0);
    }

    /// Others may know it from the next report as well.
    private void tellConnection(String edgeId, boolean isConnected) {
        // At the end of this control plane its streams are interrupted, and that would tear a connection.
        if (!company.isShared() || Thread.currentThread().isInterrupted()) return;
        try {
            repository.connection(edgeId, company.self(), isConnected);
        } catch (RuntimeException e) {
            LOG.debug("edge {} is {}connected, and the database does not know", edgeId, isConnected ? "" : "dis", e);
        }
    }

    /// Takes in what an edge says about itself.
    void report(String edgeId, EdgeReport report) {
        var now = clock.instant();
        var note = noteWorthy(edgeId, report, now);
        lock.lock();
        try {
            edges.computeIfPresent(edgeId, (_, status) -> status.with(report, now));
        } finally {
            lock.unlock();
        }
        if (note.isEmpty()) return;
        try {
            notes.write(note.get());
        } catch (RuntimeException failed) {
            forget(edgeId);
            throw failed;
        }
    }

    /// What the database has yet to hear of the edge, if this report tells something that should be noted.
    private Optional<Note> noteWorthy(String edgeId, EdgeReport report, Instant now) {
        boolean isOfThisLog = isOfThisLog(report);
        lock.lock();
        try {
            var last = noted.getOrDefault(edgeId, new Noted(Instant.EPOCH, "", -1, -1));
            boolean isElsewhere =
                    last.position() != report.position() || !last.epoch().equals(report.epoch());
            boolean isDue = last.snapshotVersion() != report.snapshotVersion()
                    || !now.isBefore(last.at().plus(company.betweenNotes()));
            if (!isElsewhere && !isDue) return Optional.empty();
            noted.put(
                    edgeId,
                    new Noted(isDue ? now : last.at(), report.epoch(), report.position(), report.snapshotVersion()));
            return Optional.of(new Note(
                    edgeId,
                    now,
                    isElsewhere && isOfThisLog ? Optional.of(report.position()) : Optional.empty(),
                    isDue ? Optional.of(Json.write(report)) : Optional.empty(),
                    find(edgeId).filter(status -> status.feeds() > 0).map(_ -> company.self())));
        } finally {
            lock.unlock();
        }
    }

    /// Positions of another log, or beyond the end of this one, are no receipts. The log only grows within an epoch, so
    /// that what lies within the head as it was read last lies within it still.
    private boolean isOfThisLog(EdgeReport report) {
        if (!lies(report, head)) head = log.head();
        return lies(report, head);
    }

    private static boolean lies(EdgeReport report, FeedLog.Head head) {
        return report.epoch().equals(head.epoch()) && report.position() <= head.position();
    }

    /// What could not be written is written with the next report.
    private void forget(String edgeId) {
        lock.lock();
        try {
            noted.remove(edgeId);
        } finally {
            lock.unlock();
        }
    }

    /// Before anybody waiting is told: a receipt that was seen must survive a restart.
    private void commit(List<Note> batch) {
        repository.note(batch);
        changes.announce(Subject.PROGRESS);
    }

    /// Forgets what no receipt needs.
    public void forgetReceipts() {
        var now = log.head();
        repository.forgetReceipts(now.oldestPosition(), now.position() - EXACT_RECEIPTS + 1);
    }

    /// What one edge made of an invalidation.
    ///
    /// @param since when it became so; empty while it is awaited
    public record Receipt(EdgeStatus edge, State state, Optional<Instant> since) {

        /// `DRAINED` is an edge that has not applied it and that nobody waits for.
        public enum State {
            APPLIED,
            WAITING,
            UNREACHABLE,
            DRAINED
        }

        /// Whether nobody waits for this edge any more.
        public boolean isSettled() {
            return state == State.APPLIED || state == State.DRAINED;
        }
    }

    /// What every edge made of the invalidation at a position.
    public List<Receipt> receipts(long position) {
        // An edge that enrolled elsewhere a moment ago is waited for like any other.
        if (!repository.revisions().equals(revisions())) refresh();
        var reached = repository.reachedAt(position);
        var now = clock.instant();
        var receipts = new ArrayList<Receipt>();
        for (var status : edges()) {
            var at = Optional.ofNullable(reached.get(status.edge().id()));
            if (at.isPresent()) receipts.add(new Receipt(status, Receipt.State.APPLIED, at));
            else if (status.isDrained()) {
                var drainedAt = status.edge().standing().drainedAt();
                receipts.add(new Receipt(status, Receipt.State.DRAINED, drainedAt));
            } else if (status.isReachable(now)) {
                receipts.add(new Receipt(status, Receipt.State.WAITING, Optional.empty()));
            } else {
                receipts.add(new Receipt(status, Receipt.State.UNREACHABLE, Optional.of(status.lastSeen())));
            }
        }
        return receipts;
    }

    private Map<String, Long> revisions() {
        return edges().stream()
                .collect(Collectors.toMap(
                        status -> status.edge().id(),
                        status -> status.edge().standing().revision()));
    }

    /// Waits until enough edges have applied the invalidation at a position, or until the time is up.
    ///
    /// @return what every edge made of it in the end
    public List<Receipt> await(long position, Predicate<List<Receipt>> isEnough, Duration atMost)
            throws InterruptedException {
        long end = System.nanoTime() + atMost.toNanos();
        while (true) {
            long seen = receiptsGiven();
            long looked = System.nanoTime();
            var receipts = receipts(position);
            long left = end - System.nanoTime();
            if (left <= 0 || isEnough.test(receipts)) return receipts;
            lock.lock();
            try {
                while (seen == receiptsGiven && left > 0) left = changed.awaitNanos(left);
                // Many edges tell at the same time, and who waits need not look at the database for each of them.
                long pause = Math.min(left, BETWEEN_LOOKS_NANOS - (System.nanoTime() - looked));
                while (pause > 0) pause = pauseOver.awaitNanos(pause);
            } finally {
                lock.unlock();
            }
        }
    }

    /// The position that every edge within reach has followed the log to; edges that are drained or out of reach do
    /// not keep it down.
    public long followedTo() {
        var now = clock.instant();
        return edges().stream()
                .filter(status -> !status.isDrained() && status.isReachable(now))
                .mapToLong(status -> status.report().map(EdgeReport::position).orElse(0L))
                .min()
                .orElse(Long.MAX_VALUE);
    }

    private long receiptsGiven() {
        lock.lock();
        try {
            return receiptsGiven;
        } finally {
            lock.unlock();
        }
    }

    /// Wakes whoever waits for receipts; the lock is held.
    private void receiptGiven() {
        receiptsGiven++;
        changed.signalAll();
    }
}

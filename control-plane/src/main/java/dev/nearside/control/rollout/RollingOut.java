package dev.nearside.control.rollout;

import dev.nearside.control.audit.Authorship;
import dev.nearside.control.fleet.Canaries;
import dev.nearside.control.fleet.EdgeStatus;
import dev.nearside.control.fleet.Fleet;
import dev.nearside.control.metrics.Family;
import dev.nearside.control.publish.OnTrial;
import dev.nearside.control.rollout.Guards.Verdict;
import dev.nearside.control.rollout.State.Ended;
import dev.nearside.model.check.Checked;
import dev.nearside.model.check.Problems;
import dev.nearside.model.wire.Json;
import dev.nearside.model.wire.api.NewRollout;
import dev.nearside.model.wire.api.Rollouts.Figures;
import dev.nearside.model.wire.api.Rollouts.Guard;
import dev.nearside.model.wire.feed.EdgeReport;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Leads the rollout that is under way, if there is one, from one state to the next.
///
/// Every control plane counts what it hears and writes it down; one of them, whichever holds the lease, adds it all
/// up and decides. All that it knows is in the database, so that another one can go on at any moment.
public final class RollingOut {
    private static final Logger LOG = LoggerFactory.getLogger(RollingOut.class);

    private final RolloutRepository repository;
    private final Fleet fleet;
    private final Sampling sampling;
    private final String writer;
    private final Runnable committed;
    private final InstantSource clock;

    /// When this one decided last, and since when it has done so without a pause.
    private Instant decidedAt = Instant.MIN;

    private Instant leadsSince = Instant.MIN;

    /// @param writer what tells this run of this control plane from all others
    /// @param committed is run after the snapshots that edges are to run have changed
    public RollingOut(
            RolloutRepository repository,
            Fleet fleet,
            Sampling sampling,
            String writer,
            Runnable committed,
            InstantSource clock) {
        this.repository = repository;
        this.fleet = fleet;
        this.sampling = sampling;
        this.writer = writer;
        this.committed = committed;
        this.clock = clock;
    }

    /// A rollout as somebody wishes it, held against the fleet as it is now.
    public Checked<OnTrial> prepare(NewRollout wanted) {
        return PlanReader.read(wanted).then(asked -> {
            var now = clock.instant();
            var edges = fleet.edges().stream()
                    .filter(status -> status.isReachable(now) && !status.isDrained())
                    .toList();
            var canaries = canaries(asked, edges);
            long count =
                    edges.stream().filter(status -> isCanary(canaries, status)).count();
            var problems = Problems.none();
            if (count == 0 || count == edges.size()) {
                problems.at("rollout")
                        .at("canaries")
                        .add(
                                "%d of %d edges that can be reached and are not drained (expected: at least one, and at least one left to compare with)"
                                        .formatted(count, edges.size()));
            }
            return Checked.of(new OnTrial(canaries, Json.write(asked)), problems.list());
        });
    }

    private static Canaries canaries(NewRollout asked, List<EdgeStatus> edges) {
        var chosen = asked.canaries();
        return chosen == null || chosen.percentage() == null
                ? new Canaries.Labelled(PlanReader.labels(asked))
                : Canaries.share(
                        chosen.percentage(),
                        edges.stream().map(status -> status.edge().id()).toList());
    }

    /// For `/metrics`, in the format of OpenMetrics.
    public String metrics() {
        var now = repository.underWay().map(rollout -> rollout.state().word()).orElse("none");
        var family = Family.gauge("nearside_rollout", "How far the rollout is that is under way; 1 is where it is.");
        for (var state : List.of("none", "starting", "watching"))
            family.with("state", state, state.equals(now) ? 1 : 0);
        return family.text();
    }

    /// Counts what an edge reports.
    public void heard(String edgeId, EdgeReport report) {
        sampling.heard(edgeId, report);
    }

    /// Writes down what this control plane has counted; every one does so, every second.
    public void count() {
        var rollout = repository.underWay();
        rollout.filter(found -> found.state() instanceof State.Watching).ifPresent(found -> {
            sampling.follow(rollout);
            repository.count(found.version(), writer, sampling.sides());
        });
        if (rollout.isEmpty()) sampling.follow(rollout);
    }

    /// Looks at the rollout that is under way and takes it to its next state; one control plane at a time.
    public void decide() {
        repository.underWay().ifPresent(this::decide);
    }

    private void decide(Rollout rollout) {
        var now = clock.instant();
        var state = sinceSomebodyLooks(rollout.state(), now);
        var seen = observe(rollout, now);
        var next = Rollout.next(rollout.plan(), state, seen, now);
        if (!(state instanceof State.Starting)) repository.look(rollout, figures(rollout.plan(), seen, now));
        if (next.isAlike(state)) return;
        var why = next instanceof Ended ended ? ended.why() : "";
        var moved = repository.move(rollout, next, new Authorship(Rollout.ITSELF, now, why));
        moved.ifPresent(after -> sampling.follow(Optional.of(after)));
        if (next instanceof Ended && moved.isPresent()) {
            LOG.info("the rollout of snapshot {} ended: {}", rollout.version(), next);
            committed.run();
        }
    }

    /// Canaries have their time to begin from when somebody can see it: not while no control plane was there.
    private State sinceSomebodyLooks(State state, Instant now) {
        if (decidedAt.plus(Rollout.LOOK).isBefore(now)) leadsSince = now;
        decidedAt = now;
        return state instanceof State.Starting(var since) && since.isBefore(leadsSince)
                ? new State.Starting(leadsSince)
                : state;
    }

    /// How somebody's wish to end a rollout ended.
    public sealed interface Outcome {

        record Done(Rollout rollout) implements Outcome {}

        record Missing() implements Outcome {}

        record Over(Rollout rollout) implements Outcome {}

        record Stale(Rollout current) implements Outcome {}
    }

    public Outcome promote(long version, String etag, Authorship by) {
        return end(version, etag, by, why -> new State.Promoted(by.at(), by.author(), why));
    }

    public Outcome abort(long version, String etag, Authorship by) {
        return end(version, etag, by, why -> new State.RolledBack(by.at(), by.author(), why));
    }

    /// How a rollout ends, for a reason.
    private interface End {
        Ended because(String why);
    }

    private Outcome end(long version, String etag, Authorship by, End end) {
        var found = repository.find(version).map(RolloutRepository.Kept::rollout);
        if (found.isEmpty()) return new Outcome.Missing();
        var rollout = found.get();
        if (rollout.state() instanceof Ended) return new Outcome.Over(rollout);
        if (!rollout.etag().equals(etag)) return new Outcome.Stale(rollout);
        var told = rollout.state() instanceof State.Watching
                ? Rollout.told(rollout.plan(), observe(rollout, by.at()))
                : "before the watch began";
        var why = by.comment().isBlank() ? told : by.comment() + " (" + told + ")";
        var moved = repository.move(rollout, end.because(why), new Authorship(by.author(), by.at(), why));
        if (moved.isEmpty()) return end(version, etag, by, end);
        committed.run();
        return new Outcome.Done(moved.get());
    }

    /// The canaries of a rollout as they are now, by name.
    List<EdgeStatus> canaries(Rollout rollout) {
        return fleet.edges().stream()
                .filter(status -> isCanary(rollout.plan().canaries(), status))
                .toList();
    }

    /// A drained edge answers hardly anybody, so it proves nothing.
    private Observations observe(Rollout rollout, Instant now) {
        var canaries =
                canaries(rollout).stream().filter(status -> !status.isDrained()).toList();
        var reachable =
                canaries.stream().filter(status -> status.isReachable(now)).toList();
        var refusal = reachable.stream()
                .flatMap(status -> refusal(status, rollout.version()).stream())
                .collect(Collectors.joining("; "));
        return new Observations(
                canaries.size(),
                reachable.size(),
                (int) reachable.stream()
                        .filter(status -> status.snapshotVersion() == rollout.version())
                        .count(),
                Optional.of(refusal).filter(text -> !text.isEmpty()),
                repository.counted(rollout.version()));
    }

    private static Optional<String> refusal(EdgeStatus status, long version) {
        return status.report()
                .map(EdgeReport::refused)
                .filter(refused -> refused.version() == version)
                .map(refused -> "edge %s refused it: %s"
                        .formatted(status.edge().name(), String.join("; ", refused.problems())));
    }

    private static boolean isCanary(Canaries canaries, EdgeStatus status) {
        return canaries.has(status.edge().id(), status.labels());
    }

    private static Figures figures(Plan plan, Observations seen, Instant now) {
        return new Figures(
                now,
                seen.sides().canaries().requests(),
                seen.sides().others().requests(),
                plan.guards().judge(seen.sides()).stream()
                        .map(RollingOut::guard)
                        .toList());
    }

    private static Guard guard(Verdict verdict) {
        return new Guard(
                switch (verdict.guarded()) {
                    case SERVER_ERRORS -> "serverErrors";
                    case HIT_RATIO -> "hitRatio";
                    case LATENCY -> "latency";
                },
                verdict.canaries().orElse(null),
                verdict.others().orElse(null),
                verdict.allowed(),
                switch (verdict.standing()) {
                    case FINE -> "fine";
                    case BROKEN -> "broken";
                    case TOO_LITTLE_TRAFFIC -> "too-little-traffic";
                });
    }
}

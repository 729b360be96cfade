package dev.nearside.control.rollout;

import dev.nearside.control.rollout.Guards.Standing;
import dev.nearside.control.rollout.Guards.Verdict;
import dev.nearside.control.rollout.State.Ended;
import dev.nearside.control.rollout.State.Promoted;
import dev.nearside.control.rollout.State.RolledBack;
import dev.nearside.control.rollout.State.Starting;
import dev.nearside.control.rollout.State.Watching;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Collectors;

/// A snapshot that is tried on some edges before the others get it.
///
/// @param version of the snapshot that is tried; the rollout is known by it
/// @param previous the snapshot that the other edges run
/// @param finalVersion what every edge runs afterwards; empty before the end
/// @param revision counts the changes of the state
public record Rollout(
        long version,
        long previous,
        Optional<Long> finalVersion,
        Plan plan,
        State state,
        int revision,
        String author,
        String comment,
        Instant startedAt) {

    /// Who ended a rollout that nobody ended by hand.
    public static final String ITSELF = "rollout";

    /// How long canaries may take to run the snapshot, and how long they may be out of reach.
    static final Duration PATIENCE = Duration.ofSeconds(30);

    /// A look that comes later than this after the one before leaves a time that nobody watched.
    static final Duration LOOK = Duration.ofSeconds(10);

    public String etag() {
        return "\"" + revision + "\"";
    }

    /// Where a rollout goes from a state.
    public static State next(Plan plan, State state, Observations seen, Instant now) {
        return switch (state) {
            case Starting starting -> next(plan, starting, seen, now);
            case Watching watching -> next(plan, watching, seen, now);
            case Ended ended -> ended;
        };
    }

    private static State next(Plan plan, Starting starting, Observations seen, Instant now) {
        if (seen.refusal().isPresent()) return rolledBack(now, seen.refusal().get());
        boolean isTimeUp = !now.isBefore(starting.since().plus(PATIENCE));
        if (seen.applied() > 0 && (seen.applied() == seen.canaries() || isTimeUp)) {
            return new Watching(now, now.plus(plan.duration()), now, Optional.empty());
        }
        return isTimeUp ? rolledBack(now, "no canary ran it within %d s".formatted(PATIENCE.toSeconds())) : starting;
    }

    private static State next(Plan plan, Watching watching, Observations seen, Instant now) {
        if (seen.refusal().isPresent()) return rolledBack(now, seen.refusal().get());
        var broken = plan.guards().judge(seen.sides()).stream()
                .filter(verdict -> verdict.standing() == Standing.BROKEN)
                .map(Verdict::told)
                .collect(Collectors.joining("; "));
        if (!broken.isEmpty()) return rolledBack(now, broken + "; " + traffic(seen));
        if (seen.areLost()) {
            var since = watching.lostSince().orElse(now);
            if (!now.isBefore(since.plus(PATIENCE))) {
                return rolledBack(
                        now,
                        "only %d of %d canaries could be reached for %d s"
                                .formatted(seen.reachable(), seen.canaries(), PATIENCE.toSeconds()));
            }
            return looked(watching, Optional.of(since), now);
        }
        var looked = looked(watching, Optional.empty(), now);
        if (now.isBefore(looked.until())) return looked;
        if (!plan.guards().areAny()) return new Promoted(now, ITSELF, "the time is up, and nothing was to be watched");
        if (plan.guards().isEnough(seen.sides())) return new Promoted(now, ITSELF, told(plan, seen));
        if (now.isBefore(looked.until().plus(plan.duration()))) return looked;
        return rolledBack(
                now,
                "too little traffic to judge by, even in twice the time: %s (expected: %d on each side)"
                        .formatted(traffic(seen), plan.guards().minRequests()));
    }

    /// Pushes the end by the time that nobody watched, as while no control plane was there.
    private static Watching looked(Watching watching, Optional<Instant> lostSince, Instant now) {
        var unwatched = Duration.between(watching.lookedAt(), now).minus(LOOK);
        var until = unwatched.isPositive() ? watching.until().plus(unwatched) : watching.until();
        return new Watching(watching.since(), until, now, lostSince);
    }

    private static RolledBack rolledBack(Instant now, String why) {
        return new RolledBack(now, ITSELF, why);
    }

    /// What both sides have, in words.
    static String told(Plan plan, Observations seen) {
        return plan.guards().judge(seen.sides()).stream().map(Verdict::told).collect(Collectors.joining("; ")) + "; "
                + traffic(seen);
    }

    private static String traffic(Observations seen) {
        return "%d requests on the canaries, %d on the others"
                .formatted(
                        seen.sides().canaries().requests(),
                        seen.sides().others().requests());
    }
}

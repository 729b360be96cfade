package dev.nearside.control.rollout;

import dev.nearside.control.audit.Authorship;
import dev.nearside.control.configuration.Refusals;
import dev.nearside.control.fleet.EdgeStatus;
import dev.nearside.control.http.Answer;
import dev.nearside.control.http.Call;
import dev.nearside.control.http.Requirement.AtLeast;
import dev.nearside.control.http.Role;
import dev.nearside.control.http.Route;
import dev.nearside.control.rollout.RollingOut.Outcome;
import dev.nearside.control.rollout.RolloutRepository.Kept;
import dev.nearside.control.rollout.State.Ended;
import dev.nearside.control.rollout.State.Watching;
import dev.nearside.model.check.Problem;
import dev.nearside.model.wire.api.Rollouts;
import dev.nearside.model.wire.api.Snapshots;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The rollouts' part of the API; they begin with a snapshot that is published with one.
public final class RolloutResource {
    private static final String PATH = "/api/v1/rollouts";
    private static final int MOST_LISTED = 200;

    private final RollingOut rollingOut;
    private final RolloutRepository repository;
    private final InstantSource clock;

    public RolloutResource(RollingOut rollingOut, RolloutRepository repository, InstantSource clock) {
        this.rollingOut = rollingOut;
        this.repository = repository;
        this.clock = clock;
    }

    public List<Route> routes() {
        var operator = new AtLeast(Role.OPERATOR);
        return List.of(
                Route.get(PATH, new AtLeast(Role.VIEWER), _ -> list()),
                Route.get(PATH + "/{version}", new AtLeast(Role.VIEWER), this::show),
                Route.post(
                        PATH + "/{version}/promote", operator, Route.Body.NONE, call -> end(call, rollingOut::promote)),
                Route.post(PATH + "/{version}/abort", operator, Route.Body.NONE, call -> end(call, rollingOut::abort)));
    }

    private Answer list() {
        return Answer.ok(new Rollouts(
                repository.latest(MOST_LISTED).stream().map(this::item).toList()));
    }

    private Answer show(Call call) {
        return version(call)
                .flatMap(repository::find)
                .<Answer>map(kept -> shown(kept))
                .orElseGet(() -> missing(call));
    }

    private Answer shown(Kept kept) {
        return new Answer.Document(
                200, item(kept), Map.of("ETag", kept.rollout().etag()));
    }

    /// A way to end a rollout by hand.
    @FunctionalInterface
    private interface End {
        Outcome end(long version, String etag, Authorship by);
    }

    private Answer end(Call call, End end) {
        var version = version(call);
        if (version.isEmpty()) return missing(call);
        return Refusals.withIfMatch(call, etag -> {
            var by = Authorship.of(call, clock.instant());
            return switch (end.end(version.get(), etag, by)) {
                case Outcome.Done _ -> show(call);
                case Outcome.Missing() -> missing(call);
                case Outcome.Over(var rollout) ->
                    Answer.conflict(
                            "rollout-over",
                            "The rollout is over",
                            "The rollout of snapshot %d ended before: it was %s."
                                    .formatted(
                                            rollout.version(), rollout.state().word()),
                            List.of());
                case Outcome.Stale(var current) -> stale(current);
            };
        });
    }

    private static Answer stale(Rollout current) {
        return new Answer.Refused(
                412,
                "stale",
                "The rollout has moved on",
                "It is %s by now. Read it again, and decide anew."
                        .formatted(current.state().word()),
                List.of(new Problem("If-Match", "not the current state (expected: %s)".formatted(current.etag()))),
                Map.of("ETag", current.etag()));
    }

    private static Answer missing(Call call) {
        return Answer.notFound("There is no rollout of a snapshot " + call.parameter("version"));
    }

    private static Optional<Long> version(Call call) {
        try {
            return Optional.of(Long.parseLong(call.parameter("version")));
        } catch (NumberFormatException _) {
            return Optional.empty();
        }
    }

    private Rollouts.Item item(Kept kept) {
        var rollout = kept.rollout();
        var watching = rollout.state() instanceof Watching found ? Optional.of(found) : Optional.<Watching>empty();
        var ended = rollout.state() instanceof Ended found ? Optional.of(found) : Optional.<Ended>empty();
        var now = clock.instant();
        return new Rollouts.Item(
                rollout.etag(),
                rollout.version(),
                rollout.previous(),
                rollout.finalVersion().orElse(null),
                rollout.state().word(),
                kept.asked(),
                rollout.author(),
                rollout.comment(),
                rollout.startedAt(),
                watching.map(Watching::since).orElse(null),
                watching.map(Watching::until).orElse(null),
                watching.flatMap(Watching::lostSince).orElse(null),
                ended.map(Ended::at).orElse(null),
                ended.map(Ended::by).orElse(null),
                ended.map(Ended::why).orElse(null),
                kept.figures().orElse(null),
                ended.isPresent()
                        ? List.of()
                        : rollingOut.canaries(rollout).stream()
                                .map(status -> canary(status, rollout.version(), now))
                                .toList());
    }

    private static Snapshots.EdgeState canary(EdgeStatus status, long version, Instant now) {
        boolean isRefused = status.report()
                .map(report -> report.refused() != null && report.refused().version() == version)
                .orElse(false);
        var state = !status.isReachable(now)
                ? "unreachable"
                : isRefused ? "refused" : status.snapshotVersion() == version ? "applied" : "waiting";
        return new Snapshots.EdgeState(status.edge().name(), state);
    }
}

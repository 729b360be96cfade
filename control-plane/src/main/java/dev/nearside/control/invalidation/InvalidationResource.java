package dev.nearside.control.invalidation;

import dev.nearside.control.audit.Authorship;
import dev.nearside.control.configuration.ConfigurationRepository;
import dev.nearside.control.configuration.Kind;
import dev.nearside.control.configuration.Refusals;
import dev.nearside.control.fleet.Fleet;
import dev.nearside.control.fleet.Fleet.Receipt;
import dev.nearside.control.http.Answer;
import dev.nearside.control.http.Call;
import dev.nearside.control.http.Requirement.AtLeast;
import dev.nearside.control.http.Role;
import dev.nearside.control.http.Route;
import dev.nearside.control.http.Span;
import dev.nearside.control.invalidation.InvalidationRepository.Appended;
import dev.nearside.model.check.Checked;
import dev.nearside.model.check.Problem;
import dev.nearside.model.check.Problems;
import dev.nearside.model.invalidation.InvalidationPath;
import dev.nearside.model.wire.api.Invalidations;
import dev.nearside.model.wire.api.NewInvalidation;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// Invalidations of a distribution: order them, wait for them, and see what every edge made of them.
public final class InvalidationResource {
    private static final String PATH = "/api/v1/distributions/{id}/invalidations";
    private static final int MOST_PATHS = 3_000;
    private static final int MOST_LISTED = 100;
    private static final int LONGEST_REFERENCE = 256;
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

    private final InvalidationRepository invalidations;
    private final ConfigurationRepository configurations;
    private final Fleet fleet;
    private final Runnable committed;
    private final Supplier<String> ids;
    private final InstantSource clock;

    /// @param committed is run after an invalidation was added to the log
    public InvalidationResource(
            InvalidationRepository invalidations,
            ConfigurationRepository configurations,
            Fleet fleet,
            Runnable committed,
            Supplier<String> ids,
            InstantSource clock) {
        this.invalidations = invalidations;
        this.configurations = configurations;
        this.fleet = fleet;
        this.committed = committed;
        this.ids = ids;
        this.clock = clock;
    }

    public List<Route> routes() {
        return List.of(
                Route.get(PATH, new AtLeast(Role.VIEWER), this::list),
                Route.post(PATH, new AtLeast(Role.OPERATOR), Route.Body.REQUIRED, this::create),
                Route.get(PATH + "/{iid}", new AtLeast(Role.VIEWER), this::show));
    }

    private Answer list(Call call) {
        var id = call.parameter("id");
        if (configurations.findLatest(Kind.DISTRIBUTION, id).isEmpty()) return Refusals.notFound(Kind.DISTRIBUTION, id);
        var items = invalidations.latest(id, MOST_LISTED).stream()
                .map(recorded -> item(recorded, fleet.receipts(recorded.position())))
                .toList();
        return Answer.ok(new Invalidations(items));
    }

    private Answer show(Call call) {
        return invalidations
                .find(call.parameter("id"), call.parameter("iid"))
                .<Answer>map(recorded -> Answer.ok(item(recorded, fleet.receipts(recorded.position()))))
                .orElseGet(() -> Answer.notFound("There is no invalidation " + call.parameter("iid")));
    }

    /// A batch that may be added to the log.
    private record Batch(List<String> paths, boolean soft, Optional<String> callerReference) {}

    private Answer create(Call call) throws InterruptedException {
        var said = call.query("wait");
        var wait = said.flatMap(Span::read).filter(span -> span.compareTo(LONGEST_WAIT) <= 0);
        if (said.isPresent() && wait.isEmpty()) {
            return Answer.invalid("wait", "\"%s\" (expected: %s, at most 5m)".formatted(said.get(), Span.EXPECTED));
        }
        return switch (call.document(NewInvalidation.class).then(InvalidationResource::check)) {
            case Checked.Invalid<Batch>(var problems) -> Answer.invalid(problems);
            case Checked.Valid<Batch>(var batch) -> append(call, batch, wait);
        };
    }

    private static Checked<Batch> check(NewInvalidation wanted) {
        var problems = Problems.none();
        var paths = wanted.paths() == null ? List.<String>of() : wanted.paths();
        var at = problems.at("paths");
        if (paths.isEmpty()) at.add("none (expected: at least one path)");
        if (paths.size() > MOST_PATHS) at.add("%d paths (expected: at most %d)".formatted(paths.size(), MOST_PATHS));
        else for (int i = 0; i < paths.size(); i++) at.at(i).add(InvalidationPath.problem(paths.get(i)));
        var reference = Optional.ofNullable(wanted.callerReference());
        if (reference.isPresent()
                && (reference.get().isEmpty() || reference.get().length() > LONGEST_REFERENCE)) {
            problems.at("callerReference")
                    .add("%d characters (expected: 1 to %d)"
                            .formatted(reference.get().length(), LONGEST_REFERENCE));
        }
        return Checked.of(new Batch(paths, Boolean.TRUE.equals(wanted.soft()), reference), problems.list());
    }

    private Answer append(Call call, Batch batch, Optional<Duration> wait) throws InterruptedException {
        var distribution = call.parameter("id");
        if (configurations.findLatest(Kind.DISTRIBUTION, distribution).isEmpty()) {
            return Refusals.notFound(Kind.DISTRIBUTION, distribution);
        }
        var by = Authorship.of(call, clock.instant());
        var id = ids.get();
        var reference = batch.callerReference().orElse(id);
        var appended = invalidations.append(id, distribution, reference, batch.paths(), batch.soft(), by);
        return switch (appended) {
            case Appended.Added(var added) -> {
                committed.run();
                yield answer(added, wait);
            }
            case Appended.Known(var known) -> answer(known, wait);
            case Appended.Contradicts(var other) ->
                Answer.conflict(
                        "invalidation-batch-already-exists",
                        "The caller reference was used before",
                        "Invalidation %s has this caller reference and is another order.".formatted(other.id()),
                        List.of(new Problem("callerReference", "used before (expected: a new one for another order)")));
        };
    }

    private Answer answer(Recorded recorded, Optional<Duration> wait) throws InterruptedException {
        var receipts =
                wait.isPresent() ? fleet.await(recorded.position(), wait.get()) : fleet.receipts(recorded.position());
        var missing = receipts.stream().filter(receipt -> !receipt.isSettled()).toList();
        if (wait.isPresent() && !missing.isEmpty()) {
            return new Answer.Refused(
                    504,
                    "edges-missing",
                    "Not every edge has applied the invalidation",
                    "Invalidation %s stands, and reaches the edges named here as soon as they can be reached."
                            .formatted(recorded.id()),
                    missing.stream().map(InvalidationResource::problem).toList(),
                    Map.of("Location", location(recorded)));
        }
        return Answer.created(item(recorded, receipts), location(recorded));
    }

    private static String location(Recorded recorded) {
        return PATH.replace("{id}", recorded.distributionId()) + "/" + recorded.id();
    }

    private static Problem problem(Receipt missing) {
        var name = missing.edge().edge().name();
        return new Problem(
                "edges." + name,
                missing.since()
                        .map(since -> "unreachable, last seen at %s".formatted(since))
                        .orElse("reachable, but has not applied it yet"));
    }

    private static Invalidations.Item item(Recorded recorded, List<Receipt> receipts) {
        boolean isCompleted = receipts.stream().allMatch(Receipt::isSettled);
        var reference = recorded.callerReference();
        return new Invalidations.Item(
                recorded.id(),
                recorded.distributionId(),
                recorded.position(),
                isCompleted ? "Completed" : "InProgress",
                recorded.createdAt(),
                recorded.author(),
                recorded.paths(),
                recorded.soft() ? true : null,
                reference.equals(recorded.id()) ? null : reference,
                receipts.stream()
                        .map(receipt -> new Invalidations.Receipt(
                                receipt.edge().edge().name(),
                                receipt.state().name().toLowerCase(Locale.ROOT),
                                receipt.since().orElse(null)))
                        .toList());
    }
}

package dev.nearside.control.invalidation;

import dev.nearside.control.audit.Authorship;
import dev.nearside.control.configuration.ConfigurationRepository;
import dev.nearside.control.configuration.Kind;
import dev.nearside.control.configuration.Refusals;
import dev.nearside.control.fleet.Fleet;
import dev.nearside.control.fleet.Fleet.Receipt;
import dev.nearside.control.http.Answer;
import dev.nearside.control.http.Call;
import dev.nearside.control.http.PlainText;
import dev.nearside.control.http.Requirement.AtLeast;
import dev.nearside.control.http.Role;
import dev.nearside.control.http.Route;
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
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/// Invalidations: order them, wait for them, see what every edge made of them, and what was ordered before.
public final class InvalidationResource {
    private static final String PATH = "/api/v1/distributions/{id}/invalidations";
    private static final int MOST_PROBLEMS = 100;
    private static final int MOST_LISTED = 100;
    private static final int LONGEST_REFERENCE = 256;
    private static final int LARGEST_BODY = 4 << 20;
    private static final Pattern POSITION = Pattern.compile("[1-9]\\d{0,17}");
    private static final Pattern ITEMS = Pattern.compile("[1-9]\\d{0,2}");

    private final InvalidationRepository invalidations;
    private final ConfigurationRepository configurations;
    private final Fleet fleet;
    private final OrderLimits limits;
    private final Runnable committed;
    private final Supplier<String> ids;
    private final InstantSource clock;

    /// @param committed is run after an invalidation was added to the log
    public InvalidationResource(
            InvalidationRepository invalidations,
            ConfigurationRepository configurations,
            Fleet fleet,
            OrderLimits limits,
            Runnable committed,
            Supplier<String> ids,
            InstantSource clock) {
        this.invalidations = invalidations;
        this.configurations = configurations;
        this.fleet = fleet;
        this.limits = limits;
        this.committed = committed;
        this.ids = ids;
        this.clock = clock;
    }

    public List<Route> routes() {
        return List.of(
                Route.get("/api/v1/invalidations", new AtLeast(Role.VIEWER), call -> list(call, Optional.empty())),
                Route.get(PATH, new AtLeast(Role.VIEWER), this::list),
                Route.post(PATH, new AtLeast(Role.OPERATOR), Route.Body.REQUIRED, this::create)
                        .upTo(LARGEST_BODY)
                        .with("wait", "timeout", "quorum"),
                Route.get(PATH + "/{iid}", new AtLeast(Role.VIEWER), this::show));
    }

    // ---- history

    private record Page(long before, int size) {}

    private Answer list(Call call) {
        var id = call.parameter("id");
        if (configurations.findLatest(Kind.DISTRIBUTION, id).isEmpty()) return Refusals.notFound(Kind.DISTRIBUTION, id);
        return list(call, Optional.of(id));
    }

    private Answer list(Call call, Optional<String> distribution) {
        return Answer.to(page(call), page -> {
            // One more than is shown tells whether there is another page.
            var found = invalidations.page(distribution, page.before(), page.size() + 1);
            var shown = found.size() > page.size() ? found.subList(0, page.size()) : found;
            var items = shown.stream()
                    .map(recorded -> item(recorded, new Progress(fleet.receipts(recorded.position())), false))
                    .toList();
            var next =
                    found.size() > page.size() ? String.valueOf(shown.getLast().position()) : null;
            return Answer.ok(new Invalidations(items, page.size(), next));
        });
    }

    private static Checked<Page> page(Call call) {
        var problems = Problems.none();
        var marker = call.query("marker");
        if (marker.isPresent() && !POSITION.matcher(marker.get()).matches()) {
            problems.at("marker").add("\"%s\" (expected: the nextMarker of a page)".formatted(marker.get()));
        }
        var items = call.query("maxItems");
        if (items.isPresent()
                && (!ITEMS.matcher(items.get()).matches() || Integer.parseInt(items.get()) > MOST_LISTED)) {
            problems.at("maxItems").add("\"%s\" (expected: 1 to %d)".formatted(items.get(), MOST_LISTED));
        }
        if (!problems.isEmpty()) return Checked.of(new Page(0, 0), problems.list());
        return new Checked.Valid<>(new Page(
                marker.map(Long::parseLong).orElse(Long.MAX_VALUE),
                items.map(Integer::parseInt).orElse(MOST_LISTED)));
    }

    private Answer show(Call call) throws InterruptedException {
        return switch (Wait.of(call, Set.of())) {
            case Checked.Invalid<Wait>(var problems) -> Answer.invalid(problems);
            case Checked.Valid<Wait>(var wait) -> {
                var found = invalidations.find(call.parameter("id"), call.parameter("iid"));
                yield found.isEmpty()
                        ? Answer.notFound("There is no invalidation " + call.parameter("iid"))
                        : answer(found.get(), wait, 200);
            }
        };
    }

    // ---- orders

    /// A batch that may be added to the log.
    private record Batch(List<String> paths, boolean soft, Optional<String> callerReference) {}

    private Answer create(Call call) throws InterruptedException {
        return switch (Wait.of(call, Set.of("comment"))) {
            case Checked.Invalid<Wait>(var problems) -> Answer.invalid(problems);
            case Checked.Valid<Wait>(var wait) ->
                switch (order(call)) {
                    case Ordered.Refused(var answer) -> answer;
                    case Ordered.Known(var recorded, var status) -> answer(recorded, wait, status);
                };
        };
    }

    /// What became of a request for an order.
    private sealed interface Ordered {
        record Refused(Answer answer) implements Ordered {}

        record Known(Recorded recorded, int status) implements Ordered {}
    }

    private Ordered order(Call call) {
        return switch (call.document(NewInvalidation.class).then(InvalidationResource::check)) {
            case Checked.Invalid<Batch>(var problems) -> new Ordered.Refused(Answer.invalid(firstOf(problems)));
            case Checked.Valid<Batch>(var batch) -> append(call, batch);
        };
    }

    /// Enough to see what is wrong with a list of thousands.
    private static List<Problem> firstOf(List<Problem> problems) {
        return problems.size() <= MOST_PROBLEMS ? problems : problems.subList(0, MOST_PROBLEMS);
    }

    private static Checked<Batch> check(NewInvalidation wanted) {
        var problems = Problems.none();
        var paths = wanted.paths() == null ? List.<String>of() : wanted.paths();
        var at = problems.at("paths");
        if (paths.isEmpty()) at.add("none (expected: at least one path)");
        if (paths.size() > OrderLimits.MOST_PATHS) {
            at.add("%d paths (expected: at most %d)".formatted(paths.size(), OrderLimits.MOST_PATHS));
        } else {
            for (int i = 0; i < paths.size(); i++) at.at(i).add(InvalidationPath.problem(paths.get(i)));
        }
        var reference = Optional.ofNullable(wanted.callerReference());
        reference.flatMap(InvalidationResource::referenceProblem).ifPresent(problems.at("callerReference")::add);
        return Checked.of(new Batch(paths, Boolean.TRUE.equals(wanted.soft()), reference), problems.list());
    }

    private static Optional<String> referenceProblem(String reference) {
        if (reference.isEmpty() || reference.length() > LONGEST_REFERENCE) {
            return Optional.of("%d characters (expected: 1 to %d)".formatted(reference.length(), LONGEST_REFERENCE));
        }
        return PlainText.problemOfLine(reference, LONGEST_REFERENCE);
    }

    private Ordered append(Call call, Batch batch) {
        var distribution = call.parameter("id");
        if (configurations.findLatest(Kind.DISTRIBUTION, distribution).isEmpty()) {
            return new Ordered.Refused(Refusals.notFound(Kind.DISTRIBUTION, distribution));
        }
        var by = Authorship.of(call, clock.instant());
        var id = ids.get();
        var reference = batch.callerReference().orElse(id);
        var order = new Order(id, distribution, reference, batch.paths(), batch.soft(), by);
        return switch (invalidations.append(order, limits, fleet.followedTo())) {
            case Appended.Added(var added) -> {
                committed.run();
                yield new Ordered.Known(added, 201);
            }
            case Appended.Known(var known) -> new Ordered.Known(known, 200);
            case Appended.Contradicts(var other) ->
                new Ordered.Refused(Answer.conflict(
                                "invalidation-batch-already-exists",
                                "The caller reference was used before",
                                "Invalidation %s has this caller reference and is another order.".formatted(other.id()),
                                List.of(new Problem(
                                        "callerReference", "used before (expected: a new one for another order)")))
                        .with("Location", location(other)));
            case Appended.TooMuch(var why, var retryAfter) -> new Ordered.Refused(tooMuch(why, retryAfter));
        };
    }

    private static Answer tooMuch(String why, Duration retryAfter) {
        long seconds = Math.max(1, retryAfter.plusMillis(999).toSeconds());
        return new Answer.Refused(
                429,
                "too-many-invalidations",
                "Too many invalidations",
                "Nothing was ordered; there is room again in %d s.".formatted(seconds),
                List.of(new Problem("paths", why)),
                Map.of("Retry-After", String.valueOf(seconds)));
    }

    // ---- answers

    /// @param status of an invalidation that is as far as is waited for
    private Answer answer(Recorded recorded, Wait wait, int status) throws InterruptedException {
        var receipts = wait.isWanted()
                ? fleet.await(
                        recorded.position(),
                        soFar -> wait.until().isReached(new Progress(soFar).summary()),
                        wait.atMost())
                : fleet.receipts(recorded.position());
        var progress = new Progress(receipts);
        if (wait.isWanted() && !wait.until().isReached(progress.summary())) {
            var missing = progress.missing();
            return new Answer.Refused(
                    504,
                    "edges-missing",
                    "Not enough edges have applied the invalidation",
                    "%d of %d edges have, %d are waited for. Invalidation %s stands%s"
                            .formatted(
                                    progress.summary().applied(),
                                    progress.summary().expected(),
                                    wait.until().needed(progress.summary().expected()),
                                    recorded.id(),
                                    missing.isEmpty()
                                            ? "; no other edge is in service."
                                            : ", and reaches the edges named here as soon as they can be reached."),
                    missing.stream().map(InvalidationResource::problem).toList(),
                    Map.of("Location", location(recorded)));
        }
        return new Answer.Document(status, item(recorded, progress, true), Map.of("Location", location(recorded)));
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

    private static Invalidations.Item item(Recorded recorded, Progress progress, boolean withEdges) {
        var reference = recorded.callerReference();
        return new Invalidations.Item(
                recorded.id(),
                recorded.distributionId(),
                recorded.position(),
                progress.isCompleted() ? "Completed" : "InProgress",
                recorded.createdAt(),
                progress.completedAt(recorded).orElse(null),
                recorded.author(),
                recorded.pathCount(),
                recorded.paths(),
                recorded.soft() ? true : null,
                reference.equals(recorded.id()) ? null : reference,
                progress.summary(),
                withEdges
                        ? progress.receipts().stream()
                                .map(InvalidationResource::receipt)
                                .toList()
                        : null);
    }

    private static Invalidations.Receipt receipt(Receipt receipt) {
        return new Invalidations.Receipt(
                receipt.edge().edge().name(),
                receipt.state().name().toLowerCase(Locale.ROOT),
                receipt.since().orElse(null),
                receipt.edge().isDrained() ? true : null);
    }
}

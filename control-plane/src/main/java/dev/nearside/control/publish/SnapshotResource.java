package dev.nearside.control.publish;

import dev.nearside.control.audit.Authorship;
import dev.nearside.control.configuration.Comparison;
import dev.nearside.control.configuration.ConfigurationRepository;
import dev.nearside.control.configuration.Kind;
import dev.nearside.control.configuration.Refusals;
import dev.nearside.control.fleet.Fleet;
import dev.nearside.control.fleet.Targets;
import dev.nearside.control.http.Answer;
import dev.nearside.control.http.Call;
import dev.nearside.control.http.PlainText;
import dev.nearside.control.http.Requirement.AtLeast;
import dev.nearside.control.http.Role;
import dev.nearside.control.http.Route;
import dev.nearside.control.publish.Publishing.Release;
import dev.nearside.model.check.Checked;
import dev.nearside.model.check.Problem;
import dev.nearside.model.check.Problems;
import dev.nearside.model.wire.ConfigurationDocument;
import dev.nearside.model.wire.Json;
import dev.nearside.model.wire.api.NewRollout;
import dev.nearside.model.wire.api.NewSnapshot;
import dev.nearside.model.wire.api.SnapshotDetail;
import dev.nearside.model.wire.api.SnapshotDifference;
import dev.nearside.model.wire.api.Snapshots;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The snapshots' part of the API.
public final class SnapshotResource {
    private static final String PATH = "/api/v1/snapshots";
    private static final int MOST_LISTED = 200;

    private final Publishing publishing;
    private final PublicationRepository publications;
    private final ConfigurationRepository configurations;
    private final Function<NewRollout, Checked<OnTrial>> trials;
    private final Fleet fleet;
    private final InstantSource clock;

    /// @param trials reads how a snapshot is to be tried
    public SnapshotResource(
            Publishing publishing,
            PublicationRepository publications,
            ConfigurationRepository configurations,
            Function<NewRollout, Checked<OnTrial>> trials,
            Fleet fleet,
            InstantSource clock) {
        this.publishing = publishing;
        this.publications = publications;
        this.configurations = configurations;
        this.trials = trials;
        this.fleet = fleet;
        this.clock = clock;
    }

    public List<Route> routes() {
        return List.of(
                Route.get(PATH, new AtLeast(Role.VIEWER), _ -> list()),
                Route.post(PATH, new AtLeast(Role.OPERATOR), Route.Body.OPTIONAL, this::publish),
                Route.get(PATH + "/{version}", new AtLeast(Role.VIEWER), this::show),
                Route.get(PATH + "/{from}/diff/{to}", new AtLeast(Role.VIEWER), this::compare),
                Route.post(
                        PATH + "/{version}/rollback", new AtLeast(Role.OPERATOR), Route.Body.OPTIONAL, this::rollBack));
    }

    private Answer list() {
        var targets = publications.targets();
        var latest = publications.latest(MOST_LISTED);
        return Answer.ok(new Snapshots(
                latest.stream().map(found -> item(found, targets)).toList(), publishing.unpublishedChanges()));
    }

    private Answer publish(Call call) {
        return release(call, publishing::publish);
    }

    private Answer rollBack(Call call) {
        return number(call.parameter("version"))
                .map(number -> release(call, (etag, trial, by) -> publishing.rollBack(number, etag, trial, by)))
                .orElseGet(() -> missing(call.parameter("version")));
    }

    /// A way to publish.
    @FunctionalInterface
    private interface Work {
        Release release(Optional<String> etag, Optional<OnTrial> trial, Authorship by);
    }

    private Answer release(Call call, Work work) {
        var wanted = call.body().length == 0
                ? new Checked.Valid<>(new NewSnapshot(null, null))
                : call.document(NewSnapshot.class).then(SnapshotResource::withPlainComment);
        return Answer.to(
                Refusals.ifMatch(call),
                etag -> Answer.to(
                        wanted,
                        snapshot -> Answer.to(
                                trial(snapshot), trial -> release(call, work, etag, trial, snapshot.comment()))));
    }

    private static Checked<NewSnapshot> withPlainComment(NewSnapshot wanted) {
        var problems = Problems.none();
        if (wanted.comment() != null) problems.at("comment").add(PlainText.problemOfComment(wanted.comment()));
        return Checked.of(wanted, problems.list());
    }

    private Answer release(
            Call call, Work work, Optional<String> etag, Optional<OnTrial> trial, @Nullable String comment) {
        var by = new Authorship(call.caller().name(), clock.instant(), comment == null ? call.comment() : comment);
        return switch (work.release(etag, trial, by)) {
            case Release.Done(var published) -> Answer.created(item(published), PATH + "/" + published.version());
            case Release.Refused(var reason) -> Refusals.to(reason, Kind.DISTRIBUTION, "", _ -> new Answer.NoContent());
            case Release.RolloutUnderWay(var version) -> underWay(version);
            case Release.NoSuchSnapshot() -> missing(call.parameter("version"));
        };
    }

    private Answer compare(Call call) {
        var from = number(call.parameter("from")).flatMap(configurations::inSnapshot);
        var to = number(call.parameter("to")).flatMap(configurations::inSnapshot);
        if (from.isEmpty()) return missing(call.parameter("from"));
        if (to.isEmpty()) return missing(call.parameter("to"));
        return Answer.ok(new SnapshotDifference(
                from.get().snapshot(),
                to.get().snapshot(),
                Comparison.of(from.get().versions(), to.get().versions())));
    }

    private static Answer missing(String snapshot) {
        return Answer.notFound("There is no snapshot " + snapshot);
    }

    private Checked<Optional<OnTrial>> trial(NewSnapshot wanted) {
        return wanted.rollout() == null
                ? new Checked.Valid<>(Optional.empty())
                : trials.apply(wanted.rollout()).then(trial -> new Checked.Valid<>(Optional.of(trial)));
    }

    private static Answer underWay(long version) {
        return Answer.conflict(
                "rollout-under-way",
                "A rollout is under way",
                "Snapshot %d is being tried on some edges. Wait for the end, promote it or abort it: /api/v1/rollouts/%d"
                        .formatted(version, version),
                List.of(new Problem("", "rollout of snapshot " + version)));
    }

    private Answer show(Call call) {
        return number(call.parameter("version"))
                .flatMap(publications::find)
                .<Answer>map(found -> Answer.ok(new SnapshotDetail(item(found), configuration(found.version()))))
                .orElseGet(() -> missing(call.parameter("version")));
    }

    private static Optional<Long> number(String text) {
        try {
            return Optional.of(Long.parseLong(text));
        } catch (NumberFormatException _) {
            return Optional.empty();
        }
    }

    private ConfigurationDocument configuration(long snapshot) {
        return switch (Json.read(publications.document(snapshot).orElseThrow(), ConfigurationDocument.class)) {
            case Checked.Valid<ConfigurationDocument>(var document) -> document;
            case Checked.Invalid<ConfigurationDocument>(var problems) ->
                throw new IllegalStateException("stored snapshot " + snapshot + ": " + problems);
        };
    }

    private Snapshots.Item item(Publication publication) {
        return item(publication, publications.targets());
    }

    private Snapshots.Item item(Publication publication, Targets targets) {
        var now = clock.instant();
        var edges = fleet.edges().stream()
                .filter(status -> targets.of(status.edge().id(), status.labels()) == publication.version())
                .map(status -> new Snapshots.EdgeState(
                        status.edge().name(), Publishing.state(status, publication.version(), status.isReachable(now))))
                .toList();
        return new Snapshots.Item(
                publication.version(),
                publication.hash(),
                publication.publishedAt(),
                publication.author(),
                publication.comment(),
                edges);
    }
}

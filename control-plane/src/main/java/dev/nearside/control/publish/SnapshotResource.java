package dev.nearside.control.publish;

import dev.nearside.control.audit.Authorship;
import dev.nearside.control.fleet.Fleet;
import dev.nearside.control.fleet.Targets;
import dev.nearside.control.http.Answer;
import dev.nearside.control.http.Call;
import dev.nearside.control.http.Requirement.AtLeast;
import dev.nearside.control.http.Role;
import dev.nearside.control.http.Route;
import dev.nearside.control.publish.PublicationRepository.Release;
import dev.nearside.model.check.Checked;
import dev.nearside.model.check.Problem;
import dev.nearside.model.wire.ConfigurationDocument;
import dev.nearside.model.wire.Json;
import dev.nearside.model.wire.api.NewRollout;
import dev.nearside.model.wire.api.NewSnapshot;
import dev.nearside.model.wire.api.SnapshotDetail;
import dev.nearside.model.wire.api.Snapshots;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// The snapshots' part of the API.
public final class SnapshotResource {
    private static final int MOST_LISTED = 200;

    private final Publishing publishing;
    private final PublicationRepository publications;
    private final Function<NewRollout, Checked<OnTrial>> trials;
    private final Fleet fleet;
    private final InstantSource clock;

    /// @param trials reads how a snapshot is to be tried
    public SnapshotResource(
            Publishing publishing,
            PublicationRepository publications,
            Function<NewRollout, Checked<OnTrial>> trials,
            Fleet fleet,
            InstantSource clock) {
        this.publishing = publishing;
        this.publications = publications;
        this.trials = trials;
        this.fleet = fleet;
        this.clock = clock;
    }

    public List<Route> routes() {
        return List.of(
                Route.get("/api/v1/snapshots", new AtLeast(Role.VIEWER), _ -> list()),
                Route.post("/api/v1/snapshots", new AtLeast(Role.OPERATOR), Route.Body.OPTIONAL, this::publish),
                Route.get("/api/v1/snapshots/{version}", new AtLeast(Role.VIEWER), this::show));
    }

    private Answer list() {
        var targets = publications.targets();
        var latest = publications.latest(MOST_LISTED);
        return Answer.ok(new Snapshots(latest.stream().map(found -> item(found, targets)).toList(), publishing.unpublishedChanges()));
    }

    private Answer publish(Call call) {
        var wanted =
                call.body().length == 0 ? new Checked.Valid<>(new NewSnapshot(null, null)) : call.document(NewSnapshot.class);
        return Answer.to(wanted, snapshot -> {
            var comment = snapshot.comment();
            var by = new Authorship(call.caller().name(), clock.instant(), comment == null ? call.comment() : comment);
            return Answer.to(trial(snapshot), trial -> switch (publishing.publish(trial, by)) {
                case Release.Done(var published) ->
                    Answer.created(item(published), "/api/v1/snapshots/" + published.version());
                case Release.Refused(var problems) -> Answer.invalid(problems);
                case Release.RolloutUnderWay(var version) -> underWay(version);
            });
        });
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
                .<Answer>map(found -> Answer.ok(new SnapshotDetail(item(found), configuration(found))))
                .orElseGet(() -> Answer.notFound("There is no snapshot " + call.parameter("version")));
    }

    private static Optional<Long> number(String text) {
        try {
            return Optional.of(Long.parseLong(text));
        } catch (NumberFormatException _) {
            return Optional.empty();
        }
    }

    private static ConfigurationDocument configuration(Publication publication) {
        return switch (Json.read(publication.document(), ConfigurationDocument.class)) {
            case Checked.Valid<ConfigurationDocument>(var document) -> document;
            case Checked.Invalid<ConfigurationDocument>(var problems) ->
                throw new IllegalStateException("stored snapshot " + publication.version() + ": " + problems);
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
                        status.edge().name(),
                        Publishing.state(status, publication.version(), status.isReachable(now))))
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

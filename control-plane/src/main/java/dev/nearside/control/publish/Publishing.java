package dev.nearside.control.publish;

import dev.nearside.control.audit.Authorship;
import dev.nearside.control.configuration.Comparison;
import dev.nearside.control.configuration.ConfigurationRepository;
import dev.nearside.control.configuration.Configurations;
import dev.nearside.control.configuration.Document;
import dev.nearside.control.configuration.Documents;
import dev.nearside.control.configuration.Draft;
import dev.nearside.control.configuration.Kind;
import dev.nearside.control.configuration.Outcome;
import dev.nearside.control.configuration.Refusals;
import dev.nearside.control.configuration.Version;
import dev.nearside.control.fleet.EdgeStatus;
import dev.nearside.control.fleet.Fleet;
import dev.nearside.control.publish.Publication.Chosen;
import dev.nearside.control.publish.PublicationRepository.Compiled;
import dev.nearside.model.check.Checked;
import dev.nearside.model.check.Problem;
import dev.nearside.model.wire.ConfigurationReader;
import dev.nearside.model.wire.Json;
import dev.nearside.model.wire.feed.SnapshotMessage;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Compiles the latest versions into snapshots, and tells how far one has spread.
public final class Publishing {
    private final PublicationRepository publications;
    private final ConfigurationRepository configurations;
    private final Fleet fleet;
    private final Runnable committed;

    /// @param committed is run after a snapshot was published
    public Publishing(
            PublicationRepository publications,
            ConfigurationRepository configurations,
            Fleet fleet,
            Runnable committed) {
        this.publications = publications;
        this.configurations = configurations;
        this.fleet = fleet;
        this.committed = committed;
    }

    /// How a wish to publish ended.
    public sealed interface Release {

        record Done(Publication publication) implements Release {}

        record Refused(Outcome reason) implements Release {}

        /// Another snapshot is on trial.
        record RolloutUnderWay(long version) implements Release {}

        /// There is no such snapshot to go back to.
        record NoSuchSnapshot() implements Release {}
    }

    /// Publishes the latest versions under the next number, unless they have a problem.
    ///
    /// @param etag of the draft that was looked at, or `*`; empty to publish whatever is there
    /// @param trial which edges try it first; empty to give it to all of them
    public Release publish(Optional<String> etag, Optional<OnTrial> trial, Authorship by) {
        return told(publications.change(change -> {
            var obstacle = obstacle(change, trial);
            if (obstacle.isPresent()) return obstacle.get();
            if (etag.isPresent() && !etag.get().equals(Refusals.ANYTHING)) {
                var current = Draft.of(change.configuration()).etag();
                if (!etag.get().equals(current)) {
                    return new Release.Refused(new Outcome.StaleWhole("draft", current));
                }
            }
            return release(change.publish(Publishing::compile, trial, by, "publish snapshot"));
        }));
    }

    /// Publishes the content of an earlier snapshot under the next number. Its documents are saved as new versions,
    /// the deleted ones under their ids, so that nothing is left unpublished.
    ///
    /// @param etag of the draft that is given up, or `*`; needed if there is one
    /// @param trial which edges try it first; empty to give it to all of them
    public Release rollBack(long snapshot, Optional<String> etag, Optional<OnTrial> trial, Authorship by) {
        var why = by.saying("restored from snapshot " + snapshot);
        return told(publications.change(change -> {
            var obstacle = obstacle(change, trial);
            if (obstacle.isPresent()) return obstacle.get();
            var content = change.configuration().inSnapshot(snapshot);
            if (content.isEmpty()) return new Release.NoSuchSnapshot();
            return switch (Configurations.bringBack(change.configuration(), content.get(), etag, why)) {
                case Outcome.Applied _ ->
                    release(change.publish(Publishing::compile, trial, why, "roll back to snapshot " + snapshot));
                case Outcome refused -> new Release.Refused(refused);
            };
        }));
    }

    /// Why nothing can be published now, or not on trial.
    private static Optional<Release> obstacle(PublicationRepository.Change change, Optional<OnTrial> trial) {
        if (change.onTrial().isPresent())
            return Optional.of(new Release.RolloutUnderWay(change.onTrial().get()));
        if (trial.isEmpty() || change.configuration().published().snapshot() > 0) return Optional.empty();
        return Optional.of(new Release.Refused(new Outcome.Invalid(List.of(new Problem(
                "rollout", "for the first snapshot (expected: a snapshot before it, which the other edges run)")))));
    }

    private static Release release(Checked<Publication> published) {
        return switch (published) {
            case Checked.Valid<Publication>(var publication) -> new Release.Done(publication);
            case Checked.Invalid<Publication>(var problems) -> new Release.Refused(new Outcome.Invalid(problems));
        };
    }

    private Release told(Release release) {
        if (release instanceof Release.Done) committed.run();
        return release;
    }

    /// One complete document out of the latest versions; every problem if a reference in it leads nowhere.
    static Checked<Compiled> compile(List<Version> latest) {
        var configuration = Documents.of(latest.stream()
                        .sorted(Comparison.BY_KIND_AND_NAME)
                        .map(Document::stored)
                        .toList())
                .configuration();
        return ConfigurationReader.read(configuration)
                .then(_ -> new Checked.Valid<>(
                        new Compiled(SnapshotMessage.of(1, configuration).hash(), Json.write(configuration))));
    }

    /// How many documents differ from what the current snapshot holds of them.
    public int unpublishedChanges() {
        return Draft.of(configurations).differences().size();
    }

    /// Where a distribution stands on its way to the viewers.
    public enum Spread {
        UNPUBLISHED("Unpublished"),
        IN_PROGRESS("InProgress"),
        DEPLOYED("Deployed");

        private final String word;

        Spread(String word) {
            this.word = word;
        }

        /// The word of the API.
        public String word() {
            return word;
        }
    }

    /// Tells the spread of one distribution after the other, as of one moment.
    @FunctionalInterface
    public interface Spreads {
        Spread of(Version distribution);
    }

    public Spreads spreads() {
        var current = publications.currentContent();
        var published = current.stream().map(Chosen::id).collect(Collectors.toSet());
        long number = publications.latest(1).stream()
                .findFirst()
                .map(Publication::version)
                .orElse(0L);
        boolean isEverywhere = fleet.edges().stream().allMatch(status -> status.snapshotVersion() == number);
        return version -> {
            if (!published.contains(version.id())) return Spread.UNPUBLISHED;
            boolean isCurrent = current.contains(new Chosen(Kind.DISTRIBUTION, version.id(), version.number()));
            return isCurrent && isEverywhere ? Spread.DEPLOYED : Spread.IN_PROGRESS;
        };
    }

    /// What an edge made of the current snapshot.
    static String state(EdgeStatus status, long version, boolean isReachable) {
        boolean isRefused = status.report()
                .map(report -> report.refused() != null && report.refused().version() == version)
                .orElse(false);
        if (status.snapshotVersion() == version) return "applied";
        if (isRefused) return "refused";
        return isReachable ? "waiting" : "unreachable";
    }
}

package dev.nearside.control.publish;

import dev.nearside.control.audit.Authorship;
import dev.nearside.control.configuration.ConfigurationRepository;
import dev.nearside.control.configuration.Document;
import dev.nearside.control.configuration.Documents;
import dev.nearside.control.configuration.Kind;
import dev.nearside.control.configuration.Version;
import dev.nearside.control.fleet.EdgeStatus;
import dev.nearside.control.fleet.Fleet;
import dev.nearside.control.publish.Publication.Chosen;
import dev.nearside.control.publish.PublicationRepository.Compiled;
import dev.nearside.control.publish.PublicationRepository.Release;
import dev.nearside.model.check.Checked;
import dev.nearside.model.wire.ConfigurationReader;
import dev.nearside.model.wire.Json;
import dev.nearside.model.wire.feed.SnapshotMessage;
import java.util.HashSet;
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

    /// Publishes the latest versions under the next number, unless they have a problem.
    ///
    /// @param trial which edges try it first; empty to give it to all of them
    public Release publish(Optional<OnTrial> trial, Authorship by) {
        var release = publications.publish(Publishing::compile, trial, by);
        if (release instanceof Release.Done) committed.run();
        return release;
    }

    /// One complete document out of the latest versions; every problem if a reference in it leads nowhere.
    static Checked<Compiled> compile(List<Version> latest) {
        var configuration =
                Documents.of(latest.stream().map(Document::stored).toList()).configuration();
        return ConfigurationReader.read(configuration)
                .then(_ -> new Checked.Valid<>(
                        new Compiled(SnapshotMessage.of(1, configuration).hash(), Json.write(configuration))));
    }

    /// How many documents were saved or deleted since the current snapshot was published.
    public int unpublishedChanges() {
        var latest = configurations.latest().stream()
                .map(version -> new Chosen(version.kind(), version.id(), version.number()))
                .collect(Collectors.toSet());
        var current = publications.currentContent();
        var changed = new HashSet<String>();
        for (var chosen : latest) if (!current.contains(chosen)) changed.add(chosen.kind() + " " + chosen.id());
        for (var chosen : current) if (!latest.contains(chosen)) changed.add(chosen.kind() + " " + chosen.id());
        return changed.size();
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

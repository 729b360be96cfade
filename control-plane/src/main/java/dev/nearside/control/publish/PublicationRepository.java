package dev.nearside.control.publish;

import dev.nearside.control.audit.Authorship;
import dev.nearside.control.configuration.Version;
import dev.nearside.control.fleet.Targets;
import dev.nearside.model.check.Checked;
import dev.nearside.model.check.Problem;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Keeps every snapshot that was published.
public interface PublicationRepository {

    /// The content of a snapshot that has no number yet.
    record Compiled(String hash, String document) {}

    /// How a wish to publish ended.
    sealed interface Release {

        record Done(Publication publication) implements Release {}

        record Refused(List<Problem> problems) implements Release {}

        /// Another snapshot is on trial.
        record RolloutUnderWay(long version) implements Release {}
    }

    /// Publishes the latest versions, as they stand at one moment, under the next number; nothing if they have
    /// a problem.
    ///
    /// @param trial which edges try it first; empty to give it to all of them
    Release publish(Function<List<Version>, Checked<Compiled>> compile, Optional<OnTrial> trial, Authorship by);

    /// Which snapshot each edge is to run.
    Targets targets();

    Optional<Publication> find(long version);

    /// The latest snapshots, newest first, without their content.
    List<Publication> latest(int atMost);

    /// What the newest snapshot holds, be it on trial; empty if there is none.
    Set<Publication.Chosen> currentContent();
}

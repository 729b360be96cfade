package dev.nearside.control.publish;

import dev.nearside.control.audit.Authorship;
import dev.nearside.control.configuration.ConfigurationRepository;
import dev.nearside.control.configuration.Version;
import dev.nearside.control.fleet.Targets;
import dev.nearside.model.check.Checked;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Keeps every snapshot that was published.
public interface PublicationRepository {

    /// The content of a snapshot that has no number yet.
    record Compiled(String hash, String document) {}

    /// Runs changes of the configuration that end in a publication, one after the other and all other changes:
    /// what they save and publish becomes visible as a whole, or not at all if the work throws.
    <T> T change(Function<Change, T> work);

    /// What may be done within a change.
    interface Change {

        ConfigurationRepository.Change configuration();

        /// The snapshot that some edges try before the others get it; while there is one, no other is published.
        Optional<Long> onTrial();

        /// Publishes the latest versions under the next number; nothing if they have a problem.
        ///
        /// @param trial which edges try it first; empty to give it to all of them
        /// @param action in the words of the audit log
        Checked<Publication> publish(
                Function<List<Version>, Checked<Compiled>> compile,
                Optional<OnTrial> trial,
                Authorship by,
                String action);
    }

    /// Publishes the latest versions, as they stand at one moment, under the next number; nothing if they have
    /// a problem.
    default Checked<Publication> publish(Function<List<Version>, Checked<Compiled>> compile, Authorship by) {
        return change(change -> change.publish(compile, Optional.empty(), by, "publish snapshot"));
    }

    /// Which snapshot each edge is to run.
    Targets targets();

    Optional<Publication> find(long version);

    /// The canonical JSON of a snapshot's complete configuration document.
    Optional<String> document(long version);

    /// The ids of the certificates that a snapshot's distributions show; none if there is no such snapshot.
    Set<String> certificatesOf(long version);

    /// The latest snapshots, newest first.
    List<Publication> latest(int atMost);

    /// What the newest snapshot holds, be it on trial; empty if there is none.
    Set<Publication.Chosen> currentContent();
}

package dev.nearside.control.publish;

import dev.nearside.control.audit.Authorship;
import dev.nearside.control.configuration.Version;
import dev.nearside.model.check.Checked;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Keeps every snapshot that was published.
public interface PublicationRepository {

    /// The content of a snapshot that has no number yet.
    record Compiled(String hash, String document) {}

    /// Publishes the latest versions, as they stand at one moment, under the next number; nothing if they have
    /// a problem.
    Checked<Publication> publish(Function<List<Version>, Checked<Compiled>> compile, Authorship by);

    Optional<Publication> find(long version);

    /// The ids of the certificates that a snapshot's distributions show; none if there is no such snapshot.
    Set<String> certificatesOf(long version);

    /// The latest snapshots, newest first, without their content.
    List<Publication> latest(int atMost);

    /// What the current snapshot holds; empty if there is none.
    Set<Publication.Chosen> currentContent();
}

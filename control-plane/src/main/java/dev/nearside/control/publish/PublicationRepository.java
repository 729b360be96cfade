package dev.nearside.control.publish;

import dev.nearside.control.audit.Authorship;
import java.util.List;
import java.util.Optional;

/// Keeps every snapshot that was published.
public interface PublicationRepository {

    /// Publishes a document under the next number.
    Publication append(String hash, String document, Authorship by);

    Optional<Publication> find(long version);

    /// The latest snapshots, newest first.
    List<Publication> latest(int atMost);
}

package dev.nearside.control.configuration;

import dev.nearside.control.audit.Authorship;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Keeps every version of every document.
public interface ConfigurationRepository extends Reading {

    /// The latest versions of all documents of a kind that are not deleted, by name.
    List<Version> latest(Kind kind);

    Optional<Version> findLatest(Kind kind, String id);

    /// That a version was saved; not what it says.
    record Saving(int number, Instant at, String author, String comment) {}

    /// All versions of a document, newest first, also of a deleted one.
    List<Saving> savings(Kind kind, String id);

    /// The ids of all documents of a kind, of deleted ones too.
    Set<String> ids(Kind kind);

    /// The names of the distributions whose latest version selects a policy.
    List<String> usersOf(String policyId);

    /// Runs changes one after the other: the work sees what all earlier ones saved, and what it saves becomes
    /// visible as a whole, or not at all if it throws.
    <T> T change(Function<Change, T> work);

    /// What may be done within a change.
    interface Change extends Reading {

        /// The newest version of a document, also of a deleted one.
        Optional<Version> findNewest(Kind kind, String id);

        List<String> usersOf(String policyId);

        /// The certificates that distributions may refer to.
        List<KnownCertificate> certificates();

        /// Saves the next versions of some documents; number 1 makes the document, any other brings a deleted one back.
        void save(List<Accepted> versions, Authorship by);

        void delete(Version latest, Authorship by);
    }
}

package dev.nearside.control.certificate;

import dev.nearside.control.audit.Authorship;
import dev.nearside.model.wire.DistributionDocument;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Keeps certificates, each in its latest version.
public interface CertificateRepository {

    /// All of them, by name.
    List<Certificate> all();

    Optional<Certificate> find(String id);

    /// The latest version of each, by id.
    Map<String, Long> versions();

    /// Runs changes one after the other, and with those of the configuration: nobody begins to use what is deleted.
    <T> T change(Function<Change, T> work);

    /// What may be done within a change.
    interface Change {

        List<Certificate> all();

        /// The latest versions of all distributions.
        List<DistributionDocument> distributions();

        /// The distributions of the current snapshot, and of a newer one that some edges run.
        List<DistributionDocument> published();

        void add(Certificate certificate, Authorship by);

        /// The next version, in place of the one before.
        void replace(Certificate certificate, Authorship by);

        /// The same version, its key sealed anew.
        void reseal(Certificate certificate);

        void delete(Certificate certificate, Authorship by);
    }
}

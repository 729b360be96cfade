package dev.nearside.control.certificate;

import dev.nearside.control.audit.Authorship;
import dev.nearside.model.check.Problem;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The rules by which certificates are kept, replaced and deleted.
public final class CertificateStore {
    private static final Logger LOG = LoggerFactory.getLogger(CertificateStore.class);

    private final CertificateRepository repository;
    private final Seals seals;
    private final Supplier<String> ids;
    private final Runnable committed;

    /// @param committed is run after each change
    public CertificateStore(CertificateRepository repository, Seals seals, Supplier<String> ids, Runnable committed) {
        this.repository = repository;
        this.seals = seals;
        this.ids = ids;
        this.committed = committed;
    }

    Keeping create(Pair pair, Authorship by) {
        if (pair.name().isEmpty()) {
            return new Keeping.Invalid(List.of(new Problem("name", "missing (expected: a name)")));
        }
        if (seals.problem().isPresent())
            return new Keeping.NoKey(seals.problem().get());
        return told(repository.change(change -> {
            var name = pair.name().get();
            if (isTaken(name, "", change)) return new Keeping.NameTaken(name);
            var certificate = certificate(ids.get(), name, 1, pair, by, Optional.empty());
            change.add(certificate, by);
            return new Keeping.Saved(certificate);
        }));
    }

    /// Renews a certificate: whoever shows it shows this one from now on.
    ///
    /// @param etag of the version that it replaces
    Keeping replace(String id, String etag, Pair pair, Authorship by) {
        if (seals.problem().isPresent())
            return new Keeping.NoKey(seals.problem().get());
        return told(repository.change(change -> {
            var current = find(id, change);
            if (current.isEmpty()) return new Keeping.Missing();
            if (!current.get().etag().equals(etag)) return new Keeping.Stale(current.get());
            var name = pair.name().orElse(current.get().name());
            if (isTaken(name, id, change)) return new Keeping.NameTaken(name);
            var uncovered = Uses.uncovered(id, pair.chain().names(), change.distributions(), change.published());
            if (!uncovered.isEmpty()) return new Keeping.Invalid(uncovered);
            var next = certificate(id, name, current.get().version() + 1, pair, by, current);
            change.replace(next, by);
            return new Keeping.Saved(next);
        }));
    }

    Keeping delete(String id, String etag, Authorship by) {
        return told(repository.change(change -> {
            var current = find(id, change);
            if (current.isEmpty()) return new Keeping.Missing();
            if (!current.get().etag().equals(etag)) return new Keeping.Stale(current.get());
            var where = Uses.of(id, change.distributions(), change.published());
            if (!where.isEmpty()) return new Keeping.InUse(where);
            change.delete(current.get(), by);
            return new Keeping.Deleted();
        }));
    }

    private Keeping told(Keeping outcome) {
        switch (outcome) {
            case Keeping.Saved _, Keeping.Deleted _ -> committed.run();
            case Keeping.Invalid _,
                    Keeping.NameTaken _,
                    Keeping.Missing _,
                    Keeping.Stale _,
                    Keeping.InUse _,
                    Keeping.NoKey _ -> {}
        }
        return outcome;
    }

    private static Optional<Certificate> find(String id, CertificateRepository.Change change) {
        return change.all().stream().filter(each -> each.id().equals(id)).findFirst();
    }

    private static boolean isTaken(String name, String by, CertificateRepository.Change change) {
        return change.all().stream()
                .anyMatch(each -> each.name().equals(name) && !each.id().equals(by));
    }

    private Certificate certificate(
            String id, String name, long version, Pair pair, Authorship by, Optional<Certificate> before) {
        var secret = pair.pkcs8();
        try {
            return new Certificate(
                    id,
                    name,
                    version,
                    pair.chain().pem(),
                    seals.seal(secret, Certificate.keyIsOf(id, version)),
                    by.author(),
                    before.map(Certificate::createdAt).orElse(by.at()),
                    by.at(),
                    by.comment());
        } finally {
            Arrays.fill(secret, (byte) 0);
        }
    }

    /// Says what cannot be opened, and seals anew what lies under an older key of the file.
    public void lookAtSeals() {
        seals.problem().ifPresent(why -> LOG.error("{}; certificates can be neither uploaded nor given to edges", why));
        if (seals.problem().isPresent()) return;
        repository.change(change -> {
            int moved = 0;
            for (var certificate : change.all()) {
                if (seals.isCurrent(certificate.key())) continue;
                var secret = seals.unseal(certificate.key(), certificate.keyIsOf());
                if (secret.isEmpty()) {
                    LOG.error(
                            "certificate {} cannot be given to edges: {}",
                            certificate.name(),
                            whyClosed(seals, certificate));
                    continue;
                }
                change.reseal(certificate.sealedAnew(seals.seal(secret.get(), certificate.keyIsOf())));
                Arrays.fill(secret.get(), (byte) 0);
                moved++;
            }
            if (moved > 0) LOG.info("{} certificates were sealed anew under the first key of --secrets-key", moved);
            return moved;
        });
    }

    static String whyClosed(Seals seals, Certificate certificate) {
        return seals.whyClosed(certificate.key())
                .orElse("its key is not what was sealed: the database was changed by other hands");
    }
}

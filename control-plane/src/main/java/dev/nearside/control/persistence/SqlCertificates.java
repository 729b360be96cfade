package dev.nearside.control.persistence;

import static dev.nearside.control.persistence.Database.remember;

import dev.nearside.control.audit.Authorship;
import dev.nearside.control.certificate.Certificate;
import dev.nearside.control.certificate.CertificateRepository;
import dev.nearside.control.certificate.Sealed;
import dev.nearside.control.configuration.Document;
import dev.nearside.control.configuration.Documents;
import dev.nearside.control.configuration.Kind;
import dev.nearside.control.configuration.KnownCertificate;
import dev.nearside.model.check.Checked;
import dev.nearside.model.distribution.CertificateNames;
import dev.nearside.model.wire.ConfigurationDocument;
import dev.nearside.model.wire.DistributionDocument;
import dev.nearside.model.wire.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;

/// Certificates in SQL.
public final class SqlCertificates implements CertificateRepository {
    private static final String SELECT = """
            select id, name, version, chain, sealed_key, secrets_key_id, author, created_at, saved_at, comment
            from certificate
            """;

    private final Database database;

    public SqlCertificates(Database database) {
        this.database = database;
    }

    @Override
    public List<Certificate> all() {
        return database.jdbi().withHandle(SqlCertificates::all);
    }

    private static List<Certificate> all(Handle handle) {
        return handle.createQuery(SELECT + " order by name")
                .map((row, _) -> certificate(row))
                .list();
    }

    @Override
    public Optional<Certificate> find(String id) {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery(SELECT + " where id = :id")
                        .bind("id", id)
                        .map((row, _) -> certificate(row))
                        .findOne());
    }

    @Override
    public Map<String, Long> versions() {
        return database.jdbi().withHandle(handle -> {
            var versions = new HashMap<String, Long>();
            handle.createQuery("select id, version from certificate")
                    .map((row, _) -> Map.entry(row.getString("id"), row.getLong("version")))
                    .forEach(entry -> versions.put(entry.getKey(), entry.getValue()));
            return versions;
        });
    }

    /// What distributions may refer to.
    static List<KnownCertificate> known(Handle handle) {
        return handle.createQuery("select id, name, names from certificate order by name")
                .map((row, _) -> new KnownCertificate(
                        row.getString("id"),
                        row.getString("name"),
                        new CertificateNames(row.getString("names").lines().toList())))
                .list();
    }

    @Override
    public <T> T change(Function<Change, T> work) {
        return database.jdbi().inTransaction(handle -> {
            Database.lockConfiguration(handle);
            return work.apply(new SqlChange(handle));
        });
    }

    private record SqlChange(Handle handle) implements Change {

        @Override
        public List<Certificate> all() {
            return SqlCertificates.all(handle);
        }

        @Override
        public List<DistributionDocument> distributions() {
            var latest = SqlConfigurations.latest(handle).stream()
                    .filter(version -> version.kind() == Kind.DISTRIBUTION)
                    .map(Document::stored)
                    .toList();
            return Documents.of(latest).distributions();
        }

        @Override
        public List<DistributionDocument> published() {
            return handle.createQuery("""
                            select s.document from snapshot s join feed_head h on h.snapshot_version <= s.version
                            """).mapTo(String.class).list().stream()
                    .map(SqlCertificates::distributions)
                    .flatMap(List::stream)
                    .toList();
        }

        @Override
        public void add(Certificate certificate, Authorship by) {
            bind(certificate, handle.createUpdate("""
                            insert into certificate (id, name, version, chain, names, sealed_key, secrets_key_id,
                                author, created_at, saved_at, comment)
                            values (:id, :name, :version, :chain, :names, :key, :keyId, :author, :createdAt, :savedAt,
                                :comment)
                            """))
                    .bind("createdAt", certificate.createdAt())
                    .execute();
            remember(handle, by, "upload certificate", subject(certificate));
        }

        @Override
        public void replace(Certificate certificate, Authorship by) {
            update(certificate);
            remember(handle, by, "replace certificate", subject(certificate));
        }

        @Override
        public void reseal(Certificate certificate) {
            update(certificate);
        }

        private void update(Certificate certificate) {
            bind(certificate, handle.createUpdate("""
                            update certificate set name = :name, version = :version, chain = :chain, names = :names,
                                sealed_key = :key, secrets_key_id = :keyId, author = :author, saved_at = :savedAt,
                                comment = :comment
                            where id = :id
                            """)).execute();
        }

        private static Update bind(Certificate certificate, Update update) {
            return update.bind("id", certificate.id())
                    .bind("name", certificate.name())
                    .bind("version", certificate.version())
                    .bind("chain", certificate.pem())
                    .bind("names", String.join("\n", certificate.chain().names().names()))
                    .bind("key", certificate.key().text())
                    .bind("keyId", certificate.key().keyId())
                    .bind("author", certificate.author())
                    .bind("savedAt", certificate.savedAt())
                    .bind("comment", certificate.comment());
        }

        @Override
        public void delete(Certificate certificate, Authorship by) {
            handle.execute("delete from certificate where id = ?", certificate.id());
            remember(handle, by, "delete certificate", subject(certificate));
        }

        private static String subject(Certificate certificate) {
            return "certificate %s (%s), version %d"
                    .formatted(certificate.name(), certificate.id(), certificate.version());
        }
    }

    /// The distributions of a snapshot's document, which a later release may have written.
    static List<DistributionDocument> distributions(String snapshot) {
        return switch (Json.readKnown(snapshot, ConfigurationDocument.class)) {
            case Checked.Valid<ConfigurationDocument>(var configuration) ->
                Objects.requireNonNullElse(configuration.distributions(), List.of());
            case Checked.Invalid<ConfigurationDocument>(var problems) ->
                throw new IllegalStateException("stored snapshot: " + problems);
        };
    }

    private static Certificate certificate(ResultSet row) throws SQLException {
        return new Certificate(
                row.getString("id"),
                row.getString("name"),
                row.getLong("version"),
                row.getString("chain"),
                new Sealed(row.getString("secrets_key_id"), row.getString("sealed_key")),
                row.getString("author"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getObject("saved_at", OffsetDateTime.class).toInstant(),
                row.getString("comment"));
    }
}

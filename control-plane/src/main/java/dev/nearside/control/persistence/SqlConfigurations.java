package dev.nearside.control.persistence;

import static dev.nearside.control.persistence.Database.remember;

import dev.nearside.control.audit.Authorship;
import dev.nearside.control.configuration.Accepted;
import dev.nearside.control.configuration.Claims;
import dev.nearside.control.configuration.ConfigurationRepository;
import dev.nearside.control.configuration.Kind;
import dev.nearside.control.configuration.KnownCertificate;
import dev.nearside.control.configuration.Published;
import dev.nearside.control.configuration.Version;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;

/// Versions in SQL.
public final class SqlConfigurations implements ConfigurationRepository {
    private static final String VERSIONS = """
            select v.kind, v.id, v.version, v.name, v.document, v.author, v.saved_at, v.comment, i.created_at
            from configuration_version v join configuration_item i on i.kind = v.kind and i.id = v.id
            """;

    private static final String LATEST = VERSIONS + " where i.live_name is not null and v.version = i.latest_version ";

    private final Database database;

    public SqlConfigurations(Database database) {
        this.database = database;
    }

    @Override
    public List<Version> latest(Kind kind) {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery(LATEST + " and v.kind = :kind order by i.live_name")
                        .bind("kind", kind.name())
                        .map((row, _) -> version(row))
                        .list());
    }

    @Override
    public List<Version> latest() {
        return database.jdbi().withHandle(SqlConfigurations::latest);
    }

    static List<Version> latest(Handle handle) {
        return handle.createQuery(LATEST + " order by v.kind, i.live_name")
                .map((row, _) -> version(row))
                .list();
    }

    @Override
    public Optional<Version> findLatest(Kind kind, String id) {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery(LATEST + " and v.kind = :kind and v.id = :id")
                        .bind("kind", kind.name())
                        .bind("id", id)
                        .map((row, _) -> version(row))
                        .findOne());
    }

    @Override
    public List<Saving> savings(Kind kind, String id) {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery("""
                                select version, saved_at, author, comment from configuration_version
                                where kind = :kind and id = :id order by version desc
                                """)
                        .bind("kind", kind.name())
                        .bind("id", id)
                        .map((row, _) -> new Saving(
                                row.getInt("version"),
                                row.getObject("saved_at", OffsetDateTime.class).toInstant(),
                                row.getString("author"),
                                row.getString("comment")))
                        .list());
    }

    @Override
    public Set<String> ids(Kind kind) {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery("select id from configuration_item where kind = :kind")
                        .bind("kind", kind.name())
                        .mapTo(String.class)
                        .set());
    }

    @Override
    public Optional<Version> findVersion(Kind kind, String id, int number) {
        return database.jdbi().withHandle(handle -> findVersion(handle, kind, id, number));
    }

    private static Optional<Version> findVersion(Handle handle, Kind kind, String id, int number) {
        return handle.createQuery(VERSIONS + " where v.kind = :kind and v.id = :id and v.version = :version")
                .bind("kind", kind.name())
                .bind("id", id)
                .bind("version", number)
                .map((row, _) -> version(row))
                .findOne();
    }

    @Override
    public Published published() {
        return database.jdbi().withHandle(SqlConfigurations::published);
    }

    static Published published(Handle handle) {
        return inSnapshot(handle, SqlPublications.newest(handle)).orElse(Published.NOTHING);
    }

    @Override
    public Optional<Published> inSnapshot(long number) {
        return database.jdbi().withHandle(handle -> inSnapshot(handle, number));
    }

    private static Optional<Published> inSnapshot(Handle handle, long number) {
        boolean isThere = handle.createQuery("select count(*) from snapshot where version = :version")
                        .bind("version", number)
                        .mapTo(int.class)
                        .one()
                > 0;
        if (!isThere) return Optional.empty();
        var versions = handle.createQuery(VERSIONS + """
                         join snapshot_content c on c.kind = v.kind and c.id = v.id and c.version = v.version
                        where c.snapshot_version = :snapshot order by v.kind, v.name
                        """)
                .bind("snapshot", number)
                .map((row, _) -> version(row))
                .list();
        return Optional.of(new Published(number, versions));
    }

    @Override
    public List<String> usersOf(String policyId) {
        return database.jdbi().withHandle(handle -> usersOf(handle, policyId));
    }

    private static List<String> usersOf(Handle handle, String policyId) {
        return handle.createQuery("""
                        select i.live_name from policy_use u
                        join configuration_item i on i.id = u.distribution_id and i.kind = :kind
                        where u.policy_id = :policy order by i.live_name
                        """)
                .bind("kind", Kind.DISTRIBUTION.name())
                .bind("policy", policyId)
                .mapTo(String.class)
                .list();
    }

    @Override
    public <T> T change(Function<Change, T> work) {
        return database.jdbi().inTransaction(handle -> work.apply(lockHead(handle)));
    }

    /// Locks the configuration until the transaction ends; whoever locks the feed's head as well does it after this.
    static Change lockHead(Handle handle) {
        Database.lockConfiguration(handle);
        return new SqlChange(handle);
    }

    private record SqlChange(Handle handle) implements Change {

        @Override
        public Published published() {
            return SqlConfigurations.published(handle);
        }

        @Override
        public Optional<Published> inSnapshot(long number) {
            return SqlConfigurations.inSnapshot(handle, number);
        }

        @Override
        public Optional<Version> findVersion(Kind kind, String id, int number) {
            return SqlConfigurations.findVersion(handle, kind, id, number);
        }

        @Override
        public Optional<Version> findNewest(Kind kind, String id) {
            return handle.createQuery(
                            VERSIONS + " where v.kind = :kind and v.id = :id and v.version = i.latest_version")
                    .bind("kind", kind.name())
                    .bind("id", id)
                    .map((row, _) -> version(row))
                    .findOne();
        }

        @Override
        public List<Version> latest() {
            return SqlConfigurations.latest(handle);
        }

        @Override
        public List<String> usersOf(String policyId) {
            return SqlConfigurations.usersOf(handle, policyId);
        }

        @Override
        public List<KnownCertificate> certificates() {
            return SqlCertificates.known(handle);
        }

        @Override
        public void save(List<Accepted> accepted, Authorship by) {
            // All claims go first: a name or an alias may move from one of these documents to another.
            for (var each : accepted) {
                dropName(each.version());
                dropClaims(each.version());
            }
            for (var each : accepted) {
                saveItem(each.version(), by);
                saveVersion(each.version(), by);
                saveClaims(each.version(), each.claims());
                var action = each.version().number() == 1 ? "create " : "update ";
                remember(handle, by, action + each.version().kind().words(), subject(each.version()));
            }
        }

        private void saveItem(Version version, Authorship by) {
            if (version.number() == 1) {
                handle.createUpdate("""
                                insert into configuration_item (kind, id, live_name, latest_version, created_at)
                                values (:kind, :id, :name, 1, :at)
                                """)
                        .bind("kind", version.kind().name())
                        .bind("id", version.id())
                        .bind("name", version.name())
                        .bind("at", by.at())
                        .execute();
            } else {
                handle.createUpdate("""
                                update configuration_item set live_name = :name, latest_version = :version
                                where kind = :kind and id = :id
                                """)
                        .bind("name", version.name())
                        .bind("version", version.number())
                        .bind("kind", version.kind().name())
                        .bind("id", version.id())
                        .execute();
            }
        }

        private void saveVersion(Version version, Authorship by) {
            handle.createUpdate("""
                            insert into configuration_version
                                (kind, id, version, name, document, author, saved_at, comment)
                            values (:kind, :id, :version, :name, :document, :author, :at, :comment)
                            """)
                    .bind("kind", version.kind().name())
                    .bind("id", version.id())
                    .bind("version", version.number())
                    .bind("name", version.name())
                    .bind("document", version.document())
                    .bind("author", by.author())
                    .bind("at", by.at())
                    .bind("comment", by.comment())
                    .execute();
        }

        private void saveClaims(Version version, Claims claims) {
            for (var alias : claims.aliases()) {
                handle.execute(
                        "insert into distribution_alias (alias, distribution_id) values (?, ?)", alias, version.id());
            }
            for (var policy : claims.policies()) {
                handle.execute(
                        "insert into policy_use (policy_id, distribution_id) values (?, ?)", policy, version.id());
            }
        }

        @Override
        public void delete(Version latest, Authorship by) {
            dropName(latest);
            dropClaims(latest);
            remember(handle, by, "delete " + latest.kind().words(), subject(latest));
        }

        private void dropName(Version version) {
            handle.execute(
                    "update configuration_item set live_name = null where kind = ? and id = ?",
                    version.kind().name(),
                    version.id());
        }

        private void dropClaims(Version version) {
            if (version.kind() != Kind.DISTRIBUTION) return;
            handle.execute("delete from distribution_alias where distribution_id = ?", version.id());
            handle.execute("delete from policy_use where distribution_id = ?", version.id());
        }

        private static String subject(Version version) {
            return "%s %s, version %d".formatted(version.name(), version.id(), version.number());
        }
    }

    private static Version version(ResultSet row) throws SQLException {
        return new Version(
                Kind.valueOf(row.getString("kind")),
                row.getString("id"),
                row.getInt("version"),
                row.getString("name"),
                row.getString("document"),
                row.getString("author"),
                row.getObject("saved_at", OffsetDateTime.class).toInstant(),
                row.getString("comment"),
                row.getObject("created_at", OffsetDateTime.class).toInstant());
    }
}

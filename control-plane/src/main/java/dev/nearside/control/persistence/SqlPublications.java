package dev.nearside.control.persistence;

import static dev.nearside.control.persistence.Database.remember;

import dev.nearside.control.audit.Authorship;
import dev.nearside.control.certificate.Uses;
import dev.nearside.control.configuration.ConfigurationRepository;
import dev.nearside.control.configuration.Kind;
import dev.nearside.control.configuration.Version;
import dev.nearside.control.fleet.Targets;
import dev.nearside.control.publish.OnTrial;
import dev.nearside.control.publish.Publication;
import dev.nearside.control.publish.Publication.Chosen;
import dev.nearside.control.publish.PublicationRepository;
import dev.nearside.model.check.Checked;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/// Snapshots in SQL.
public final class SqlPublications implements PublicationRepository {
    private static final String SELECT =
            "select version, content_hash, document, author, published_at, comment from snapshot ";

    /// Two hundred documents of some megabytes have no place in memory.
    private static final String WITHOUT_CONTENT =
            "select version, content_hash, '' as document, author, published_at, comment from snapshot ";

    private final Database database;

    public SqlPublications(Database database) {
        this.database = database;
    }

    @Override
    public <T> T change(Function<Change, T> work) {
        return database.jdbi().inTransaction(handle -> {
            var configuration = SqlConfigurations.lockHead(handle);
            var settled = SqlFeedLog.lockHead(handle).snapshotVersion();
            return work.apply(new SqlChange(handle, configuration, settled));
        });
    }

    private record SqlChange(Handle handle, ConfigurationRepository.Change configuration, long settled)
            implements Change {

        @Override
        public Optional<Long> onTrial() {
            return SqlRollouts.onTrial(handle);
        }

        @Override
        public Checked<Publication> publish(
                Function<List<Version>, Checked<Compiled>> compile,
                Optional<OnTrial> trial,
                Authorship by,
                String action) {
            // Numbers only ever grow, also past a snapshot that was tried and rolled back.
            long number = newest(handle) + 1;
            var latest = configuration.latest();
            return compile.apply(latest).then(compiled -> {
                var content = latest.stream()
                        .map(version -> new Chosen(version.kind(), version.id(), version.number()))
                        .collect(Collectors.toSet());
                var published = new Publication(
                        number, compiled.hash(), compiled.document(), content, by.author(), by.at(), by.comment());
                insert(handle, published);
                remember(handle, by, action, "snapshot " + number);
                if (trial.isPresent()) SqlRollouts.begin(handle, number, settled, trial.get(), by);
                else handle.execute("update feed_head set snapshot_version = ? where id = 1", number);
                return new Checked.Valid<>(published);
            });
        }
    }

    /// The newest snapshot, be it on trial; 0 before the first.
    static long newest(Handle handle) {
        return handle.createQuery("select coalesce(max(version), 0) from snapshot")
                .mapTo(long.class)
                .one();
    }

    /// Publishes the content of an earlier snapshot under the next number; the head is locked and not moved.
    ///
    /// @return the number
    static long publishAgain(Handle handle, long version, Authorship by) {
        var earlier = handle.createQuery(SELECT + "where version = :version")
                .bind("version", version)
                .map((row, _) -> publication(row, content(handle, version)))
                .one();
        var again = new Publication(
                newest(handle) + 1,
                earlier.hash(),
                earlier.document(),
                earlier.content(),
                by.author(),
                by.at(),
                by.comment());
        insert(handle, again);
        return again.version();
    }

    private static void insert(Handle handle, Publication published) {
        handle.createUpdate("""
                        insert into snapshot (version, content_hash, document, author, published_at, comment)
                        values (:version, :hash, :document, :author, :at, :comment)
                        """)
                .bind("version", published.version())
                .bind("hash", published.hash())
                .bind("document", published.document())
                .bind("author", published.author())
                .bind("at", published.publishedAt())
                .bind("comment", published.comment())
                .execute();
        for (var chosen : published.content()) {
            handle.execute(
                    "insert into snapshot_content (snapshot_version, kind, id, version) values (?, ?, ?, ?)",
                    published.version(),
                    chosen.kind().name(),
                    chosen.id(),
                    chosen.version());
        }
    }

    @Override
    public Targets targets() {
        return database.jdbi().withHandle(SqlFeedLog::targets);
    }

    @Override
    public Optional<Publication> find(long version) {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery(SELECT + "where version = :version")
                        .bind("version", version)
                        .map((row, _) -> publication(row, content(handle, version)))
                        .findOne());
    }

    @Override
    public Set<String> certificatesOf(long version) {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery("select document from snapshot where version = :version")
                        .bind("version", version)
                        .mapTo(String.class)
                        .findOne())
                .map(SqlCertificates::distributions)
                .map(Uses::shownBy)
                .orElseGet(Set::of);
    }

    @Override
    public List<Publication> latest(int atMost) {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery(WITHOUT_CONTENT + "order by version desc limit :count")
                        .bind("count", atMost)
                        .map((row, _) -> publication(row, Set.of()))
                        .list());
    }

    @Override
    public Set<Chosen> currentContent() {
        return database.jdbi()
                .withHandle(handle ->
                        handle.createQuery("""
                                select c.kind, c.id, c.version from snapshot_content c
                                where c.snapshot_version = (select max(version) from snapshot)
                                """).map((row, _) -> chosen(row)).set());
    }

    private static Set<Chosen> content(Handle handle, long version) {
        return handle.createQuery("select kind, id, version from snapshot_content where snapshot_version = :version")
                .bind("version", version)
                .map((row, _) -> chosen(row))
                .set();
    }

    private static Chosen chosen(ResultSet row) throws SQLException {
        return new Chosen(Kind.valueOf(row.getString("kind")), row.getString("id"), row.getInt("version"));
    }

    private static Publication publication(ResultSet row, Set<Chosen> content) throws SQLException {
        return new Publication(
                row.getLong("version"),
                row.getString("content_hash"),
                row.getString("document"),
                content,
                row.getString("author"),
                row.getObject("published_at", OffsetDateTime.class).toInstant(),
                row.getString("comment"));
    }
}

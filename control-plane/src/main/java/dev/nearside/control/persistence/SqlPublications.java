package dev.nearside.control.persistence;

import static dev.nearside.control.persistence.Database.remember;

import dev.nearside.control.audit.Authorship;
import dev.nearside.control.configuration.Kind;
import dev.nearside.control.configuration.Version;
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

    private final Database database;

    public SqlPublications(Database database) {
        this.database = database;
    }

    @Override
    public Checked<Publication> publish(Function<List<Version>, Checked<Compiled>> compile, Authorship by) {
        return database.jdbi().inTransaction(handle -> {
            var number = SqlFeedLog.lockHead(handle).snapshotVersion() + 1;
            var latest = SqlConfigurations.latest(handle);
            return compile.apply(latest).then(compiled -> {
                var content = latest.stream()
                        .map(version -> new Chosen(version.kind(), version.id(), version.number()))
                        .collect(Collectors.toSet());
                var published = new Publication(
                        number, compiled.hash(), compiled.document(), content, by.author(), by.at(), by.comment());
                insert(handle, published);
                handle.execute("update feed_head set snapshot_version = ? where id = 1", number);
                remember(handle, by, "publish snapshot", "snapshot " + number);
                return new Checked.Valid<>(published);
            });
        });
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
    public Optional<Publication> find(long version) {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery(SELECT + "where version = :version")
                        .bind("version", version)
                        .map((row, _) -> publication(row, content(handle, version)))
                        .findOne());
    }

    @Override
    public List<Publication> latest(int atMost) {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery(SELECT + "order by version desc limit :count")
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
                                join feed_head h on h.snapshot_version = c.snapshot_version
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

package dev.nearside.control.persistence;

import static dev.nearside.control.persistence.Database.remember;

import dev.nearside.control.audit.Authorship;
import dev.nearside.control.publish.Publication;
import dev.nearside.control.publish.PublicationRepository;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Snapshots in SQL.
public final class SqlPublications implements PublicationRepository {
    private static final String SELECT =
            "select version, content_hash, document, author, published_at, comment from snapshot ";

    private final Database database;

    public SqlPublications(Database database) {
        this.database = database;
    }

    @Override
    public Publication append(String hash, String document, Authorship by) {
        return database.jdbi().inTransaction(handle -> {
            var version = SqlFeedLog.lockHead(handle).snapshotVersion() + 1;
            var added = new Publication(version, hash, document, by.author(), by.at(), by.comment());
            handle.createUpdate(
                            """
                            insert into snapshot (version, content_hash, document, author, published_at, comment)
                            values (:version, :hash, :document, :author, :at, :comment)
                            """)
                    .bind("version", version)
                    .bind("hash", hash)
                    .bind("document", document)
                    .bind("author", by.author())
                    .bind("at", by.at())
                    .bind("comment", by.comment())
                    .execute();
            handle.execute("update feed_head set snapshot_version = ? where id = 1", version);
            remember(handle, by, "publish snapshot", "snapshot " + version);
            return added;
        });
    }

    @Override
    public Optional<Publication> find(long version) {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery(SELECT + "where version = :version")
                        .bind("version", version)
                        .map((row, _) -> publication(row))
                        .findOne());
    }

    @Override
    public List<Publication> latest(int atMost) {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery(SELECT + "order by version desc limit :count")
                        .bind("count", atMost)
                        .map((row, _) -> publication(row))
                        .list());
    }

    private static Publication publication(ResultSet row) throws SQLException {
        return new Publication(
                row.getLong("version"),
                row.getString("content_hash"),
                row.getString("document"),
                row.getString("author"),
                row.getObject("published_at", Instant.class),
                row.getString("comment"));
    }
}

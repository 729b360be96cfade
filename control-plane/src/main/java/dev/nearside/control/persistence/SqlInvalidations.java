package dev.nearside.control.persistence;

import static dev.nearside.control.persistence.Database.remember;

import dev.nearside.control.audit.Authorship;
import dev.nearside.control.invalidation.InvalidationRepository;
import dev.nearside.control.invalidation.Recorded;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// The log of invalidations in SQL.
public final class SqlInvalidations implements InvalidationRepository {
    private static final String SELECT =
            "select log_position, id, distribution_id, caller_reference, paths, soft, author, created_at"
                    + " from invalidation ";

    private final Database database;

    public SqlInvalidations(Database database) {
        this.database = database;
    }

    @Override
    public Appended append(
            String id, String distributionId, String callerReference, List<String> paths, boolean soft, Authorship by) {
        return database.jdbi().inTransaction(handle -> {
            var head = SqlFeedLog.lockHead(handle);
            var before = findByReference(handle, distributionId, callerReference);
            if (before.isPresent()) {
                return before.get().paths().equals(paths) && before.get().soft() == soft
                        ? new Appended.Known(before.get())
                        : new Appended.Contradicts(before.get());
            }
            var added = new Recorded(
                    head.position() + 1, id, distributionId, callerReference, paths, soft, by.author(), by.at());
            insert(handle, added);
            handle.execute("update feed_head set log_position = ? where id = 1", added.position());
            remember(handle, by, "invalidate", distributionId + ", position " + added.position());
            return new Appended.Added(added);
        });
    }

    private static Optional<Recorded> findByReference(Handle handle, String distributionId, String callerReference) {
        return handle.createQuery(SELECT + "where distribution_id = :distribution and caller_reference = :reference")
                .bind("distribution", distributionId)
                .bind("reference", callerReference)
                .map((row, _) -> recorded(row))
                .findOne();
    }

    private static void insert(Handle handle, Recorded added) {
        handle.createUpdate("""
                        insert into invalidation
                            (log_position, id, distribution_id, caller_reference, paths, soft, author, created_at)
                        values (:position, :id, :distribution, :reference, :paths, :soft, :author, :at)
                        """)
                .bind("position", added.position())
                .bind("id", added.id())
                .bind("distribution", added.distributionId())
                .bind("reference", added.callerReference())
                .bind("paths", String.join("\n", added.paths()))
                .bind("soft", added.soft())
                .bind("author", added.author())
                .bind("at", added.createdAt())
                .execute();
    }

    @Override
    public Optional<Recorded> find(String distributionId, String id) {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery(SELECT + "where distribution_id = :distribution and id = :id")
                        .bind("distribution", distributionId)
                        .bind("id", id)
                        .map((row, _) -> recorded(row))
                        .findOne());
    }

    @Override
    public List<Recorded> latest(String distributionId, int atMost) {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery(SELECT
                                + "where distribution_id = :distribution order by log_position desc limit :count")
                        .bind("distribution", distributionId)
                        .bind("count", atMost)
                        .map((row, _) -> recorded(row))
                        .list());
    }

    @Override
    public void keepOnly(long latest) {
        database.jdbi().useTransaction(handle -> {
            var oldest = SqlFeedLog.lockHead(handle).position() - latest + 1;
            if (oldest <= 1) return;
            handle.execute("delete from invalidation where log_position < ?", oldest);
            handle.execute("delete from edge_progress where log_position < ?", oldest);
            handle.execute("update feed_head set oldest_position = ? where id = 1", oldest);
        });
    }

    /// A path holds no control characters, so a line is a path.
    static List<String> split(String paths) {
        return paths.lines().toList();
    }

    private static Recorded recorded(ResultSet row) throws SQLException {
        return new Recorded(
                row.getLong("log_position"),
                row.getString("id"),
                row.getString("distribution_id"),
                row.getString("caller_reference"),
                split(row.getString("paths")),
                row.getBoolean("soft"),
                row.getString("author"),
                row.getObject("created_at", OffsetDateTime.class).toInstant());
    }
}

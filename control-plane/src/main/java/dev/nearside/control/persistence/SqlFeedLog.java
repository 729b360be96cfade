package dev.nearside.control.persistence;

import dev.nearside.control.fleet.FeedLog;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// Reads what invalidations and publishing appended.
public final class SqlFeedLog implements FeedLog {
    private final Database database;

    public SqlFeedLog(Database database) {
        this.database = database;
    }

    @Override
    public Head head() {
        return database.jdbi().withHandle(handle -> head(handle, ""));
    }

    /// Reads the head and keeps it locked until the transaction ends: numbers become visible in commit order.
    static Head lockHead(Handle handle) {
        return head(handle, " for update");
    }

    private static Head head(Handle handle, String lock) {
        return handle.createQuery(
                        "select epoch, log_position, oldest_position, snapshot_version from feed_head where id = 1"
                                + lock)
                .map((row, _) -> new Head(
                        row.getString("epoch"),
                        row.getLong("log_position"),
                        row.getLong("oldest_position"),
                        row.getLong("snapshot_version")))
                .one();
    }

    @Override
    public List<Order> after(long position, int atMost) {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery("""
                                select log_position, id, distribution_id, paths, soft, created_at from invalidation
                                where log_position > :position order by log_position limit :count
                                """)
                        .bind("position", position)
                        .bind("count", atMost)
                        .map((row, _) -> new Order(
                                row.getLong("log_position"),
                                row.getString("id"),
                                row.getString("distribution_id"),
                                SqlInvalidations.split(row.getString("paths")),
                                row.getBoolean("soft"),
                                row.getObject("created_at", OffsetDateTime.class)
                                        .toInstant()))
                        .list());
    }

    @Override
    public Optional<Published> latestSnapshot() {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery("""
                                select s.version, s.content_hash, s.document from snapshot s
                                join feed_head h on h.snapshot_version = s.version
                                """)
                        .map((row, _) -> new Published(
                                row.getLong("version"), row.getString("content_hash"), row.getString("document")))
                        .findOne());
    }
}

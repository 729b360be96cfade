package dev.nearside.control.persistence;

import dev.nearside.control.fleet.FeedLog;
import dev.nearside.control.fleet.Targets;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// Reads what invalidations and publishing appended.
public final class SqlFeedLog implements FeedLog {
    /// In characters of paths; one order may have more.
    private static final int LARGEST_PAGE = 1 << 20;

    private final Database database;

    public SqlFeedLog(Database database) {
        this.database = database;
    }

    @Override
    public Head head() {
        return database.jdbi().withHandle(SqlFeedLog::head);
    }

    static Head head(Handle handle) {
        return head(handle, "");
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
        return database.jdbi().withHandle(handle -> {
            long last = lastOfPage(handle, position, atMost);
            if (last == position) return List.of();
            return handle.createQuery("""
                            select log_position, id, distribution_id, paths, soft, created_at from invalidation
                            where log_position > :position and log_position <= :last order by log_position
                            """)
                    .bind("position", position)
                    .bind("last", last)
                    .map((row, _) -> new Order(
                            row.getLong("log_position"),
                            row.getString("id"),
                            row.getString("distribution_id"),
                            SqlInvalidations.split(row.getString("paths")),
                            row.getBoolean("soft"),
                            row.getObject("created_at", OffsetDateTime.class).toInstant()))
                    .list();
        });
    }

    /// Where a page ends that has neither too many orders nor too long ones; the position itself if nothing follows.
    private static long lastOfPage(Handle handle, long position, int atMost) {
        record Size(long position, int length) {}
        var sizes = handle.createQuery("""
                        select log_position, coalesce(path_length, 0) as length from invalidation
                        where log_position > :position order by log_position limit :count
                        """)
                .bind("position", position)
                .bind("count", atMost)
                .map((row, _) -> new Size(row.getLong("log_position"), row.getInt("length")))
                .list();
        long last = position;
        long length = 0;
        for (var size : sizes) {
            length += size.length();
            if (length > LARGEST_PAGE && last > position) break;
            last = size.position();
        }
        return last;
    }

    @Override
    public Targets targets() {
        return database.jdbi().withHandle(SqlFeedLog::targets);
    }

    static Targets targets(Handle handle) {
        return handle.createQuery("""
                        select h.snapshot_version settled, r.snapshot_version tried, r.plan, r.share_below
                        from feed_head h left join rollout r on r.under_way = 1 where h.id = 1
                        """)
                .map((row, _) -> {
                    long settled = row.getLong("settled");
                    long tried = row.getLong("tried");
                    return new Targets(
                            settled,
                            row.wasNull()
                                    ? Optional.empty()
                                    : Optional.of(new Targets.Trial(tried, SqlRollouts.canaries(row))));
                })
                .one();
    }

    @Override
    public Optional<Published> snapshot(long version) {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery(
                                "select version, content_hash, document from snapshot where version = :version")
                        .bind("version", version)
                        .map((row, _) -> new Published(
                                row.getLong("version"), row.getString("content_hash"), row.getString("document")))
                        .findOne());
    }
}

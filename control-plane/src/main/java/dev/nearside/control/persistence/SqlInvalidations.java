package dev.nearside.control.persistence;

import static dev.nearside.control.persistence.Database.remember;

import dev.nearside.control.invalidation.InvalidationRepository;
import dev.nearside.control.invalidation.Order;
import dev.nearside.control.invalidation.OrderLimits;
import dev.nearside.control.invalidation.Recorded;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// The log of invalidations in SQL.
public final class SqlInvalidations implements InvalidationRepository {
    private static final Duration WINDOW = Duration.ofMinutes(1);

    /// Edges apply what reaches them within milliseconds.
    private static final Duration UNTIL_APPLIED = Duration.ofSeconds(2);

    private static final String COLUMNS =
            "log_position, id, distribution_id, caller_reference, path_count, soft, author, created_at, ";

    /// How much of the paths a page of history reads: enough for a few of the longest.
    private static final int BEGINNING = 8_000;

    private static final int FIRST_PATHS = 10;

    private static final String WHOLE = "select " + COLUMNS + "paths from invalidation ";

    /// Rows of an earlier release do not say how many paths they have.
    private static final String SHORT = "select " + COLUMNS + "case when path_count is null then paths"
            + " else substring(paths from 1 for " + BEGINNING + ") end as paths from invalidation ";

    private final Database database;

    public SqlInvalidations(Database database) {
        this.database = database;
    }

    @Override
    public Appended append(Order order, OrderLimits limits, long appliedTo) {
        return database.jdbi().inTransaction(handle -> {
            // Two orders of one reference, and two that share a limit, come one after the other from here on.
            var head = SqlFeedLog.lockHead(handle);
            var before = findByReference(handle, order.distributionId(), order.callerReference());
            if (before.isPresent()) {
                return order.asksFor(before.get().paths(), before.get().soft())
                        ? new Appended.Known(before.get())
                        : new Appended.Contradicts(before.get());
            }
            var tooMuch = tooMuch(handle, order, limits, appliedTo);
            if (tooMuch.isPresent()) return tooMuch.get();
            var added = new Recorded(
                    head.position() + 1,
                    order.id(),
                    order.distributionId(),
                    order.callerReference(),
                    order.paths(),
                    order.paths().size(),
                    order.soft(),
                    order.by().author(),
                    order.by().at());
            insert(handle, added, order.wildcards());
            handle.execute("update feed_head set log_position = ? where id = 1", added.position());
            remember(handle, order.by(), "invalidate", order.distributionId() + ", position " + added.position());
            return new Appended.Added(added);
        });
    }

    private static Optional<Appended> tooMuch(Handle handle, Order order, OrderLimits limits, long appliedTo) {
        var lately = lately(handle, order);
        if (lately.orders() >= limits.ordersPerMinute()) {
            return Optional.of(new Appended.TooMuch(
                    "%d orders within a minute (expected: at most %d of one author)"
                            .formatted(lately.orders() + 1, limits.ordersPerMinute()),
                    untilForgotten(handle, order, lately.orders() + 1 - limits.ordersPerMinute(), 0)));
        }
        long paths = lately.paths() + order.paths().size();
        if (paths > limits.pathsPerMinute()) {
            return Optional.of(new Appended.TooMuch(
                    "%d paths within a minute (expected: at most %d of one author)"
                            .formatted(paths, limits.pathsPerMinute()),
                    untilForgotten(handle, order, 0, paths - limits.pathsPerMinute())));
        }
        if (order.wildcards() == 0) return Optional.empty();
        long wildcards = outstanding(handle, order, appliedTo) + order.wildcards();
        if (wildcards <= limits.wildcards()) return Optional.empty();
        return Optional.of(new Appended.TooMuch(
                "%d wildcards that an edge has yet to apply (expected: at most %d of one distribution)"
                        .formatted(wildcards, limits.wildcards()),
                UNTIL_APPLIED));
    }

    /// What the author has ordered within the last minute.
    private record Lately(long orders, long paths) {}

    private static Lately lately(Handle handle, Order order) {
        return handle.createQuery("""
                        select count(*) as orders, coalesce(sum(coalesce(path_count, 1)), 0) as paths
                        from invalidation where author = :author and created_at > :since
                        """)
                .bind("author", order.by().author())
                .bind("since", order.by().at().minus(WINDOW))
                .map((row, _) -> new Lately(row.getLong("orders"), row.getLong("paths")))
                .one();
    }

    /// When so many orders and paths will be more than a minute old.
    private static Duration untilForgotten(Handle handle, Order order, long orders, long paths) {
        record Past(long paths, Instant at) {}
        var now = order.by().at();
        try (var past = handle
                .createQuery("""
                        select coalesce(path_count, 1) as paths, created_at
                        from invalidation where author = :author and created_at > :since order by created_at
                        """)
                .bind("author", order.by().author())
                .bind("since", now.minus(WINDOW))
                .map((row, _) -> new Past(row.getLong("paths"), instant(row, "created_at")))
                .stream()) {
            long ordersLeft = orders;
            long pathsLeft = paths;
            for (var each : (Iterable<Past>) past::iterator) {
                ordersLeft--;
                pathsLeft -= each.paths();
                if (ordersLeft <= 0 && pathsLeft <= 0)
                    return Duration.between(now, each.at().plus(WINDOW));
            }
        }
        return WINDOW;
    }

    private static long outstanding(Handle handle, Order order, long appliedTo) {
        return handle.createQuery("""
                        select coalesce(sum(wildcard_count), 0) from invalidation
                        where distribution_id = :distribution and log_position > :applied
                        """)
                .bind("distribution", order.distributionId())
                .bind("applied", appliedTo)
                .mapTo(long.class)
                .one();
    }

    private static Optional<Recorded> findByReference(Handle handle, String distributionId, String callerReference) {
        return handle.createQuery(WHOLE + "where distribution_id = :distribution and caller_reference = :reference")
                .bind("distribution", distributionId)
                .bind("reference", callerReference)
                .map((row, _) -> recorded(row, Integer.MAX_VALUE))
                .findOne();
    }

    private static void insert(Handle handle, Recorded added, int wildcards) {
        var paths = String.join("\n", added.paths());
        handle.createUpdate("""
                        insert into invalidation
                            (log_position, id, distribution_id, caller_reference, paths, path_count, path_length,
                             wildcard_count, soft, author, created_at)
                        values (:position, :id, :distribution, :reference, :paths, :count, :length,
                             :wildcards, :soft, :author, :at)
                        """)
                .bind("position", added.position())
                .bind("id", added.id())
                .bind("distribution", added.distributionId())
                .bind("reference", added.callerReference())
                .bind("paths", paths)
                .bind("count", added.pathCount())
                .bind("length", paths.length())
                .bind("wildcards", wildcards)
                .bind("soft", added.soft())
                .bind("author", added.author())
                .bind("at", added.createdAt())
                .execute();
    }

    @Override
    public Optional<Recorded> find(String distributionId, String id) {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery(WHOLE + "where distribution_id = :distribution and id = :id")
                        .bind("distribution", distributionId)
                        .bind("id", id)
                        .map((row, _) -> recorded(row, Integer.MAX_VALUE))
                        .findOne());
    }

    @Override
    public List<Recorded> page(Optional<String> distributionId, long before, int atMost) {
        var only = distributionId.isPresent() ? "distribution_id = :distribution and " : "";
        return database.jdbi().withHandle(handle -> {
            var query = handle.createQuery(
                            SHORT + "where " + only + "log_position < :before order by log_position desc limit :count")
                    .bind("before", before)
                    .bind("count", atMost);
            distributionId.ifPresent(id -> query.bind("distribution", id));
            return query.map((row, _) -> recorded(row, FIRST_PATHS)).list();
        });
    }

    @Override
    public void keepOnly(long latest) {
        database.jdbi().useTransaction(handle -> {
            var oldest = SqlFeedLog.lockHead(handle).position() - latest + 1;
            if (oldest <= 1) return;
            handle.execute("delete from invalidation where log_position < ?", oldest);
            handle.execute("update feed_head set oldest_position = ? where id = 1", oldest);
        });
    }

    /// A path holds no control characters, so a line is a path.
    static List<String> split(String paths) {
        return paths.lines().toList();
    }

    /// @param atMost how many of its paths are wanted; the last that was read may be cut off, and is not among them
    private static Recorded recorded(ResultSet row, int atMost) throws SQLException {
        var text = row.getString("paths");
        var paths = split(text);
        int count = row.getInt("path_count");
        if (row.wasNull()) count = paths.size();
        int whole = paths.size() < count ? paths.size() - 1 : paths.size();
        return new Recorded(
                row.getLong("log_position"),
                row.getString("id"),
                row.getString("distribution_id"),
                row.getString("caller_reference"),
                paths.subList(0, Math.min(Math.max(whole, 0), atMost)),
                count,
                row.getBoolean("soft"),
                row.getString("author"),
                instant(row, "created_at"));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}

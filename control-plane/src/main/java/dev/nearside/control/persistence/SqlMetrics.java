package dev.nearside.control.persistence;

import dev.nearside.control.metrics.Measure;
import dev.nearside.control.metrics.MetricsRepository;
import dev.nearside.control.metrics.Selection;
import dev.nearside.control.metrics.Series;
import dev.nearside.control.metrics.Tally;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// Minutes in SQL, one row for each measure that is not zero.
public final class SqlMetrics implements MetricsRepository {
    /// What one row may say, so that all rows of a minute together are a number still: ten petabytes.
    private static final long MOST = 10_000_000_000_000_000L;

    private final Database database;

    public SqlMetrics(Database database) {
        this.database = database;
    }

    @Override
    public void add(Map<Minute, Tally> minutes, Map<Series, Baseline> baselines, Map<Series, Baseline> since) {
        database.jdbi().useTransaction(handle -> {
            handle.execute("update metric_head set write_count = write_count + 1 where id = 1");
            var movedElsewhere = movedElsewhere(handle, baselines, since);
            minutes.forEach((minute, tally) -> {
                if (!movedElsewhere.containsKey(minute.series())) add(handle, minute, tally);
            });
            baselines.forEach((series, baseline) -> {
                var other = movedElsewhere.get(series);
                if (other == null) replace(handle, series, baseline);
                else if (baseline.reportedAt().isAfter(other.reportedAt())) {
                    boolean isSameRun = baseline.runId().equals(other.runId());
                    var start = baseline.reportedAt().truncatedTo(ChronoUnit.MINUTES);
                    var uncounted = isSameRun ? baseline.tally().since(other.tally()) : baseline.tally();
                    add(handle, new Minute(start, series), uncounted);
                    replace(handle, series, baseline);
                }
            });
        });
    }

    /// The baselines that are not any more what these minutes were counted from.
    private static Map<Series, Baseline> movedElsewhere(
            Handle handle, Map<Series, Baseline> baselines, Map<Series, Baseline> since) {
        var moved = new HashMap<Series, Baseline>();
        handle.createQuery("""
                        select edge_id, distribution_id, run_id, reported_at from metric_baseline where measure = :one
                        """)
                .bind("one", Measure.HITS.name())
                .map((row, _) -> new Kept(
                        new Series(row.getString("edge_id"), row.getString("distribution_id")),
                        row.getString("run_id"),
                        row.getObject("reported_at", OffsetDateTime.class).toInstant(),
                        new Amount(Measure.HITS, 0)))
                .forEach(kept -> {
                    if (baselines.containsKey(kept.series()) && !kept.isOf(since.get(kept.series()))) {
                        var series = kept.series();
                        var now =
                                baselines(handle, Optional.of(series.edgeId())).get(series);
                        if (now != null) moved.put(series, now);
                    }
                });
        return moved;
    }

    private static void add(Handle handle, Minute minute, Tally tally) {
        for (var measure : Measure.values()) {
            if (tally.of(measure) != 0) add(handle, minute, measure, tally.of(measure));
        }
    }

    private static void add(Handle handle, Minute minute, Measure measure, long said) {
        long amount = Math.min(said, MOST);
        int updated = handle.execute(
                """
                update metric_minute set amount = least(amount + ?, ?)
                where minute_start = ? and edge_id = ? and distribution_id = ? and measure = ?
                """,
                amount,
                MOST,
                minute.start(),
                minute.series().edgeId(),
                minute.series().distributionId(),
                measure.name());
        if (updated > 0) return;
        handle.execute(
                """
                insert into metric_minute (minute_start, edge_id, distribution_id, measure, amount)
                values (?, ?, ?, ?, ?)
                """,
                minute.start(),
                minute.series().edgeId(),
                minute.series().distributionId(),
                measure.name(),
                amount);
    }

    private static void replace(Handle handle, Series series, Baseline baseline) {
        handle.execute(
                "delete from metric_baseline where edge_id = ? and distribution_id = ?",
                series.edgeId(),
                series.distributionId());
        for (var measure : Measure.values()) {
            handle.execute(
                    """
                    insert into metric_baseline (edge_id, distribution_id, measure, run_id, amount, reported_at)
                    values (?, ?, ?, ?, ?, ?)
                    """,
                    series.edgeId(),
                    series.distributionId(),
                    measure.name(),
                    baseline.runId(),
                    baseline.tally().of(measure),
                    baseline.reportedAt());
        }
    }

    private record Amount(Measure measure, long amount) {}

    /// The amounts of one key, gathered from its rows.
    private static Tally tally(Map<Measure, Long> amounts) {
        return Tally.of(measure -> amounts.getOrDefault(measure, 0L));
    }

    private record Kept(Series series, String runId, Instant reportedAt, Amount amount) {
        boolean isOf(@Nullable Baseline baseline) {
            return baseline != null && runId.equals(baseline.runId()) && reportedAt.equals(baseline.reportedAt());
        }
    }

    @Override
    public Map<Series, Baseline> baselines() {
        return database.jdbi().withHandle(handle -> baselines(handle, Optional.empty()));
    }

    @Override
    public Map<Series, Baseline> baselines(String edgeId) {
        return database.jdbi().withHandle(handle -> baselines(handle, Optional.of(edgeId)));
    }

    private static Map<Series, Baseline> baselines(Handle handle, Optional<String> edgeId) {
        var kept = handle.createQuery("""
                                select edge_id, distribution_id, measure, run_id, amount, reported_at
                                from metric_baseline where :all or edge_id = :edge
                                """)
                .bind("all", edgeId.isEmpty())
                .bind("edge", edgeId.orElse(""))
                .map((row, _) -> new Kept(
                        new Series(row.getString("edge_id"), row.getString("distribution_id")),
                        row.getString("run_id"),
                        row.getObject("reported_at", OffsetDateTime.class).toInstant(),
                        new Amount(Measure.valueOf(row.getString("measure")), row.getLong("amount"))))
                .list();
        var amounts = new HashMap<Series, EnumMap<Measure, Long>>();
        for (var row : kept) {
            amounts.computeIfAbsent(row.series(), _ -> new EnumMap<>(Measure.class))
                    .put(row.amount().measure(), row.amount().amount());
        }
        var baselines = new HashMap<Series, Baseline>();
        for (var row : kept) {
            baselines.put(
                    row.series(),
                    new Baseline(
                            row.runId(),
                            tally(amounts.getOrDefault(row.series(), new EnumMap<>(Measure.class))),
                            row.reportedAt()));
        }
        return baselines;
    }

    private record Row(Minute minute, Amount amount) {}

    @Override
    public Map<Minute, Tally> minutes(Instant from, Instant to) {
        var amounts = new HashMap<Minute, EnumMap<Measure, Long>>();
        database.jdbi()
                .useHandle(handle -> handle.createQuery("""
                                select minute_start, edge_id, distribution_id, measure, amount from metric_minute
                                where minute_start >= :from and minute_start < :to
                                """)
                        .bind("from", from)
                        .bind("to", to)
                        .map((row, _) -> new Row(
                                new Minute(
                                        row.getObject("minute_start", OffsetDateTime.class)
                                                .toInstant(),
                                        new Series(row.getString("edge_id"), row.getString("distribution_id"))),
                                new Amount(Measure.valueOf(row.getString("measure")), row.getLong("amount"))))
                        .forEach(row -> amounts.computeIfAbsent(row.minute(), _ -> new EnumMap<>(Measure.class))
                                .put(row.amount().measure(), row.amount().amount())));
        var minutes = new HashMap<Minute, Tally>();
        amounts.forEach((minute, all) -> minutes.put(minute, tally(all)));
        return minutes;
    }

    private record SumRow(Instant minute, Amount amount) {}

    @Override
    public List<Sum> sums(Instant from, Instant to, Selection selection) {
        var amounts = new LinkedHashMap<Instant, EnumMap<Measure, Long>>();
        database.jdbi()
                .useHandle(handle -> handle.createQuery("""
                                select minute_start, measure, sum(amount) as amount from metric_minute
                                where minute_start >= :from and minute_start < :to
                                    and (:allEdges or edge_id = :edge)
                                    and (:allDistributions or distribution_id = :distribution)
                                group by minute_start, measure order by minute_start
                                """)
                        .bind("from", from)
                        .bind("to", to)
                        .bind("allEdges", selection.edgeId().isEmpty())
                        .bind("edge", selection.edgeId().orElse(""))
                        .bind("allDistributions", selection.distributionId().isEmpty())
                        .bind("distribution", selection.distributionId().orElse(""))
                        .map((row, _) -> new SumRow(
                                row.getObject("minute_start", OffsetDateTime.class)
                                        .toInstant(),
                                new Amount(Measure.valueOf(row.getString("measure")), sum(row))))
                        .forEach(row -> amounts.computeIfAbsent(row.minute(), _ -> new EnumMap<>(Measure.class))
                                .put(row.amount().measure(), row.amount().amount())));
        return amounts.entrySet().stream()
                .map(entry -> new Sum(entry.getKey(), tally(entry.getValue())))
                .toList();
    }

    /// Many rows of many edges may be more than a number holds.
    private static long sum(ResultSet row) throws SQLException {
        return row.getBigDecimal("amount")
                .min(BigDecimal.valueOf(Long.MAX_VALUE))
                .longValue();
    }

    @Override
    public void forgetBefore(Instant minute) {
        database.jdbi().useHandle(handle -> handle.execute("delete from metric_minute where minute_start < ?", minute));
        database.jdbi().useHandle(handle -> handle.execute("""
                        delete from metric_baseline where reported_at < ? and edge_id not in (
                            select id from edge where live_name is not null)
                        """, minute));
    }
}

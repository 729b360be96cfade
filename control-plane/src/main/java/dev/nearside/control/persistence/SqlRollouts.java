package dev.nearside.control.persistence;

import static dev.nearside.control.persistence.Database.remember;

import dev.nearside.control.audit.Authorship;
import dev.nearside.control.fleet.Canaries;
import dev.nearside.control.http.PlainText;
import dev.nearside.control.publish.OnTrial;
import dev.nearside.control.rollout.PlanReader;
import dev.nearside.control.rollout.Rollout;
import dev.nearside.control.rollout.RolloutRepository;
import dev.nearside.control.rollout.Sides;
import dev.nearside.control.rollout.State;
import dev.nearside.control.rollout.State.Ended;
import dev.nearside.control.rollout.State.Promoted;
import dev.nearside.control.rollout.State.RolledBack;
import dev.nearside.control.rollout.State.Starting;
import dev.nearside.control.rollout.State.Watching;
import dev.nearside.model.check.Checked;
import dev.nearside.model.wire.Json;
import dev.nearside.model.wire.api.NewRollout;
import dev.nearside.model.wire.api.Rollouts.Figures;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// Rollouts in SQL.
public final class SqlRollouts implements RolloutRepository {
    private final Database database;

    public SqlRollouts(Database database) {
        this.database = database;
    }

    /// The snapshot that is on trial; the head is locked.
    static Optional<Long> onTrial(Handle handle) {
        return handle.createQuery("select snapshot_version from rollout where under_way = 1")
                .mapTo(long.class)
                .findOne();
    }

    /// Begins a rollout within the transaction that publishes its snapshot.
    static void begin(Handle handle, long version, long previous, OnTrial trial, Authorship by) {
        handle.createUpdate("""
                        insert into rollout (snapshot_version, previous_version, under_way, plan, share_below, author,
                            comment, started_at, revision, state)
                        values (:version, :previous, 1, :plan, :below, :author, :comment, :at, 1, 'starting')
                        """)
                .bind("version", version)
                .bind("previous", previous)
                .bind("plan", trial.plan())
                .bind("below", trial.canaries() instanceof Canaries.Share(var below) ? below : null)
                .bind("author", by.author())
                .bind("comment", by.comment())
                .bind("at", by.at())
                .execute();
        remember(handle, by, "start rollout", "snapshot " + version);
    }

    @Override
    public Optional<Rollout> underWay() {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery("select * from rollout where under_way = 1")
                        .map((row, _) -> rollout(row))
                        .findOne());
    }

    @Override
    public Optional<Kept> find(long version) {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery("select * from rollout where snapshot_version = :version")
                        .bind("version", version)
                        .map((row, _) -> kept(row))
                        .findOne());
    }

    @Override
    public List<Kept> latest(int atMost) {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery(
                                "select * from rollout order by snapshot_version desc limit :count")
                        .bind("count", atMost)
                        .map((row, _) -> kept(row))
                        .list());
    }

    @Override
    public void count(long version, String writer, Sides counted) {
        var counts = Json.write(counted);
        database.jdbi().useTransaction(handle -> {
            int updated = handle.execute(
                    "update rollout_count set counts = ? where snapshot_version = ? and writer = ?",
                    counts,
                    version,
                    writer);
            if (updated > 0) return;
            // Nobody else writes this row.
            handle.execute(
                    "insert into rollout_count (snapshot_version, writer, counts) values (?, ?, ?)",
                    version,
                    writer,
                    counts);
        });
    }

    @Override
    public Sides counted(long version) {
        return database
                .jdbi()
                .withHandle(handle -> handle.createQuery(
                                "select counts from rollout_count where snapshot_version = :version")
                        .bind("version", version)
                        .map((row, _) -> stored(Json.readKnown(row.getString("counts"), Sides.class)))
                        .list())
                .stream()
                .reduce(Sides.NOTHING, Sides::plus);
    }

    @Override
    public void look(Rollout rollout, Figures figures) {
        database.jdbi()
                .useHandle(handle -> handle.execute(
                        "update rollout set figures = ?, looked_at = ? where snapshot_version = ? and revision = ?",
                        Json.write(figures),
                        figures.at(),
                        rollout.version(),
                        rollout.revision()));
    }

    @Override
    public Optional<Rollout> move(Rollout rollout, State next, Authorship by) {
        return database.jdbi().inTransaction(handle -> {
            // Whoever publishes waits here, and so does whoever else would end the same rollout.
            SqlFeedLog.lockHead(handle);
            boolean isStill = handle.createQuery("select revision from rollout where snapshot_version = :version")
                            .bind("version", rollout.version())
                            .mapTo(int.class)
                            .one()
                    == rollout.revision();
            if (!isStill) return Optional.empty();
            int revision = rollout.revision() + 1;
            var finalVersion =
                    next instanceof Ended ended ? Optional.of(end(handle, rollout, ended, by)) : Optional.<Long>empty();
            write(handle, rollout, next, finalVersion, revision);
            return Optional.of(new Rollout(
                    rollout.version(),
                    rollout.previous(),
                    finalVersion,
                    rollout.plan(),
                    next,
                    revision,
                    rollout.author(),
                    rollout.comment(),
                    rollout.startedAt()));
        });
    }

    /// Gives every edge one snapshot again.
    ///
    /// @return which one
    private static long end(Handle handle, Rollout rollout, Ended ended, Authorship by) {
        long version = switch (ended) {
            case Promoted _ -> rollout.version();
            // The content of before gets a number of its own, so that numbers only ever grow.
            case RolledBack _ ->
                SqlPublications.publishAgain(
                        handle,
                        rollout.previous(),
                        new Authorship(
                                by.author(),
                                by.at(),
                                "As snapshot %d: snapshot %d was rolled back, %s"
                                        .formatted(rollout.previous(), rollout.version(), ended.why())));
        };
        handle.execute("update feed_head set snapshot_version = ? where id = 1", version);
        var action = switch (ended) {
            case Promoted _ -> "promote rollout";
            case RolledBack _ -> "roll back rollout";
        };
        remember(handle, by, action, "snapshot " + rollout.version());
        return version;
    }

    private static void write(Handle handle, Rollout rollout, State next, Optional<Long> finalVersion, int revision) {
        var watching = next instanceof Watching found ? found : rollout.state() instanceof Watching last ? last : null;
        var ended = next instanceof Ended found ? found : null;
        handle.createUpdate("""
                        update rollout set state = :state, revision = :revision, watched_since = :since,
                            watched_until = :until, looked_at = :looked, lost_since = :lost, under_way = :underWay,
                            final_version = :final, ended_at = :endedAt, ended_by = :endedBy, reason = :reason
                        where snapshot_version = :version
                        """)
                .bind("state", next.word())
                .bind("revision", revision)
                .bind("since", watching == null ? null : watching.since())
                .bind("until", watching == null ? null : watching.until())
                .bind("looked", watching == null ? null : watching.lookedAt())
                .bind("lost", watching == null ? null : watching.lostSince().orElse(null))
                .bind("underWay", ended == null ? 1 : null)
                .bind("final", finalVersion.orElse(null))
                .bind("endedAt", ended == null ? null : ended.at())
                .bind("endedBy", ended == null ? null : ended.by())
                .bind("reason", ended == null ? null : shortened(ended.why()))
                .bind("version", rollout.version())
                .execute();
    }

    private static String shortened(String text) {
        return PlainText.cut(text, Authorship.LONGEST_COMMENT);
    }

    private static Kept kept(ResultSet row) throws SQLException {
        var figures = Optional.ofNullable(row.getString("figures"));
        return new Kept(rollout(row), asked(row), figures.map(json -> stored(Json.readKnown(json, Figures.class))));
    }

    private static Rollout rollout(ResultSet row) throws SQLException {
        long ended = row.getLong("final_version");
        var finalVersion = row.wasNull() ? Optional.<Long>empty() : Optional.of(ended);
        return new Rollout(
                row.getLong("snapshot_version"),
                row.getLong("previous_version"),
                finalVersion,
                PlanReader.plan(asked(row), canaries(row)),
                state(row),
                row.getInt("revision"),
                row.getString("author"),
                row.getString("comment"),
                time(row, "started_at").orElseThrow());
    }

    private static State state(ResultSet row) throws SQLException {
        var word = row.getString("state");
        return switch (word) {
            case "starting" -> new Starting(time(row, "started_at").orElseThrow());
            case "watching" ->
                new Watching(
                        time(row, "watched_since").orElseThrow(),
                        time(row, "watched_until").orElseThrow(),
                        time(row, "looked_at").orElseThrow(),
                        time(row, "lost_since"));
            case "promoted" ->
                new Promoted(time(row, "ended_at").orElseThrow(), row.getString("ended_by"), row.getString("reason"));
            case "rolled-back" ->
                new RolledBack(time(row, "ended_at").orElseThrow(), row.getString("ended_by"), row.getString("reason"));
            default -> throw new IllegalStateException("stored rollout: state " + word);
        };
    }

    private static Optional<Instant> time(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getObject(column, OffsetDateTime.class)).map(OffsetDateTime::toInstant);
    }

    static Canaries canaries(ResultSet row) throws SQLException {
        long below = row.getLong("share_below");
        if (!row.wasNull()) return new Canaries.Share(below);
        // Whoever leads a rollout understands all of its plan; whoever feeds edges needs no more than this.
        return new Canaries.Labelled(
                PlanReader.labels(stored(Json.readKnown(row.getString("plan"), NewRollout.class))));
    }

    private static NewRollout asked(ResultSet row) throws SQLException {
        return stored(Json.read(row.getString("plan"), NewRollout.class));
    }

    private static <T extends Record> T stored(Checked<T> read) {
        return switch (read) {
            case Checked.Valid<T>(var value) -> value;
            case Checked.Invalid<T>(var problems) -> throw new IllegalStateException("stored rollout: " + problems);
        };
    }
}

package dev.nearside.control.persistence;

import static dev.nearside.control.persistence.Database.remember;

import dev.nearside.control.audit.Authorship;
import dev.nearside.control.fleet.Enrolled;
import dev.nearside.control.fleet.FleetRepository;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// The fleet in SQL.
public final class SqlFleet implements FleetRepository {
    private final Database database;

    public SqlFleet(Database database) {
        this.database = database;
    }

    @Override
    public List<Enrolled> edges() {
        return database.jdbi()
                .withHandle(handle ->
                        handle.createQuery("""
                        select id, name, software_version, enrolled_at, enrolled_position, last_seen, report
                        from edge where live_name is not null order by live_name
                        """).map((row, _) -> enrolled(row)).list());
    }

    @Override
    public Optional<String> findByCredential(String credentialHash) {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery(
                                "select id from edge where credential_hash = :hash and live_name is not null")
                        .bind("hash", credentialHash)
                        .mapTo(String.class)
                        .findOne());
    }

    @Override
    public void addEnrolmentToken(String tokenHash, Optional<String> edgeName, Instant expiresAt, Authorship by) {
        database.jdbi().useTransaction(handle -> {
            handle.createUpdate("delete from enrolment_token where expires_at <= :now")
                    .bind("now", by.at())
                    .execute();
            handle.createUpdate("""
                            insert into enrolment_token (token_hash, edge_name, created_at, expires_at)
                            values (:hash, :name, :at, :expires)
                            """)
                    .bind("hash", tokenHash)
                    .bind("name", edgeName)
                    .bind("at", by.at())
                    .bind("expires", expiresAt)
                    .execute();
            remember(handle, by, "create enrolment token", edgeName.orElse("for any name"));
        });
    }

    private record Token(Optional<String> edgeName, Instant expiresAt) {
        boolean opens(String name, Instant at) {
            return at.isBefore(expiresAt) && edgeName.map(name::equals).orElse(true);
        }
    }

    @Override
    public Enrolment enrol(
            String tokenHash, String edgeId, String name, String softwareVersion, String credentialHash, Instant at) {
        return database.jdbi().inTransaction(handle -> {
            var head = SqlFeedLog.lockHead(handle);
            var token = handle.createQuery(
                            "select edge_name, expires_at from enrolment_token where token_hash = :hash for update")
                    .bind("hash", tokenHash)
                    .map((row, _) -> new Token(
                            Optional.ofNullable(row.getString("edge_name")),
                            row.getObject("expires_at", Instant.class)))
                    .findOne();
            if (token.isEmpty() || !token.get().opens(name, at)) return new Enrolment.BadToken();

            var holder = handle.createQuery("select id from edge where live_name = :name")
                    .bind("name", name)
                    .mapTo(String.class)
                    .findOne();
            // A token made for this very name replaces a machine that was lost with its credential.
            if (holder.isPresent() && token.get().edgeName().isEmpty()) return new Enrolment.NameTaken();
            holder.ifPresent(id -> handle.execute("update edge set live_name = null where id = ?", id));

            handle.execute("delete from enrolment_token where token_hash = ?", tokenHash);
            var edge = new Enrolled(edgeId, name, softwareVersion, at, head.position(), at, Optional.empty());
            insert(handle, edge, credentialHash);
            remember(handle, new Authorship("edge " + name, at, ""), "enrol edge", name + " " + edgeId);
            return new Enrolment.Welcome(edge, holder);
        });
    }

    private static void insert(Handle handle, Enrolled edge, String credentialHash) {
        handle.createUpdate("""
                        insert into edge (id, name, live_name, credential_hash, software_version, enrolled_at,
                            enrolled_position, last_seen)
                        values (:id, :name, :name, :hash, :version, :at, :position, :at)
                        """)
                .bind("id", edge.id())
                .bind("name", edge.name())
                .bind("hash", credentialHash)
                .bind("version", edge.softwareVersion())
                .bind("at", edge.enrolledAt())
                .bind("position", edge.enrolledPosition())
                .execute();
    }

    @Override
    public boolean revoke(String edgeId, Authorship by) {
        return database.jdbi().inTransaction(handle -> {
            var name = handle.createQuery("select live_name from edge where id = :id and live_name is not null")
                    .bind("id", edgeId)
                    .mapTo(String.class)
                    .findOne();
            if (name.isEmpty()) return false;
            handle.execute("update edge set live_name = null where id = ?", edgeId);
            remember(handle, by, "revoke edge", name.get() + " " + edgeId);
            return true;
        });
    }

    @Override
    public void seen(String edgeId, Instant at, String report) {
        database.jdbi()
                .useHandle(handle -> handle.createUpdate(
                                "update edge set last_seen = :at, report = :report where id = :id")
                        .bind("at", at)
                        .bind("report", report)
                        .bind("id", edgeId)
                        .execute());
    }

    @Override
    public void reached(String edgeId, long position, Instant at) {
        database.jdbi()
                .useHandle(handle -> handle.createUpdate("""
                                insert into edge_progress (edge_id, log_position, reached_at)
                                select :edge, :position, :at where not exists (
                                    select 1 from edge_progress where edge_id = :edge and log_position = :position)
                                """)
                        .bind("edge", edgeId)
                        .bind("position", position)
                        .bind("at", at)
                        .execute());
    }

    @Override
    public Map<String, Instant> reachedAt(long position) {
        return database.jdbi().withHandle(handle -> {
            var reached = new HashMap<String, Instant>();
            // One look into the index for each edge, however long the log is.
            handle.createQuery("""
                            select e.id, case when e.enrolled_position >= :position then e.enrolled_at else (
                                select p.reached_at from edge_progress p
                                where p.edge_id = e.id and p.log_position >= :position
                                order by p.edge_id, p.log_position limit 1) end as reached_at
                            from edge e where e.live_name is not null
                            """)
                    .bind("position", position)
                    .map((row, _) -> new Reached(
                            row.getString("id"),
                            Optional.ofNullable(row.getObject("reached_at", OffsetDateTime.class))
                                    .map(OffsetDateTime::toInstant)))
                    .forEach(edge -> edge.at().ifPresent(at -> reached.put(edge.id(), at)));
            return reached;
        });
    }

    private record Reached(String id, Optional<Instant> at) {}

    private static Enrolled enrolled(ResultSet row) throws SQLException {
        return new Enrolled(
                row.getString("id"),
                row.getString("name"),
                row.getString("software_version"),
                row.getObject("enrolled_at", Instant.class),
                row.getLong("enrolled_position"),
                row.getObject("last_seen", Instant.class),
                Optional.ofNullable(row.getString("report")));
    }
}

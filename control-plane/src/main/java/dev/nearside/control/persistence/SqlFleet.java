package dev.nearside.control.persistence;

import static dev.nearside.control.persistence.Database.remember;

import dev.nearside.control.audit.Authorship;
import dev.nearside.control.fleet.Enrolled;
import dev.nearside.control.fleet.FleetRepository;
import dev.nearside.control.fleet.Standing;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// The fleet in SQL.
public final class SqlFleet implements FleetRepository {
    private static final String EDGE = """
            select id, name, software_version, enrolled_at, enrolled_position, last_seen, report, connected_to,
                labels, drained_at, revision, rotation_ordered_at, credential_since
            from edge where live_name is not null
            """;

    /// As much of a token's hash as names it.
    private static final int TOKEN_ID_LENGTH = 16;

    private final Database database;

    public SqlFleet(Database database) {
        this.database = database;
    }

    @Override
    public List<Enrolled> edges() {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery(EDGE + " order by live_name")
                        .map((row, _) -> enrolled(row))
                        .list());
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
            String tokenHash,
            String edgeId,
            String name,
            String softwareVersion,
            Map<String, String> labels,
            String credentialHash,
            Instant at) {
        // Anybody at all may try: who has no token must not queue with those who publish and invalidate.
        var shown = database.jdbi().withHandle(handle -> token(handle, tokenHash, ""));
        if (shown.isEmpty() || !shown.get().opens(name, at)) return new Enrolment.BadToken();
        return database.jdbi().inTransaction(handle -> {
            var head = SqlFeedLog.lockHead(handle);
            var token = token(handle, tokenHash, " for update");
            if (token.isEmpty() || !token.get().opens(name, at)) return new Enrolment.BadToken();

            var holder = handle.createQuery("select id from edge where live_name = :name")
                    .bind("name", name)
                    .mapTo(String.class)
                    .findOne();
            // A token made for this very name replaces a machine that was lost with its credential.
            if (holder.isPresent() && token.get().edgeName().isEmpty()) return new Enrolment.NameTaken();
            holder.ifPresent(id -> handle.execute("update edge set live_name = null where id = ?", id));

            handle.execute("delete from enrolment_token where token_hash = ?", tokenHash);
            var standing = Standing.ofNewcomer(labels, at);
            var edge = new Enrolled(
                    edgeId,
                    name,
                    softwareVersion,
                    at,
                    head.position(),
                    at,
                    Optional.empty(),
                    Optional.empty(),
                    standing);
            insert(handle, edge, credentialHash);
            remember(handle, new Authorship("edge " + name, at, ""), "enrol edge", name + " " + edgeId);
            return new Enrolment.Welcome(edge, holder);
        });
    }

    private static Optional<Token> token(Handle handle, String hash, String lock) {
        return handle.createQuery("select edge_name, expires_at from enrolment_token where token_hash = :hash" + lock)
                .bind("hash", hash)
                .map((row, _) -> new Token(Optional.ofNullable(row.getString("edge_name")), time(row, "expires_at")))
                .findOne();
    }

    private static void insert(Handle handle, Enrolled edge, String credentialHash) {
        handle.createUpdate("""
                        insert into edge (id, name, live_name, credential_hash, software_version, enrolled_at,
                            enrolled_position, last_seen, labels, credential_since)
                        values (:id, :name, :name, :hash, :version, :at, :position, :at, :labels, :at)
                        """)
                .bind("id", edge.id())
                .bind("name", edge.name())
                .bind("hash", credentialHash)
                .bind("version", edge.softwareVersion())
                .bind("at", edge.enrolledAt())
                .bind("position", edge.enrolledPosition())
                .bind("labels", lines(edge.standing().labels()))
                .execute();
    }

    private static String lines(Map<String, String> labels) {
        return labels.entrySet().stream()
                .map(label -> label.getKey() + "=" + label.getValue())
                .collect(Collectors.joining("\n"));
    }

    private static SortedMap<String, String> labels(@Nullable String lines) {
        var labels = new TreeMap<String, String>();
        if (lines == null || lines.isEmpty()) return labels;
        lines.lines().forEach(line -> {
            int equals = line.indexOf('=');
            labels.put(line.substring(0, equals), line.substring(equals + 1));
        });
        return labels;
    }

    @Override
    public List<Invited> invited(Instant now) {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery("""
                                select token_hash, edge_name, created_at, expires_at from enrolment_token
                                where expires_at > :now order by created_at, token_hash
                                """)
                        .bind("now", now)
                        .map((row, _) -> new Invited(
                                row.getString("token_hash").substring(0, TOKEN_ID_LENGTH),
                                Optional.ofNullable(row.getString("edge_name")),
                                time(row, "created_at"),
                                time(row, "expires_at")))
                        .list());
    }

    @Override
    public boolean withdraw(String tokenId, Authorship by) {
        return database.jdbi().inTransaction(handle -> {
            int gone = handle.createUpdate(
                            "delete from enrolment_token where substring(token_hash from 1 for :n) = :id")
                    .bind("n", TOKEN_ID_LENGTH)
                    .bind("id", tokenId)
                    .execute();
            if (gone > 0) remember(handle, by, "withdraw enrolment token", tokenId);
            return gone > 0;
        });
    }

    @Override
    public Decision label(String edgeId, String etag, Map<String, String> labels, Authorship by) {
        return database.jdbi().inTransaction(handle -> {
            var edge = lock(handle, edgeId);
            if (edge.isEmpty()) return new Decision.NoSuchEdge();
            var standing = edge.get().standing();
            if (!standing.etag().equals(etag)) return new Decision.Stale(edge.get());
            if (standing.labels().equals(labels)) return new Decision.Taken(edge.get());
            handle.createUpdate("update edge set labels = :labels, revision = revision + 1 where id = :id")
                    .bind("labels", lines(new TreeMap<>(labels)))
                    .bind("id", edgeId)
                    .execute();
            var subject = edge.get().name() + " " + lines(new TreeMap<>(labels)).replace('\n', ' ');
            remember(handle, by, "label edge", shortened(subject));
            return taken(handle, edgeId);
        });
    }

    @Override
    public Decision drain(String edgeId, boolean drained, Authorship by) {
        return database.jdbi().inTransaction(handle -> {
            var edge = lock(handle, edgeId);
            if (edge.isEmpty()) return new Decision.NoSuchEdge();
            if (edge.get().standing().drainedAt().isPresent() == drained) return new Decision.Taken(edge.get());
            handle.createUpdate("update edge set drained_at = :at, revision = revision + 1 where id = :id")
                    .bind("at", drained ? by.at() : null)
                    .bind("id", edgeId)
                    .execute();
            remember(
                    handle,
                    by,
                    drained ? "drain edge" : "undrain edge",
                    edge.get().name() + " " + edgeId);
            return taken(handle, edgeId);
        });
    }

    @Override
    public Decision orderRotation(String edgeId, Authorship by) {
        return database.jdbi().inTransaction(handle -> {
            var edge = lock(handle, edgeId);
            if (edge.isEmpty()) return new Decision.NoSuchEdge();
            if (edge.get().standing().rotationOrderedAt().isPresent()) return new Decision.Taken(edge.get());
            handle.createUpdate("update edge set rotation_ordered_at = :at, revision = revision + 1 where id = :id")
                    .bind("at", by.at())
                    .bind("id", edgeId)
                    .execute();
            remember(handle, by, "rotate credential", edge.get().name() + " " + edgeId);
            return taken(handle, edgeId);
        });
    }

    @Override
    public Decision offer(String edgeId, String credentialHash) {
        return database.jdbi().inTransaction(handle -> {
            var edge = lock(handle, edgeId);
            if (edge.isEmpty()) return new Decision.NoSuchEdge();
            if (edge.get().standing().rotationOrderedAt().isEmpty()) return new Decision.NotOrdered();
            handle.execute("update edge set next_credential_hash = ? where id = ?", credentialHash, edgeId);
            return new Decision.Taken(edge.get());
        });
    }

    @Override
    public Optional<Enrolled> settle(String credentialHash, Instant at) {
        return database.jdbi().inTransaction(handle -> {
            var id = handle.createQuery(
                            "select id from edge where next_credential_hash = :hash and live_name is not null for update")
                    .bind("hash", credentialHash)
                    .mapTo(String.class)
                    .findOne();
            if (id.isEmpty()) return Optional.empty();
            handle.createUpdate("""
                            update edge set credential_hash = :hash, next_credential_hash = null,
                                rotation_ordered_at = null, credential_since = :at, revision = revision + 1
                            where id = :id
                            """)
                    .bind("hash", credentialHash)
                    .bind("at", at)
                    .bind("id", id.get())
                    .execute();
            var edge = find(handle, id.get(), "");
            edge.ifPresent(settled -> remember(
                    handle,
                    new Authorship("edge " + settled.name(), at, ""),
                    "use new credential",
                    settled.name() + " " + settled.id()));
            return edge;
        });
    }

    private static Optional<Enrolled> lock(Handle handle, String edgeId) {
        return find(handle, edgeId, " for update");
    }

    private static Optional<Enrolled> find(Handle handle, String edgeId, String lock) {
        return handle.createQuery(EDGE + " and id = :id" + lock)
                .bind("id", edgeId)
                .map((row, _) -> enrolled(row))
                .findOne();
    }

    private static Decision taken(Handle handle, String edgeId) {
        return new Decision.Taken(find(handle, edgeId, "").orElseThrow());
    }

    /// Longer subjects do not fit into the audit log.
    private static String shortened(String subject) {
        return subject.length() > 400 ? subject.substring(0, 399) + "…" : subject;
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
    public void connection(String edgeId, String controlPlane, boolean isConnected) {
        // It may have gone to another one, which has said so already.
        database.jdbi()
                .useHandle(handle -> handle.execute(
                        isConnected
                                ? "update edge set connected_to = ? where id = ?"
                                : "update edge set connected_to = null where connected_to = ? and id = ?",
                        controlPlane,
                        edgeId));
    }

    @Override
    public Map<String, Long> revisions() {
        return database.jdbi().withHandle(handle -> {
            var revisions = new HashMap<String, Long>();
            handle.createQuery("select id, revision from edge where live_name is not null")
                    .map((row, _) -> Map.entry(row.getString("id"), row.getLong("revision")))
                    .forEach(entry -> revisions.put(entry.getKey(), entry.getValue()));
            return revisions;
        });
    }

    @Override
    public void note(List<Note> notes) {
        // In one order everywhere: two control planes that write the same edges must not wait for each other.
        var sorted = notes.stream().sorted(Comparator.comparing(Note::edgeId)).toList();
        database.jdbi().useTransaction(handle -> {
            noteReached(handle, sorted);
            noteReports(handle, sorted);
        });
    }

    private static void noteReached(Handle handle, List<Note> notes) {
        try (var batch = handle.prepareBatch("""
                insert into edge_progress (edge_id, log_position, reached_at)
                select :edge, :position, cast(:at as timestamp with time zone) where not exists (
                    select 1 from edge_progress where edge_id = :edge and log_position = :position)
                """)) {
            for (var note : notes) {
                if (note.reached().isEmpty()) continue;
                batch.bind("edge", note.edgeId())
                        .bind("position", note.reached().get())
                        .bind("at", note.at())
                        .add();
            }
            if (batch.size() > 0) batch.execute();
        }
    }

    private static void noteReports(Handle handle, List<Note> notes) {
        try (var batch = handle.prepareBatch("""
                update edge set last_seen = :at, report = :report, connected_to = coalesce(:feedIsAt, connected_to)
                where id = :id
                """)) {
            for (var note : notes) {
                if (note.report().isEmpty()) continue;
                batch.bind("at", note.at())
                        .bind("report", note.report().get())
                        .bind("feedIsAt", note.feedIsAt())
                        .bind("id", note.edgeId())
                        .add();
            }
            if (batch.size() > 0) batch.execute();
        }
    }

    /// Edge by edge: in one piece it could take longer than a database is waited for.
    @Override
    public void forgetReceipts(long oldest, long exactFrom) {
        var edges = database.jdbi()
                .withHandle(handle -> handle.createQuery("select id, live_name from edge")
                        .map((row, _) -> new Known(row.getString("id"), row.getString("live_name") != null))
                        .list());
        for (var edge : edges) database.jdbi().useHandle(handle -> forgetReceipts(handle, edge, oldest, exactFrom));
    }

    private record Known(String id, boolean isLive) {}

    private static void forgetReceipts(Handle handle, Known edge, long oldest, long exactFrom) {
        if (!edge.isLive()) {
            handle.execute("delete from edge_progress where edge_id = ?", edge.id());
            return;
        }
        handle.execute("delete from edge_progress where edge_id = ? and log_position < ?", edge.id(), oldest);
        handle.execute("""
                delete from edge_progress p where edge_id = ? and log_position < ? and exists (
                    select 1 from edge_progress later where later.edge_id = p.edge_id
                        and later.log_position > p.log_position and later.log_position <= p.log_position / 100 * 100 + 99)
                """, edge.id(), exactFrom);
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
                    .map((row, _) -> new Reached(row.getString("id"), maybe(row, "reached_at")))
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
                time(row, "enrolled_at"),
                row.getLong("enrolled_position"),
                time(row, "last_seen"),
                Optional.ofNullable(row.getString("report")),
                Optional.ofNullable(row.getString("connected_to")),
                new Standing(
                        labels(row.getString("labels")),
                        maybe(row, "drained_at"),
                        // An older control plane did not say it.
                        maybe(row, "credential_since").orElse(time(row, "enrolled_at")),
                        maybe(row, "rotation_ordered_at"),
                        row.getLong("revision")));
    }

    private static Instant time(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static Optional<Instant> maybe(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getObject(column, OffsetDateTime.class)).map(OffsetDateTime::toInstant);
    }
}

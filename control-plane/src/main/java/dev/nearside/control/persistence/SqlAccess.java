package dev.nearside.control.persistence;

import static dev.nearside.control.persistence.Database.remember;

import dev.nearside.control.access.AccessRepository;
import dev.nearside.control.access.Grant;
import dev.nearside.control.access.Operator;
import dev.nearside.control.audit.Authorship;
import dev.nearside.control.http.Role;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// Operators, sessions and tokens in SQL.
public final class SqlAccess implements AccessRepository {
    private final Database database;

    public SqlAccess(Database database) {
        this.database = database;
    }

    @Override
    public boolean hasOperators() {
        return database.jdbi().withHandle(SqlAccess::hasOperators);
    }

    private static boolean hasOperators(Handle handle) {
        return handle.createQuery("select count(*) from operator")
                        .mapTo(int.class)
                        .one()
                > 0;
    }

    @Override
    public boolean addFirstOperator(Operator operator, Authorship by) {
        return database.jdbi().inTransaction(handle -> {
            Database.lockConfiguration(handle);
            if (hasOperators(handle)) return false;
            handle.createUpdate("""
                            insert into operator (username, password_hash, role, created_at)
                            values (:username, :hash, :role, :at)
                            """)
                    .bind("username", operator.username())
                    .bind("hash", operator.passwordHash())
                    .bind("role", operator.role().word())
                    .bind("at", by.at())
                    .execute();
            remember(handle, by, "create operator", operator.username());
            return true;
        });
    }

    @Override
    public Optional<Operator> findOperator(String username) {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery(
                                "select username, password_hash, role from operator where username = :username")
                        .bind("username", username)
                        .map((row, _) ->
                                new Operator(row.getString("username"), row.getString("password_hash"), role(row)))
                        .findOne());
    }

    @Override
    public void changePassword(String username, String passwordHash, String keptSecretHash, Authorship by) {
        database.jdbi().useTransaction(handle -> {
            handle.createUpdate("update operator set password_hash = :hash where username = :username")
                    .bind("hash", passwordHash)
                    .bind("username", username)
                    .execute();
            handle.createUpdate("delete from access_token where username = :username and secret_hash <> :kept")
                    .bind("username", username)
                    .bind("kept", keptSecretHash)
                    .execute();
            remember(handle, by, "change password", username);
        });
    }

    @Override
    public void addGrant(Grant grant, String secretHash, Authorship by) {
        database.jdbi().useTransaction(handle -> {
            handle.createUpdate("""
                            insert into access_token (id, secret_hash, username, name, role, created_at, expires_at)
                            values (:id, :hash, :username, :name, :role, :created, :expires)
                            """)
                    .bind("id", grant.id())
                    .bind("hash", secretHash)
                    .bind("username", grant.username())
                    .bind("name", grant.name())
                    .bind("role", grant.role().word())
                    .bind("created", grant.createdAt())
                    .bind("expires", grant.expiresAt())
                    .execute();
            remember(
                    handle,
                    by,
                    grant.username().isPresent() ? "log in" : "create token",
                    grant.name() + " (" + grant.role().word() + ")");
        });
    }

    @Override
    public Optional<Grant> findGrant(String secretHash) {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery("""
                                select id, username, name, role, created_at, expires_at from access_token
                                where secret_hash = :hash
                                """)
                        .bind("hash", secretHash)
                        .map((row, _) -> grant(row))
                        .findOne());
    }

    @Override
    public List<Grant> tokens() {
        return database.jdbi()
                .withHandle(handle ->
                        handle.createQuery("""
                                select id, username, name, role, created_at, expires_at from access_token
                                where username is null order by created_at, id
                                """).map((row, _) -> grant(row)).list());
    }

    @Override
    public boolean deleteToken(String id, Authorship by) {
        return database.jdbi().inTransaction(handle -> {
            var name = handle.createQuery("select name from access_token where id = :id and username is null")
                    .bind("id", id)
                    .mapTo(String.class)
                    .findOne();
            if (name.isEmpty()) return false;
            handle.createUpdate("delete from access_token where id = :id")
                    .bind("id", id)
                    .execute();
            remember(handle, by, "delete token", name.get());
            return true;
        });
    }

    @Override
    public void deleteGrant(String secretHash) {
        database.jdbi()
                .useHandle(handle -> handle.createUpdate("delete from access_token where secret_hash = :hash")
                        .bind("hash", secretHash)
                        .execute());
    }

    @Override
    public void deleteExpired(Instant now) {
        database.jdbi()
                .useHandle(handle -> handle.createUpdate("delete from access_token where expires_at <= :now")
                        .bind("now", now)
                        .execute());
    }

    private static Grant grant(ResultSet row) throws SQLException {
        return new Grant(
                row.getString("id"),
                Optional.ofNullable(row.getString("username")),
                row.getString("name"),
                role(row),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                Optional.ofNullable(row.getObject("expires_at", OffsetDateTime.class))
                        .map(OffsetDateTime::toInstant));
    }

    private static Role role(ResultSet row) throws SQLException {
        var word = row.getString("role");
        return Role.of(word).orElseThrow(() -> new IllegalStateException("role " + word + " in the database"));
    }
}

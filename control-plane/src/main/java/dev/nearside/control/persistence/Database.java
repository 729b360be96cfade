package dev.nearside.control.persistence;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.nearside.control.audit.Authorship;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.UUID;
import java.util.function.Supplier;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/// The database of one control plane: opened, migrated, and shared by all repositories.
public final class Database implements AutoCloseable {
    /// What H2 answers when another process holds the file.
    private static final int H2_ALREADY_OPEN = 90020;

    private final HikariDataSource source;
    private final Jdbi jdbi;

    private Database(HikariDataSource source) {
        this.source = source;
        this.jdbi = Jdbi.create(source);
    }

    /// Why a database could not be opened, in words for the operator.
    public static final class Unavailable extends Exception {
        private static final long serialVersionUID = 1;

        private final String explanation;

        Unavailable(String explanation, Throwable cause) {
            super(explanation, cause);
            this.explanation = explanation;
        }

        public String explanation() {
            return explanation;
        }
    }

    /// Opens the file database in a directory, making both if they are missing.
    ///
    /// Commits are written at once (`WRITE_DELAY=0`): a position of the invalidation log that somebody has seen
    /// must not be given to another invalidation after a crash.
    public static Database open(Path directory, Supplier<UUID> ids) throws Unavailable {
        try {
            if (!Files.isDirectory(directory)) {
                // What is in here is for the control plane alone.
                var ownerOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
                Files.createDirectories(directory, ownerOnly);
            }
            Files.delete(Files.createTempFile(directory, "nearside", ".probe"));
        } catch (IOException e) {
            throw new Unavailable(
                    "--data: %s cannot be written to (expected: a writable directory)".formatted(directory), e);
        }
        var file = directory.toAbsolutePath().resolve("nearside");
        return open(
                "jdbc:h2:file:" + file + ";DB_CLOSE_ON_EXIT=FALSE;WRITE_DELAY=0;LOCK_TIMEOUT=10000", directory, ids);
    }

    private static Database open(String url, Path directory, Supplier<UUID> ids) throws Unavailable {
        var config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setPoolName("database");
        config.setMaximumPoolSize(16);
        config.setMinimumIdle(2);
        config.setInitializationFailTimeout(1);
        HikariDataSource source;
        try {
            source = new HikariDataSource(config);
        } catch (RuntimeException e) {
            throw new Unavailable(explain(e, directory), e);
        }
        try {
            Flyway.configure()
                    .dataSource(source)
                    .locations("classpath:db/migration")
                    .load()
                    .migrate();
            var database = new Database(source);
            database.makeHead(ids);
            return database;
        } catch (RuntimeException e) {
            source.close();
            throw new Unavailable(
                    "--data: the database in %s cannot be used: %s".formatted(directory, e.getMessage()), e);
        }
    }

    private static String explain(Throwable failure, Path directory) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && sql.getErrorCode() == H2_ALREADY_OPEN) {
                return "--data: %s is in use by another process (expected: a directory of its own)"
                        .formatted(directory);
            }
        }
        return "--data: the database in %s cannot be opened: %s".formatted(directory, failure.getMessage());
    }

    /// The epoch of the log is made with the database, and a new one whenever the log is made anew.
    private void makeHead(Supplier<UUID> ids) {
        jdbi.useTransaction(handle -> {
            int heads = handle.createQuery("select count(*) from feed_head")
                    .mapTo(int.class)
                    .one();
            if (heads > 0) return;
            handle.createUpdate("""
                            insert into feed_head (id, epoch, log_position, oldest_position, snapshot_version)
                            values (1, :epoch, 0, 1, 0)
                            """).bind("epoch", ids.get().toString()).execute();
        });
    }

    /// Whether the database answers.
    public boolean isUp() {
        try {
            return jdbi.withHandle(handle -> handle.createQuery("select count(*) from feed_head")
                            .mapTo(int.class)
                            .one()
                    == 1);
        } catch (RuntimeException e) {
            return false;
        }
    }

    Jdbi jdbi() {
        return jdbi;
    }

    /// Remembers a change within its own transaction.
    static void remember(Handle handle, Authorship by, String action, String subject) {
        handle.createUpdate("""
                        insert into audit_log (happened_at, author, action, subject, comment)
                        values (:at, :author, :action, :subject, :comment)
                        """)
                .bind("at", by.at())
                .bind("author", by.author())
                .bind("action", action)
                .bind("subject", subject)
                .bind("comment", by.comment())
                .execute();
    }

    @Override
    public void close() {
        source.close();
    }
}

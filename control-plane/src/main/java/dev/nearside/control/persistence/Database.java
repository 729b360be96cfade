package dev.nearside.control.persistence;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.nearside.control.audit.Authorship;
import dev.nearside.control.peers.Changes;
import dev.nearside.control.peers.LocalChanges;
import dev.nearside.control.persistence.DatabaseSettings.InDirectory;
import dev.nearside.control.persistence.DatabaseSettings.OnPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.function.Supplier;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The database of one control plane, or of several: opened, migrated, and shared by all repositories.
public final class Database implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Database.class);

    /// How long a call waits for a connection before it is told that the database is away.
    private static final Duration CONNECTION_WAIT = Duration.ofSeconds(2);

    /// How long anything at all may take a server that does not answer.
    private static final Duration SILENCE = Duration.ofSeconds(15);

    private final HikariDataSource source;
    private final Dialect dialect;
    private final Jdbi jdbi;
    private final DatabaseClock clock;

    private Database(HikariDataSource source, Dialect dialect) {
        this.source = source;
        this.dialect = dialect;
        this.jdbi = Jdbi.create(source);
        this.clock = new DatabaseClock(() -> jdbi.withHandle(this::now));
    }

    /// Why a database could not be opened, in words for the operator.
    public static final class Unavailable extends Exception {
        private static final long serialVersionUID = 1;

        private final String explanation;

        Unavailable(String explanation) {
            super(explanation);
            this.explanation = explanation;
        }

        Unavailable(String explanation, Throwable cause) {
            super(explanation, cause);
            this.explanation = explanation;
        }

        public String explanation() {
            return explanation;
        }
    }

    /// Opens the file database in a directory.
    public static Database open(Path directory, Supplier<UUID> ids) throws Unavailable {
        return open(new InDirectory(directory), ids);
    }

    /// Opens a database, and makes what is missing: the file, tables, an epoch of the log.
    ///
    /// Tables of a later release are left as they are: it only ever adds to them, so that control planes of two
    /// releases may run beside each other while one replaces the other.
    public static Database open(DatabaseSettings settings, Supplier<UUID> ids) throws Unavailable {
        return open(settings, ids, Missing.IS_MADE);
    }

    /// Opens a database that a control plane has made before.
    ///
    /// @throws Unavailable if there is none; nothing is made then
    public static Database openExisting(DatabaseSettings settings, Supplier<UUID> ids) throws Unavailable {
        return open(settings, ids, Missing.IS_REFUSED);
    }

    /// What becomes of a database that nobody has made.
    private enum Missing {
        IS_MADE,
        IS_REFUSED
    }

    private static Database open(DatabaseSettings settings, Supplier<UUID> ids, Missing missing) throws Unavailable {
        return switch (settings) {
            case InDirectory(var directory) -> {
                if (missing == Missing.IS_REFUSED && !Files.exists(directory.resolve(SqlBackups.FILE))) {
                    throw new Unavailable(
                            "--data: there is no database in %s (expected: the directory of a control plane)"
                                    .formatted(directory));
                }
                makeDirectory(directory);
                yield open(
                        inDirectory(directory),
                        Dialect.H2,
                        "--data: the database in %s".formatted(directory),
                        directory,
                        ids,
                        missing);
            }
            case OnPostgres postgres ->
                open(
                        onPostgres(postgres),
                        Dialect.POSTGRES,
                        "--database: " + postgres.url(),
                        Path.of(""),
                        ids,
                        missing);
        };
    }

    /// Makes a directory for the control plane alone, if there is none.
    ///
    /// @throws Unavailable if nothing can be written into it
    public static void makeDirectory(Path directory) throws Unavailable {
        try {
            if (!Files.isDirectory(directory)) {
                var ownerOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
                Files.createDirectories(directory, ownerOnly);
            }
            Files.delete(Files.createTempFile(directory, "nearside", ".probe"));
        } catch (IOException e) {
            throw new Unavailable(
                    "--data: %s cannot be written to (expected: a writable directory)".formatted(directory), e);
        }
    }

    /// Commits are written at once (`WRITE_DELAY=0`): a position of the invalidation log that somebody has seen
    /// must not be given to another invalidation after a crash.
    ///
    /// `async`: a plain file is closed by the interruption of whoever reads or writes it. The web server interrupts
    /// calls that are under way when it stops, and the database never recovered from that.
    private static HikariConfig inDirectory(Path directory) {
        var config = new HikariConfig();
        config.setJdbcUrl("jdbc:h2:async:" + directory.toAbsolutePath().resolve("nearside")
                + ";DB_CLOSE_ON_EXIT=FALSE;WRITE_DELAY=0;LOCK_TIMEOUT=10000");
        return config;
    }

    /// A server may confirm commits that a crash of it forgets; what is confirmed to a caller must not be among them.
    private static final String CONFIRM_WHAT_IS_WRITTEN =
            "select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') = 'off'";

    /// What the operator set in the URL goes before what is set here.
    private static HikariConfig onPostgres(OnPostgres settings) {
        var config = new HikariConfig();
        config.setDriverClassName("org.postgresql.Driver");
        config.setConnectionTimeout(CONNECTION_WAIT.toMillis());
        config.setValidationTimeout(CONNECTION_WAIT.toMillis() / 2);
        config.setJdbcUrl(settings.url());
        config.setConnectionInitSql(CONFIRM_WHAT_IS_WRITTEN);
        settings.user().ifPresent(config::setUsername);
        settings.password().ifPresent(config::setPassword);
        var given = settings.url().substring(settings.url().indexOf('?') + 1);
        Map.of(
                        "ApplicationName",
                        "nearside",
                        "connectTimeout",
                        String.valueOf(CONNECTION_WAIT.toSeconds()),
                        "socketTimeout",
                        String.valueOf(SILENCE.toSeconds()),
                        "tcpKeepAlive",
                        "true",
                        "options",
                        "-c lock_timeout=10s -c idle_in_transaction_session_timeout=15s")
                .forEach((name, value) -> {
                    if (!given.contains(name + "=")) config.addDataSourceProperty(name, value);
                });
        return config;
    }

    private static Database open(
            HikariConfig config, Dialect dialect, String what, Path directory, Supplier<UUID> ids, Missing missing)
            throws Unavailable {
        config.setPoolName("database");
        config.setMaximumPoolSize(16);
        config.setMinimumIdle(2);
        config.setInitializationFailTimeout(1);
        HikariDataSource source;
        try {
            source = new HikariDataSource(config);
        } catch (RuntimeException e) {
            throw new Unavailable(explain(e, what, directory), e);
        }
        try {
            var tables = Flyway.configure()
                    .dataSource(source)
                    .locations("classpath:db/migration")
                    .ignoreMigrationPatterns("*:future")
                    .load();
            if (missing == Missing.IS_REFUSED && tables.info().current() == null) {
                source.close();
                throw new Unavailable(
                        what + " holds no tables of a control plane (expected: the database that was restored)");
            }
            tables.migrate();
            var database = new Database(source, dialect);
            database.makeHead(ids);
            if (dialect == Dialect.POSTGRES) database.warnOfForgetting();
            return database;
        } catch (RuntimeException e) {
            source.close();
            throw new Unavailable("%s cannot be used: %s".formatted(what, oneLine(e)), e);
        }
    }

    /// That is set for the whole server, and not for a connection.
    private void warnOfForgetting() {
        var setting = jdbi.withHandle(handle -> handle.createQuery("select current_setting('fsync')")
                .mapTo(String.class)
                .one());
        if (setting.equals("off"))
            LOG.warn("the database forgets what it has confirmed when its machine fails (fsync = off; expected: on)");
    }

    private static String explain(Throwable failure, String what, Path directory) {
        for (var cause : causes(failure)) {
            if (cause instanceof SQLException sql && Dialect.isInUse(sql)) {
                return "--data: %s is in use by another process (expected: a directory of its own)"
                        .formatted(directory);
            }
        }
        return "%s cannot be opened: %s".formatted(what, oneLine(causes(failure).getLast()));
    }

    private static String oneLine(Throwable failure) {
        return String.valueOf(failure.getMessage()).strip().replaceAll("\\s+", " ");
    }

    private static List<Throwable> causes(Throwable failure) {
        var causes = new ArrayList<Throwable>();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) causes.add(cause);
        return causes;
    }

    /// The epoch of the log is made with the database, and a new one whenever the log is made anew.
    private void makeHead(Supplier<UUID> ids) {
        jdbi.useTransaction(handle -> {
            lockConfiguration(handle);
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

    /// Changes of configuration, and whatever else must not happen twice at a time, queue here until the commit.
    static void lockConfiguration(Handle handle) {
        handle.execute("update configuration_head set change_count = change_count + 1 where id = 1");
    }

    /// Whether other control planes may be on it.
    public boolean isShared() {
        return dialect == Dialect.POSTGRES;
    }

    /// Makes the log a new one that goes on from where it stands: every edge starts afresh, and what it stored
    /// before is older than anything in it. Needed whenever the log may have lost its end.
    public SqlBackups.FeedPlace startNewEpoch(Supplier<UUID> ids, Authorship by) {
        return jdbi.inTransaction(handle -> {
            var head = SqlFeedLog.lockHead(handle);
            var epoch = ids.get().toString();
            handle.execute("update feed_head set epoch = ? where id = 1", epoch);
            // Receipts of numbers that will be given again.
            handle.execute("delete from edge_progress where log_position > ?", head.position());
            remember(handle, by, "new epoch", epoch + ", position " + head.position());
            return new SqlBackups.FeedPlace(epoch, head.position(), head.snapshotVersion());
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

    /// Whether something failed because the database is away or too busy, so that it may succeed later.
    public boolean isAway(RuntimeException failure) {
        return causes(failure).stream().anyMatch(cause -> cause instanceof SQLException sql && dialect.isPassing(sql));
    }

    /// The time that all control planes on this database agree on.
    ///
    /// @param own the clock of this machine, which is the database's too where it is a file
    public InstantSource clock(InstantSource own) {
        return switch (dialect) {
            case H2 -> own;
            case POSTGRES -> clock;
        };
    }

    /// How this control plane hears of what others commit.
    ///
    /// @param self names it among all on this database
    public Changes changes(String self) {
        return switch (dialect) {
            case H2 -> new LocalChanges();
            case POSTGRES -> new PostgresChanges(this, this::connect, self);
        };
    }

    /// A connection beside the pool.
    private Connection connect() throws SQLException {
        var properties = new Properties();
        properties.putAll(source.getDataSourceProperties());
        if (source.getUsername() != null) properties.setProperty("user", source.getUsername());
        if (source.getPassword() != null) properties.setProperty("password", source.getPassword());
        return DriverManager.getConnection(source.getJdbcUrl(), properties);
    }

    Jdbi jdbi() {
        return jdbi;
    }

    /// The time by the database's own clock.
    Instant now(Handle handle) {
        return handle.createQuery("select " + dialect.now() + " as now_is")
                .map((row, _) -> row.getObject("now_is", OffsetDateTime.class).toInstant())
                .one();
    }

    void readClock() {
        clock.read();
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

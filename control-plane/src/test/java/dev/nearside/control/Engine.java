package dev.nearside.control;

import dev.nearside.control.persistence.DatabaseSettings;
import dev.nearside.model.check.Checked;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;

/// The databases that everything is tried on.
public enum Engine {
    H2,
    POSTGRES;

    /// One server for all tests of this process; it ends with it.
    private static final class Server {
        static final EmbeddedPostgres RUNNING = start();

        private static EmbeddedPostgres start() {
            try {
                return server().start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /// A PostgreSQL as small as they come, and as safe as any.
    public static EmbeddedPostgres.Builder server() {
        return EmbeddedPostgres.builder()
                .setServerConfig("shared_buffers", "16MB")
                .setServerConfig("max_connections", "150");
    }

    /// An empty database.
    ///
    /// @param directory where it lies if it is a file
    public DatabaseSettings fresh(Path directory) {
        return switch (this) {
            case H2 -> new DatabaseSettings.InDirectory(directory);
            case POSTGRES -> freshOn(Server.RUNNING);
        };
    }

    static DatabaseSettings freshOn(EmbeddedPostgres server) {
        return freshOn(server, server.getPort());
    }

    /// @param port that leads to the server
    static DatabaseSettings freshOn(EmbeddedPostgres server, int port) {
        var name = "t" + UUID.randomUUID().toString().replace("-", "");
        try (var connection = DriverManager.getConnection(server.getJdbcUrl("postgres", "postgres"));
                var statement = connection.createStatement()) {
            statement.execute("create database " + name);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return on(port, name);
    }

    static DatabaseSettings on(int port, String name) {
        var url = "jdbc:postgresql://localhost:%d/%s".formatted(port, name);
        return switch (DatabaseSettings.postgres(url, Optional.of("postgres"), Optional.empty())) {
            case Checked.Valid<DatabaseSettings>(var settings) -> settings;
            case Checked.Invalid<DatabaseSettings>(var problems) -> throw new AssertionError(problems);
        };
    }
}

package dev.nearside.control;

import dev.nearside.control.ControlPlane.NotStarted;
import dev.nearside.control.persistence.DatabaseSettings;
import dev.nearside.model.check.Checked;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where the truth is kept, as an operator says it.
final class DatabaseOptions {
    static final String USER = "NEARSIDE_DATABASE_USER";
    static final String PASSWORD = "NEARSIDE_DATABASE_PASSWORD";

    @Option(
            names = "--data",
            required = true,
            paramLabel = "DIR",
            description = "For what is this control plane's own, its database among it; made if it is missing.")
    private Path data = Path.of("");

    @Option(
            names = "--database",
            paramLabel = "URL",
            description = {
                "A PostgreSQL instead, which several control planes may share:",
                DatabaseSettings.EXPECTED + "."
            })
    private @Nullable String url;

    @Option(
            names = "--database-user",
            paramLabel = "NAME",
            description = "Who logs in there; else " + USER + " in the environment.")
    private @Nullable String user;

    @Option(
            names = "--database-password-file",
            paramLabel = "FILE",
            description = "Holds the password in its first line; else " + PASSWORD + " in the environment.")
    private @Nullable Path passwordFile;

    boolean isOnPostgres() {
        return url != null;
    }

    Path data() {
        return data;
    }

    DatabaseSettings settings(Map<String, String> environment) throws NotStarted {
        if (url == null) {
            if (user != null) throw new NotStarted("--database-user: needs --database URL beside it");
            if (passwordFile != null) throw new NotStarted("--database-password-file: needs --database URL beside it");
            return new DatabaseSettings.InDirectory(data);
        }
        var name = Optional.ofNullable(user).or(() -> Optional.ofNullable(environment.get(USER)));
        return switch (DatabaseSettings.postgres(url, name, password(environment))) {
            case Checked.Valid<DatabaseSettings>(var settings) -> settings;
            case Checked.Invalid<DatabaseSettings>(var problems) ->
                throw new NotStarted(problems.stream().map(Object::toString).collect(Collectors.joining("; ")));
        };
    }

    private Optional<String> password(Map<String, String> environment) throws NotStarted {
        if (passwordFile == null) return Optional.ofNullable(environment.get(PASSWORD));
        try {
            var first = Files.readString(passwordFile).lines().findFirst();
            if (first.isPresent() && !first.get().isBlank()) return first;
        } catch (IOException e) {
            throw new NotStarted(
                    "--database-password-file: %s cannot be read (expected: a file with the password)"
                            .formatted(passwordFile),
                    e);
        }
        throw new NotStarted("--database-password-file: %s is empty (expected: the password in the first line)"
                .formatted(passwordFile));
    }
}

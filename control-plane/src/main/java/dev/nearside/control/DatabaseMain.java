package dev.nearside.control;

import dev.nearside.command.CommandLines;
import dev.nearside.control.audit.Authorship;
import dev.nearside.control.persistence.Database;
import dev.nearside.control.persistence.SqlBackups;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// What is done to a database by hand, while no control plane has it in use or, on PostgreSQL, while they run.
@Command(
        name = "nearside control-plane",
        description = "Puts a database back, or tells edges that it was.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class DatabaseMain {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Command(
            name = "restore",
            description = {
                "Puts a backup in the place of the database in DIR, which is kept beside it, and starts a new epoch of the"
                        + " log: edges revalidate once what they stored before.",
                "The control plane must be stopped."
            },
            mixinStandardHelpOptions = true)
    int restore(
            @Mixin DatabaseOptions database,
            @Parameters(paramLabel = "FILE", description = "What POST /api/v1/backups wrote.") Path backup) {
        return run(() -> {
            if (database.isOnPostgres()) {
                throw new ControlPlane.NotStarted(
                        "restore: is for a database in a directory (expected: your PostgreSQL's"
                                + " own restore, then `nearside control-plane new-epoch`)");
            }
            return SqlBackups.restore(backup, database.data(), UUID::randomUUID, by("restored from " + backup));
        });
    }

    @Command(
            name = "new-epoch",
            description = "Starts a new epoch of the log, as is needed after a database was restored by other means.",
            mixinStandardHelpOptions = true)
    int newEpoch(@Mixin DatabaseOptions database) {
        return run(() -> {
            try (var opened = Database.openExisting(database.settings(System.getenv()), UUID::randomUUID)) {
                return opened.startNewEpoch(UUID::randomUUID, by("new epoch"));
            }
        });
    }

    private static Authorship by(String why) {
        return new Authorship("nearside", Instant.now().truncatedTo(ChronoUnit.MILLIS), why);
    }

    @FunctionalInterface
    private interface Work {
        SqlBackups.FeedPlace run() throws ControlPlane.NotStarted, Database.Unavailable;
    }

    private int run(Work work) {
        try {
            var place = work.run();
            out().printf(
                            "epoch %s begins at position %d, with snapshot %d%n",
                            place.epoch(), place.position(), place.snapshotVersion());
            return 0;
        } catch (ControlPlane.NotStarted e) {
            return refuse(String.valueOf(e.getMessage()));
        } catch (Database.Unavailable e) {
            return refuse(e.explanation());
        }
    }

    private int refuse(String why) {
        spec.commandLine().getErr().println(why);
        return 1;
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    public static void main(String[] arguments) {
        System.exit(CommandLines.of(new DatabaseMain()).execute(arguments));
    }
}

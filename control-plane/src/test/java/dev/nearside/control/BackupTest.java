package dev.nearside.control;

import static dev.nearside.control.Documents.distribution;
import static dev.nearside.control.RunningControlPlane.body;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.control.persistence.DatabaseSettings;
import dev.nearside.model.wire.api.Backup;
import dev.nearside.model.wire.api.Distributions;
import dev.nearside.model.wire.feed.InvalidationMessage;
import dev.nearside.model.wire.feed.Reset;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// A backup that is taken while everything runs, and the way back from it.
class BackupTest {
    private final StringWriter said = new StringWriter();

    private int command(String... words) {
        return new CommandLine(new DatabaseMain())
                .setOut(new PrintWriter(said))
                .setErr(new PrintWriter(said))
                .execute(words);
    }

    @Test
    void aRestoredLogGoesOnUnderANewEpoch(@TempDir Path folder) throws Exception {
        var data = folder.resolve("data");
        try (var api = new RunningControlPlane(data)) {
            var made = api.post(
                    api.admin(), "/api/v1/distributions", distribution("site", "site.test", "CachingOptimized", true));
            var invalidations = "/api/v1/distributions/"
                    + body(made, Distributions.Item.class).id() + "/invalidations";
            var edge = api.enrol("edge");
            api.post(api.admin(), "/api/v1/snapshots", "");
            api.post(api.admin(), invalidations, "{\"paths\": [\"/kept\"]}");
            var answer = api.post(api.admin(), "/api/v1/backups", "");
            assertThat(answer.statusCode()).isEqualTo(201);
            var backup = Path.of(body(answer, Backup.class).file());
            assertThat(backup).isRegularFile().hasParent(data.resolve("backups"));
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(backup)))
                    .isEqualTo("rw-------");

            // What comes after the backup is lost with the disk; the edge has applied it all the same.
            api.post(api.admin(), invalidations, "{\"paths\": [\"/lost\"]}");
            String place;
            try (var feed = new EventReader(api.feed(edge, ""))) {
                place = feed.next("caught-up").id();
                assertThat(place).endsWith("/2/1");
            }
            assertThat(command("restore", "--data", data.toString(), backup.toString()))
                    .isEqualTo(1);
            assertThat(said.toString()).contains("is in use");

            api.stopped(() -> assertThat(command("restore", "--data", data.toString(), backup.toString()))
                    .as(said.toString())
                    .isZero());

            assertThat(said.toString()).contains("begins at position 1, with snapshot 1");
            try (var feed = new EventReader(api.feed(edge, place))) {
                var reset = feed.next("reset").read(Reset.class);
                assertThat(reset.position()).isEqualTo(1);
                assertThat(reset.epoch()).isNotEqualTo(place.substring(0, place.indexOf('/')));
                feed.next("caught-up");
                // The number of the lost one is given again, in the other epoch.
                api.post(api.admin(), invalidations, "{\"paths\": [\"/next\"]}");
                var next = feed.next("invalidation").read(InvalidationMessage.class);
                assertThat(next.position()).isEqualTo(2);
                assertThat(next.epoch()).isEqualTo(reset.epoch());
            }
            assertThat(api.get(api.admin(), invalidations).body())
                    .contains("/kept", "/next", "InProgress")
                    .doesNotContain("/lost");
        }
        try (var files = Files.list(data)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .anyMatch(name -> name.startsWith("nearside.mv.db.before-"));
        }
    }

    @Test
    void whatIsNoBackupIsRefusedAndNothingChanges(@TempDir Path folder) throws Exception {
        var file = Files.writeString(folder.resolve("backup.zip"), "no zip");
        var data = folder.resolve("data");

        assertThat(command("restore", "--data", data.toString(), file.toString()))
                .isEqualTo(1);
        assertThat(said.toString()).contains("FILE: " + file + " is no backup of a control plane: ");
        assertThat(data).as("a mistyped folder is not made").doesNotExist();
        assertThat(command("restore", "--data", folder.toString(), file.toString()))
                .isEqualTo(1);
        assertThat(folder.resolve("restoring")).doesNotExist();
    }

    @Test
    void aBackupThatIsNotThereIsNamed(@TempDir Path folder) {
        var file = folder.resolve("backup.zip");

        assertThat(command("restore", "--data", folder.toString(), file.toString()))
                .isEqualTo(1);
        assertThat(said.toString().strip())
                .isEqualTo("FILE: %s does not exist (expected: what POST /api/v1/backups wrote)".formatted(file));
    }

    @Test
    void noEpochIsBegunWhereThereIsNoDatabase(@TempDir Path folder) {
        var mistyped = folder.resolve("mistyped");

        assertThat(command("new-epoch", "--data", mistyped.toString())).isEqualTo(1);
        assertThat(said.toString().strip())
                .isEqualTo("--data: there is no database in %s (expected: the directory of a control plane)"
                        .formatted(mistyped));
        assertThat(mistyped).doesNotExist();
    }

    @Test
    void noEpochIsBegunInADatabaseOfSomethingElse(@TempDir Path folder) throws Exception {
        var postgres = (DatabaseSettings.OnPostgres) Engine.POSTGRES.fresh(folder);

        for (int i = 0; i < 2; i++) {
            assertThat(command(
                            "new-epoch",
                            "--data",
                            folder.toString(),
                            "--database",
                            postgres.url(),
                            "--database-user",
                            postgres.user().orElseThrow()))
                    .as(said.toString())
                    .isEqualTo(1);
        }
        assertThat(said.toString())
                .contains("--database: %s holds no tables of a control plane (expected: the database that was restored)"
                        .formatted(postgres.url()));
    }

    @Test
    void aPostgresIsBackedUpByItsOwnMeans(@TempDir Path folder) throws Exception {
        try (var api = new RunningControlPlane(folder.resolve("data"), Engine.POSTGRES.fresh(folder))) {
            var answer = api.post(api.admin(), "/api/v1/backups", "");

            assertThat(answer.statusCode()).isEqualTo(409);
            assertThat(answer.body()).contains("pg_dump");
        }
    }
}

package dev.nearside.control.backup;

import dev.nearside.control.audit.Authorship;
import dev.nearside.control.http.Answer;
import dev.nearside.control.http.Call;
import dev.nearside.control.http.Requirement.AtLeast;
import dev.nearside.control.http.Role;
import dev.nearside.control.http.Route;
import dev.nearside.model.wire.api.Backup;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Has backups taken, into a folder beside the database: where they go from there is the operator's.
public final class BackupResource {
    private static final Logger LOG = LoggerFactory.getLogger(BackupResource.class);
    private static final DateTimeFormatter NAME = DateTimeFormatter.ofPattern("'nearside-'uuuuMMdd'T'HHmmss.SSS'Z.zip'")
            .withZone(ZoneOffset.UTC);

    private final Backups backups;
    private final Path folder;
    private final InstantSource clock;

    public BackupResource(Backups backups, Path folder, InstantSource clock) {
        this.backups = backups;
        this.folder = folder;
        this.clock = clock;
    }

    public List<Route> routes() {
        return List.of(Route.post("/api/v1/backups", new AtLeast(Role.ADMIN), Route.Body.NONE, this::create));
    }

    private Answer create(Call call) {
        var by = Authorship.of(call, clock.instant());
        var file = folder.resolve(NAME.format(by.at())).toAbsolutePath();
        try {
            return backups.write(file, by)
                    .<Answer>map(
                            bytes -> new Answer.Document(201, new Backup(file.toString(), bytes, by.at()), Map.of()))
                    .orElseGet(() -> Answer.conflict(
                            "backed-up-elsewhere",
                            "PostgreSQL has its own backups",
                            "Use pg_dump or the backups of your PostgreSQL; after a restore run"
                                    + " `nearside control-plane new-epoch`.",
                            List.of()));
        } catch (IOException e) {
            LOG.error("no backup could be written to {}: {}", file, e.toString());
            return new Answer.Refused(
                    507, "no-room-for-backup", "The backup could not be written", "The log tells why.");
        }
    }
}

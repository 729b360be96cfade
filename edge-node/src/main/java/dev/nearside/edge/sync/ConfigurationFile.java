package dev.nearside.edge.sync;

import dev.nearside.edge.file.Unreadable;
import dev.nearside.model.check.Checked;
import dev.nearside.model.check.Problem;
import dev.nearside.model.snapshot.Snapshot;
import dev.nearside.model.wire.ConfigurationDocument;
import dev.nearside.model.wire.Json;
import dev.nearside.model.wire.feed.SnapshotMessage;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The configuration of a node that runs alone: a file, checked whole and followed when it changes.
public final class ConfigurationFile {

    private static final Logger LOG = LoggerFactory.getLogger(ConfigurationFile.class);
    private static final Duration LOOK_EVERY = Duration.ofMillis(500);

    private final Path path;
    private byte[] seen = {};

    public ConfigurationFile(Path path) {
        this.path = path;
    }

    /// Reads the file as the snapshot of that number.
    public Checked<Snapshot> load(long version) {
        try {
            seen = Files.readAllBytes(path);
        } catch (IOException e) {
            return new Checked.Invalid<>(List.of(new Problem("", Unreadable.why(e))));
        }
        return Json.read(seen, ConfigurationDocument.class)
                .then(document -> SnapshotMessage.of(version, document).snapshot());
    }

    /// Swaps the snapshot whenever the file changes; a file with problems changes nothing but the log.
    ///
    /// @return ends it
    public Runnable follow(Vertx vertx, CurrentSnapshot snapshots) {
        long looking = vertx.setPeriodic(
                LOOK_EVERY.toMillis(),
                _ -> vertx.executeBlocking(() -> {
                    reload(snapshots);
                    return null;
                }));
        return () -> vertx.cancelTimer(looking);
    }

    /// One problem a line, below what is said before.
    public static String lines(List<Problem> problems) {
        return problems.stream().map(problem -> "\n  " + problem).collect(Collectors.joining());
    }

    private void reload(CurrentSnapshot snapshots) {
        try {
            if (Arrays.equals(seen, Files.readAllBytes(path))) return;
        } catch (IOException e) {
            return; // being replaced just now, or gone: the snapshot stays
        }
        switch (load(snapshots.version() + 1)) {
            case Checked.Valid<Snapshot>(var snapshot) -> {
                snapshots.swap(snapshot);
                LOG.info("{} has changed: running snapshot {}", path, snapshot.version());
            }
            case Checked.Invalid<Snapshot>(var problems) ->
                LOG.error("{} has changed and is refused, the previous snapshot stays:{}", path, lines(problems));
        }
    }
}

package dev.nearside.edge.sync;

import dev.nearside.model.check.Checked;
import dev.nearside.model.check.Problem;
import dev.nearside.model.snapshot.Snapshot;
import dev.nearside.model.wire.Json;
import dev.nearside.model.wire.feed.SnapshotMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The last good snapshot, kept on disk so that the node answers viewers without the control plane.
public final class SnapshotFile {

    private final Path path;

    public SnapshotFile(Path path) {
        this.path = path;
    }

    public Path path() {
        return path;
    }

    /// What was saved last; empty if nothing was, refused if it is damaged.
    public Optional<Checked<Snapshot>> load() {
        if (!Files.exists(path)) return Optional.empty();
        try {
            return Optional.of(
                    Json.read(Files.readAllBytes(path), SnapshotMessage.class).then(SnapshotMessage::snapshot));
        } catch (IOException e) {
            return Optional.of(new Checked.Invalid<>(List.of(new Problem("", "cannot be read: " + e.getMessage()))));
        }
    }

    public void save(SnapshotMessage message) throws IOException {
        DurableFile.write(path, Json.write(message));
    }
}

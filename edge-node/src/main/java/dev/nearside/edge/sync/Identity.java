package dev.nearside.edge.sync;

import dev.nearside.model.check.Checked;
import dev.nearside.model.wire.Json;
import dev.nearside.model.wire.feed.Enrolled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Who this edge is to its control plane: given at enrolment, kept in a file that only its owner may read.
public final class Identity {

    private final Path path;

    public Identity(Path path) {
        this.path = path;
    }

    /// Empty before the enrolment.
    ///
    /// @throws IOException if the file cannot be read or is damaged
    public Optional<Enrolled> load() throws IOException {
        if (!Files.exists(path)) return Optional.empty();
        return switch (Json.read(Files.readAllBytes(path), Enrolled.class)) {
            case Checked.Valid<Enrolled>(var enrolled) -> Optional.of(enrolled);
            case Checked.Invalid<Enrolled> _ ->
                throw new IOException(path + " is damaged (expected: what the enrolment wrote); enrol the edge again");
        };
    }

    public void save(Enrolled enrolled) throws IOException {
        DurableFile.write(path, Json.write(enrolled));
    }
}

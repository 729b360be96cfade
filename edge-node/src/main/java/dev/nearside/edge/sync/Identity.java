package dev.nearside.edge.sync;

import dev.nearside.model.check.Checked;
import dev.nearside.model.wire.Json;
import dev.nearside.model.wire.feed.Enrolled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

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
        return switch (Json.readKnown(Files.readAllBytes(path), Enrolled.class)) {
            case Checked.Valid<Enrolled>(var enrolled) when isWhole(enrolled) -> Optional.of(enrolled);
            case Checked.Valid<Enrolled> _, Checked.Invalid<Enrolled> _ ->
                throw new IOException(path + " is damaged (expected: what the enrolment wrote); enrol the edge again");
        };
    }

    /// A document may be well formed and lack what it is for.
    private static boolean isWhole(Enrolled enrolled) {
        return Stream.<@Nullable String>of(enrolled.edgeId(), enrolled.credential())
                .allMatch(Objects::nonNull);
    }

    public void save(Enrolled enrolled) throws IOException {
        DurableFile.write(path, Json.write(enrolled));
    }
}

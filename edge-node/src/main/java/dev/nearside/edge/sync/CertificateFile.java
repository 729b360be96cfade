package dev.nearside.edge.sync;

import dev.nearside.model.check.Checked;
import dev.nearside.model.check.Problem;
import dev.nearside.model.wire.Json;
import dev.nearside.model.wire.feed.CertificatesMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The certificates that the control plane gave last, with their keys, in a file that only its owner may read: the node
/// answers viewers over TLS without the control plane.
public final class CertificateFile {

    private static final Logger LOG = LoggerFactory.getLogger(CertificateFile.class);

    private final Path path;

    public CertificateFile(Path path) {
        this.path = path;
    }

    /// Empty if nothing was saved, or if it is damaged.
    public Optional<CertificatesMessage> load() {
        if (!Files.exists(path)) return Optional.empty();
        try {
            return switch (Json.readKnown(Files.readAllBytes(path), CertificatesMessage.class)) {
                case Checked.Valid<CertificatesMessage>(var saved) when isWhole(saved) -> Optional.of(saved);
                case Checked.Valid<CertificatesMessage> _ -> damaged("something is missing in it");
                case Checked.Invalid<CertificatesMessage>(var problems) ->
                    damaged(problems.stream().map(Problem::path).toList().toString());
            };
        } catch (IOException e) {
            return damaged(e.getMessage());
        }
    }

    private Optional<CertificatesMessage> damaged(@Nullable String why) {
        LOG.error("{} is damaged; waiting for the control plane: {}", path, why);
        return Optional.empty();
    }

    /// Whether nothing is absent that the type promises.
    static boolean isWhole(CertificatesMessage message) {
        return Stream.<@Nullable Object>of(message.items(), message.withheld()).allMatch(Objects::nonNull)
                && message.items().stream()
                        .flatMap(item ->
                                Stream.<@Nullable String>of(item.id(), item.name(), item.chain(), item.privateKey()))
                        .allMatch(Objects::nonNull)
                && message.withheld().stream()
                        .flatMap(each -> Stream.<@Nullable String>of(each.id(), each.name(), each.why()))
                        .allMatch(Objects::nonNull);
    }

    /// A disk that takes nothing is no reason to show nothing.
    public void save(CertificatesMessage message) {
        try {
            if (message.items().isEmpty()) Files.deleteIfExists(path);
            else DurableFile.write(path, Json.write(message));
        } catch (IOException e) {
            LOG.error(
                    "Certificates are shown, but a start without the control plane would not know them: {}",
                    e.toString());
        }
    }
}

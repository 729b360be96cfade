package dev.nearside.model.wire.feed;

import dev.nearside.model.check.Checked;
import dev.nearside.model.check.Problem;
import dev.nearside.model.snapshot.Snapshot;
import dev.nearside.model.snapshot.SnapshotVersion;
import dev.nearside.model.wire.ConfigurationDocument;
import dev.nearside.model.wire.ConfigurationReader;
import dev.nearside.model.wire.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A snapshot on its way to an edge, and as the edge keeps it on disk.
///
/// @param hash of the canonical JSON of the configuration
/// @param configuration distributions and custom policies, every reference an id
public record SnapshotMessage(long version, String hash, ConfigurationDocument configuration) {

    public static SnapshotMessage of(long version, ConfigurationDocument configuration) {
        return new SnapshotMessage(version, hash(configuration), configuration);
    }

    /// The message as JSON, around a configuration that is JSON already: nothing of it is read, whatever release wrote
    /// it.
    ///
    /// @param configuration canonical
    public static String json(long version, String hash, String configuration) {
        return "{\"configuration\":" + configuration + ",\"hash\":\"" + hash + "\",\"version\":" + version + "}";
    }

    /// What is read of a message that cannot be read as a whole.
    public record Numbered(long version) {}

    /// The snapshot, if its content is whole and has no problem.
    public Checked<Snapshot> snapshot() {
        if (version < 1) return invalid("version", version + " (expected: 1 or more)");
        if (isMissing(hash)) return invalid("hash", "missing (expected: the content's hash)");
        if (isMissing(configuration)) return invalid("configuration", "missing (expected: a configuration)");
        var actual = hash(configuration);
        if (!actual.equals(hash)) return invalid("hash", hash + " (expected: the content's hash " + actual + ")");
        return ConfigurationReader.read(configuration)
                .then(read -> new Checked.Valid<>(
                        new Snapshot(new SnapshotVersion(version), hash, read.distributions(), read.policies())));
    }

    /// A document may lack what the type promises.
    private static boolean isMissing(@Nullable Object value) {
        return value == null;
    }

    private static Checked<Snapshot> invalid(String path, String message) {
        return new Checked.Invalid<>(List.of(new Problem(path, message)));
    }

    private static String hash(ConfigurationDocument configuration) {
        try {
            var sha256 = MessageDigest.getInstance("SHA-256");
            return HexFormat.of()
                    .formatHex(sha256.digest(Json.write(configuration).getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}

package dev.nearside.control.configuration;

import dev.nearside.model.wire.api.Versions;
import java.util.List;
import java.util.Optional;

/// The history of a document as the API shows it.
public final class VersionList {
    private VersionList() {}

    public static Versions of(List<Version> versions) {
        return new Versions(versions.stream()
                .map(version ->
                        new Versions.Item(version.number(), version.savedAt(), version.author(), version.comment()))
                .toList());
    }

    /// The number in a path, if it is one.
    public static Optional<Integer> number(String text) {
        try {
            return Optional.of(Integer.parseInt(text));
        } catch (NumberFormatException _) {
            return Optional.empty();
        }
    }
}

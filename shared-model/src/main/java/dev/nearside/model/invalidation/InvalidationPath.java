package dev.nearside.model.invalidation;

import java.util.Optional;

/// What one line of an invalidation reaches: an exact path, or all that begins with a prefix (CF§11.1).
public sealed interface InvalidationPath {

    /// Longest path that is accepted, in characters.
    int MAX_LENGTH = 4000;

    /// This path, and with it the query if the path names one.
    record Exact(String path) implements InvalidationPath {}

    /// Every path that begins so, with whatever query.
    record Prefix(String prefix) implements InvalidationPath {}

    /// Reads a path that {@link #problem} finds nothing wrong with. `*` is a wildcard only as the last character.
    static InvalidationPath parse(String path) {
        return path.endsWith("*") ? new Prefix(path.substring(0, path.length() - 1)) : new Exact(path);
    }

    /// Why a path is refused; empty if it is not.
    static Optional<String> problem(String path) {
        if (!path.startsWith("/")) return Optional.of("\"%s\" (expected: a path that begins with /)".formatted(path));
        if (path.length() > MAX_LENGTH) {
            return Optional.of("%d characters (expected: at most %d)".formatted(path.length(), MAX_LENGTH));
        }
        if (path.chars().anyMatch(c -> c <= ' ' || c >= 127)) {
            return Optional.of("\"%s\" (expected: blanks and non-ASCII characters percent-encoded)".formatted(path));
        }
        return Optional.empty();
    }

    /// The path as an operator writes it.
    default String written() {
        return switch (this) {
            case Exact(var path) -> path;
            case Prefix(var prefix) -> prefix + "*";
        };
    }
}

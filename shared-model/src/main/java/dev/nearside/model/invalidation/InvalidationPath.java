package dev.nearside.model.invalidation;

import java.util.Locale;
import java.util.Optional;

/// What one line of an invalidation reaches: an exact path, all that begins with a prefix (CF§11.1), or all that
/// carries a tag (CF§11.2).
public sealed interface InvalidationPath {

    /// Longest path that is accepted, in characters.
    int MAX_LENGTH = 4000;

    /// Longest tag, in characters.
    int MAX_TAG_LENGTH = 256;

    /// How much of a bad line is repeated to whoever wrote it.
    int SHOWN = 80;

    /// This path, and with it the query if the path names one.
    record Exact(String path) implements InvalidationPath {}

    /// Every path that begins so, with whatever query.
    record Prefix(String prefix) implements InvalidationPath {}

    /// Every object that its origin gave this tag.
    ///
    /// @param name without the `#`, in lower case
    record Tag(String name) implements InvalidationPath {}

    /// Reads a line that {@link #problem} finds nothing wrong with. `*` is a wildcard only as the last character of a
    /// path; in a tag it is a character like any other.
    static InvalidationPath parse(String line) {
        if (line.startsWith("#")) return new Tag(line.substring(1).toLowerCase(Locale.ROOT));
        return line.endsWith("*") ? new Prefix(line.substring(0, line.length() - 1)) : new Exact(line);
    }

    /// Why a line is refused; empty if it is not.
    static Optional<String> problem(String line) {
        if (line.startsWith("#")) return tagProblem(line);
        if (!line.startsWith("/")) {
            return Optional.of(
                    "\"%s\" (expected: a path that begins with /, or a tag that begins with #)".formatted(shown(line)));
        }
        if (line.length() > MAX_LENGTH) {
            return Optional.of("%d characters (expected: at most %d)".formatted(line.length(), MAX_LENGTH));
        }
        if (line.chars().anyMatch(c -> c <= ' ' || c >= 127)) {
            return Optional.of(
                    "\"%s\" (expected: blanks and non-ASCII characters percent-encoded)".formatted(shown(line)));
        }
        return Optional.empty();
    }

    private static Optional<String> tagProblem(String line) {
        int length = line.length() - 1;
        if (length > MAX_TAG_LENGTH) {
            return Optional.of("%d characters (expected: at most %d)".formatted(length, MAX_TAG_LENGTH));
        }
        return isTag(line, 1, line.length())
                ? Optional.empty()
                : Optional.of(
                        "\"%s\" (expected: a tag of visible ASCII characters without comma)".formatted(shown(line)));
    }

    private static String shown(String line) {
        return line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "…";
    }

    /// Whether this part of a text is a tag: 1 to 256 visible ASCII characters without comma.
    static boolean isTag(String text, int from, int to) {
        if (from >= to || to - from > MAX_TAG_LENGTH) return false;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c >= 127 || c == ',') return false;
        }
        return true;
    }

    /// Whether it reaches more than one path, as far as can be known.
    default boolean isWildcard() {
        return switch (this) {
            case Exact _, Tag _ -> false;
            case Prefix _ -> true;
        };
    }

    /// Whether it reaches all that a distribution has: `/*`.
    default boolean isEverything() {
        return this instanceof Prefix(var prefix) && prefix.equals("/");
    }

    /// The line as an operator writes it.
    default String written() {
        return switch (this) {
            case Exact(var path) -> path;
            case Prefix(var prefix) -> prefix + "*";
            case Tag(var name) -> "#" + name;
        };
    }
}

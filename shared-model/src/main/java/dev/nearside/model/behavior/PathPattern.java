package dev.nearside.model.behavior;

import dev.nearside.model.policy.Wildcard;
import java.util.Optional;

/// Which paths a behavior answers (CF§1.5): `*` stands for any characters, `/` among them, `?` for exactly one.
/// Case counts; the whole path must match; a leading slash is implied.
///
/// @param value as the operator wrote it
public record PathPattern(String value) {

    /// The pattern of a default behavior.
    public static final PathPattern ALL = new PathPattern("*");

    private static final int MAX_LENGTH = 255;
    private static final String PUNCTUATION = "_-.*$/~\"'@:+&?";

    /// Why a text is no pattern; empty if it is one.
    public static Optional<String> problem(String text) {
        if (text.isEmpty()) return Optional.of("\"\" (expected: a path pattern)");
        if (text.length() > MAX_LENGTH) {
            return Optional.of("%d characters (expected: at most %d)".formatted(text.length(), MAX_LENGTH));
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letterOrDigit = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
            if (!letterOrDigit && PUNCTUATION.indexOf(c) < 0) {
                return Optional.of(
                        "\"%s\" (expected: letters, digits and %s only, found '%c')".formatted(text, PUNCTUATION, c));
            }
        }
        return Optional.empty();
    }

    /// Whether a normalised path matches; takes at most path length times pattern length steps.
    public boolean matches(String path) {
        return Wildcard.matches(fromRoot(), path);
    }

    /// The pattern with the leading slash that is implied.
    public String fromRoot() {
        return value.startsWith("/") || value.startsWith("*") ? value : "/" + value;
    }
}

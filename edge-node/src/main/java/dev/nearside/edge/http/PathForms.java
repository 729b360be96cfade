package dev.nearside.edge.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Optional;

/// A path as the viewer sent it, and as it is matched.
///
/// An origin may decode once more than we do, and then see another path than the one whose policies we
/// applied; such a path is ambiguous, and what it brings is never stored (cache deception).
///
/// @param raw what the origin gets and the key holds
/// @param normal dot segments removed, slashes collapsed, percent-encoding normalised (RFC 3986, section 6.2.2)
/// @param ambiguous whether one more decoding could change what it matches
/// @param cut the normal path up to the first `%3F` or `%23`, which a careless origin takes for its end
public record PathForms(String raw, String normal, boolean ambiguous, Optional<String> cut) {

    private static final String HEX = "0123456789ABCDEF";

    /// Empty for a path that is refused: not from the root, or with a NUL, another control or a backslash.
    public static Optional<PathForms> of(String raw) {
        if (raw.isEmpty() || raw.charAt(0) != '/') return Optional.empty();
        if (isPlain(raw)) return Optional.of(new PathForms(raw, raw, false, Optional.empty()));
        return decoded(raw);
    }

    /// The form that invalidations and patterns are compared in; a path that {@link #of} refuses, as it is.
    public static String normal(String path) {
        return of(path).map(PathForms::normal).orElse(path);
    }

    /// Nothing to decode, collapse or refuse: nearly every path.
    private static boolean isPlain(String raw) {
        char before = 0;
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c <= ' ' || c >= 127 || c == '%' || c == '\\' || c == ';') return false;
            if (before == '/' && (c == '/' || c == '.')) return false;
            before = c;
        }
        return true;
    }

    private static Optional<PathForms> decoded(String raw) {
        var text = new StringBuilder(raw.length());
        boolean ambiguous = false;
        int cut = -1;
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c < ' ' || c == 127 || c == '\\') return Optional.empty();
            if (c == ';') ambiguous = true;
            if (c == '%') {
                int value = i + 2 < raw.length() ? hex(raw.charAt(i + 1), raw.charAt(i + 2)) : -1;
                if (value == 0) return Optional.empty();
                if (value < 0) {
                    ambiguous = true;
                    encode(text, '%'); // or it would join what follows to an encoding that nobody sent
                    continue;
                }
                i += 2;
                ambiguous |= value < ' ' || value == 127 || "/\\.%;".indexOf(value) >= 0;
                if (cut < 0 && (value == '?' || value == '#')) cut = text.length();
                if (isLiteral(value)) text.append((char) value);
                else encode(text, value);
            } else if (c >= 127 || c == ' ') {
                if (c <= 255) {
                    encode(text, c);
                } else {
                    for (byte b : String.valueOf(c).getBytes(StandardCharsets.UTF_8)) encode(text, b & 255);
                }
            } else {
                text.append(c);
            }
        }
        var whole = withoutDots(text.toString());
        var part = cut < 0 ? Optional.<String>empty() : Optional.of(withoutDots(text.substring(0, cut)));
        return Optional.of(new PathForms(raw, whole, ambiguous, part));
    }

    /// What a pattern may hold as a plain character, and what means the same encoded or not.
    private static boolean isLiteral(int value) {
        return (value >= 'a' && value <= 'z')
                || (value >= 'A' && value <= 'Z')
                || (value >= '0' && value <= '9')
                || (value > ' ' && value < 127 && "-._~!$&'()*+,=:@\"".indexOf(value) >= 0);
    }

    private static void encode(StringBuilder text, int value) {
        text.append('%').append(HEX.charAt(value >> 4)).append(HEX.charAt(value & 15));
    }

    private static int hex(char high, char low) {
        int h = Character.digit(high, 16);
        int l = Character.digit(low, 16);
        return h < 0 || l < 0 || high > 127 || low > 127 ? -1 : h * 16 + l;
    }

    private static String withoutDots(String path) {
        var kept = new ArrayList<String>();
        boolean folder = false;
        int at = 1;
        while (at <= path.length()) {
            int slash = path.indexOf('/', at);
            int end = slash < 0 ? path.length() : slash;
            var segment = path.substring(at, end);
            folder = slash >= 0 || segment.isEmpty() || segment.equals(".") || segment.equals("..");
            if (segment.equals("..")) {
                if (!kept.isEmpty()) kept.removeLast();
            } else if (!segment.isEmpty() && !segment.equals(".")) {
                kept.add(segment);
            }
            at = end + 1;
        }
        var text = new StringBuilder(path.length());
        for (var segment : kept) text.append('/').append(segment);
        if (folder || kept.isEmpty()) text.append('/');
        return text.toString();
    }
}

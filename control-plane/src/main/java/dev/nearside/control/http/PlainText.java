package dev.nearside.control.http;

import java.util.Optional;

/// What a short text from outside may hold: words for people, which every database can store and every terminal show.
public final class PlainText {
    /// Longest comment that is kept.
    public static final int LONGEST_COMMENT = 1000;

    private PlainText() {}

    /// One line of what somebody said who may say anything: what no terminal should get and no database takes stands
    /// as `?` in it.
    public static String lineOf(String said, int longest) {
        var line = new StringBuilder();
        cut(said, longest).codePoints().forEach(c -> line.appendCodePoint(isPlain(c) ? c : '?'));
        return said.length() > longest ? line.append('…').toString() : line.toString();
    }

    private static boolean isPlain(int c) {
        return !Character.isISOControl(c) && !isHalf(c);
    }

    /// No more of a text than there is room for, and no half of a character.
    public static String cut(String text, int longest) {
        if (text.length() <= longest) return text;
        return text.substring(0, Character.isHighSurrogate(text.charAt(longest - 1)) ? longest - 1 : longest);
    }

    /// What is wrong with a text of one line; empty if nothing is.
    public static Optional<String> problemOfLine(String text, int longest) {
        return problem(text, longest, "");
    }

    /// What is wrong with the reason of a change, which may have several lines; empty if nothing is.
    public static Optional<String> problemOfComment(String text) {
        return problem(text, LONGEST_COMMENT, "\n\r\t");
    }

    private static boolean isHalf(int c) {
        return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
    }

    private static Optional<String> problem(String text, int longest, String allowed) {
        if (text.length() > longest) {
            return Optional.of("%d characters (expected: at most %d)".formatted(text.length(), longest));
        }
        if (text.chars().anyMatch(c -> Character.isISOControl(c) && allowed.indexOf(c) < 0)) {
            return Optional.of("a control character (expected: none)");
        }
        // PostgreSQL takes no half of a pair: it is not a character.
        return text.codePoints().anyMatch(PlainText::isHalf)
                ? Optional.of("half a character (expected: whole ones)")
                : Optional.empty();
    }
}

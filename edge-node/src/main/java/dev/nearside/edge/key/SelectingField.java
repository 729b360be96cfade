package dev.nearside.edge.key;

import java.util.Locale;

/// A request field that `Vary` names, brought into one form of those that mean the same (RFC 9111, section 4.1).
final class SelectingField {

    private SelectingField() {}

    /// Without the blanks around commas, which mean nothing in a list; languages in lower case. The order stays: many
    /// origins take the first of equal languages for the preferred one.
    static String normalised(String lowerCaseName, String value) {
        var text = new StringBuilder(value.length());
        boolean quoted = false;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' && !(quoted && i > 0 && value.charAt(i - 1) == '\\')) quoted = !quoted;
            if (!quoted && c == ',') {
                trimEnd(text);
                text.append(c);
                while (i + 1 < value.length() && isBlank(value.charAt(i + 1))) i++;
            } else if (!text.isEmpty() || !isBlank(c)) {
                text.append(c);
            }
        }
        trimEnd(text);
        return lowerCaseName.equals("accept-language") ? text.toString().toLowerCase(Locale.ROOT) : text.toString();
    }

    private static void trimEnd(StringBuilder text) {
        int end = text.length();
        while (end > 0 && isBlank(text.charAt(end - 1))) end--;
        text.setLength(end);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}

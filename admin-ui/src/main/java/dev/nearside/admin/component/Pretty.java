package dev.nearside.admin.component;

import dev.nearside.model.wire.Json;

/// JSON laid out for reading.
public final class Pretty {

    private Pretty() {}

    public static String json(Record document) {
        return laidOut(Json.write(document));
    }

    /// One property or element a line; short arrays of plain values stay on one line.
    static String laidOut(String json) {
        var out = new StringBuilder();
        var depth = 0;
        var inString = false;
        for (var i = 0; i < json.length(); i++) {
            var c = json.charAt(i);
            if (inString) {
                out.append(c);
                if (c == '\\') out.append(json.charAt(++i));
                else if (c == '"') inString = false;
                continue;
            }
            switch (c) {
                case '"' -> {
                    inString = true;
                    out.append(c);
                }
                case '{', '[' -> {
                    var end = plainEnd(json, i);
                    if (end > 0) {
                        out.append(json.substring(i, end + 1).replace("\",\"", "\", \""));
                        i = end;
                    } else {
                        out.append(c);
                        newLine(out, ++depth);
                    }
                }
                case '}', ']' -> {
                    newLine(out, --depth);
                    out.append(c);
                }
                case ',' -> {
                    out.append(c);
                    newLine(out, depth);
                }
                case ':' -> out.append(": ");
                default -> out.append(c);
            }
        }
        return out.toString();
    }

    /// Where this bracket closes, if nothing nested and nothing long is inside; otherwise -1.
    private static int plainEnd(String json, int start) {
        var close = json.charAt(start) == '{' ? '}' : ']';
        if (json.charAt(start + 1) == close) return start + 1;
        if (close == '}') return -1;
        var inString = false;
        for (var i = start + 1; i < json.length() && i - start < 90; i++) {
            var c = json.charAt(i);
            if (inString) {
                if (c == '\\') i++;
                else if (c == '"') inString = false;
            } else if (c == '"') {
                inString = true;
            } else if (c == '{' || c == '[') {
                return -1;
            } else if (c == close) {
                return i;
            }
        }
        return -1;
    }

    private static void newLine(StringBuilder out, int depth) {
        out.append('\n').repeat("  ", depth);
    }
}

package dev.nearside.edge.key;

import dev.nearside.edge.http.ViewerRequest;
import java.util.Optional;

/// A viewer's `Accept-Encoding`, boiled down to the codings a cache policy tells apart (CF§2.5).
///
/// @param keyed `br,gzip`, `br` or `gzip`; empty if the viewer takes none of those told apart
/// @param sent what the origin gets: the same, or `identity`; empty if the viewer said nothing or nothing is told apart
public record AcceptedCodings(Optional<String> keyed, Optional<String> sent) {

    private static final AcceptedCodings SILENT = new AcceptedCodings(Optional.empty(), Optional.empty());
    private static final AcceptedCodings IDENTITY = new AcceptedCodings(Optional.empty(), Optional.of("identity"));
    private static final AcceptedCodings GZIP = both("gzip");
    private static final AcceptedCodings BROTLI = both("br");
    private static final AcceptedCodings BROTLI_GZIP = both("br,gzip");

    static AcceptedCodings of(ViewerRequest request, boolean gzip, boolean brotli) {
        if ((!gzip && !brotli) || request.httpVersion().equals("1.0")) return SILENT;
        boolean said = false;
        boolean takesGzip = false;
        boolean takesBrotli = false;
        for (var field : request.headers().fields()) {
            if (!field.is("Accept-Encoding")) continue;
            said = true;
            takesGzip |= accepts(field.value(), "gzip");
            takesBrotli |= accepts(field.value(), "br");
        }
        if (!said) return SILENT;
        if (brotli && takesBrotli) return gzip && takesGzip ? BROTLI_GZIP : BROTLI;
        return gzip && takesGzip ? GZIP : IDENTITY;
    }

    /// Whether the list holds the coding with a weight other than zero.
    private static boolean accepts(String list, String coding) {
        int at = 0;
        while (at < list.length()) {
            int comma = list.indexOf(',', at);
            int end = comma < 0 ? list.length() : comma;
            int semicolon = list.indexOf(';', at);
            int nameEnd = semicolon < 0 || semicolon > end ? end : semicolon;
            if (isWord(list, at, nameEnd, coding)) return !hasZeroWeight(list, nameEnd, end);
            at = end + 1;
        }
        return false;
    }

    private static boolean isWord(String list, int from, int to, String word) {
        int start = from;
        int end = to;
        while (start < end && isBlank(list.charAt(start))) start++;
        while (end > start && isBlank(list.charAt(end - 1))) end--;
        return end - start == word.length() && list.regionMatches(true, start, word, 0, word.length());
    }

    /// Of `;q=0.000` in all its spellings.
    private static boolean hasZeroWeight(String list, int from, int to) {
        int equals = list.indexOf('=', from);
        if (equals < 0 || equals >= to || !isWord(list, from + 1, equals, "q")) return false;
        boolean digits = false;
        for (int i = equals + 1; i < to; i++) {
            char c = list.charAt(i);
            if (c == '0') digits = true;
            else if (c != '.' && !isBlank(c)) return false;
        }
        return digits;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private static AcceptedCodings both(String value) {
        return new AcceptedCodings(Optional.of(value), Optional.of(value));
    }
}

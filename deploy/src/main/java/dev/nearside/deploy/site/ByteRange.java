package dev.nearside.deploy.site;

import java.util.regex.Pattern;

/// Which bytes of a representation one request asks for (RFC 9110, section 14).
sealed interface ByteRange {

    /// All of it: no range asked, or one that this origin may ignore.
    record Whole() implements ByteRange {}

    /// The bytes from `first` to `last`, both included.
    record Part(long first, long last) implements ByteRange {
        long length() {
            return last - first + 1;
        }
    }

    /// A range that starts after the end.
    record Unsatisfiable() implements ByteRange {}

    Pattern SINGLE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

    /// Several ranges at once, other units and malformed ones are ignored, as the RFC allows.
    static ByteRange parse(String asked, long length) {
        var match = SINGLE.matcher(asked);
        if (!match.matches()) return new Whole();
        var from = match.group(1);
        var to = match.group(2);
        if (from.isEmpty()) {
            if (to.isEmpty()) return new Whole();
            var suffix = Long.parseLong(to);
            return suffix == 0 ? new Unsatisfiable() : new Part(Math.max(0, length - suffix), length - 1);
        }
        var first = Long.parseLong(from);
        if (first >= length) return new Unsatisfiable();
        if (to.isEmpty()) return new Part(first, length - 1);
        var last = Long.parseLong(to);
        return last < first ? new Whole() : new Part(first, Math.min(last, length - 1));
    }
}

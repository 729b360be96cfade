package dev.nearside.edge.http;

import java.util.Optional;
import java.util.OptionalLong;

/// One range of bytes that a viewer asked for (RFC 9110, section 14.1.2).
public sealed interface ByteRange {

    /// From one byte to another, both included, or to the end.
    record FromTo(long first, OptionalLong last) implements ByteRange {}

    /// The last so many bytes.
    record Suffix(long length) implements ByteRange {}

    /// What a viewer gets of a body.
    sealed interface Portion {

        record Whole() implements Portion {}

        /// A part of the body.
        ///
        /// @param last the last byte, included
        /// @param total length of the whole body
        record Slice(long first, long last, long total) implements Portion {
            public long length() {
                return last - first + 1;
            }
        }

        record Unsatisfiable(long total) implements Portion {}
    }

    /// What to answer to a GET for a complete body of known length: a condition that no longer fits,
    /// a set of several ranges and nonsense all get the whole.
    static Portion portion(ViewerRequest request, Told told, OptionalLong length) {
        if (!request.is("GET") || length.isEmpty()) return new Portion.Whole();
        var asked = request.headers().first("Range").flatMap(ByteRange::parse);
        if (asked.isEmpty() || !Preconditions.rangeStillFits(request.headers(), told)) return new Portion.Whole();
        return asked.get().of(length.getAsLong());
    }

    /// Empty for anything but one well-formed range of bytes.
    static Optional<ByteRange> parse(String text) {
        var value = text.strip();
        if (!value.regionMatches(true, 0, "bytes=", 0, 6) || value.indexOf(',') >= 0) return Optional.empty();
        int dash = value.indexOf('-', 6);
        if (dash < 0) return Optional.empty();
        var from = value.substring(6, dash).strip();
        var to = value.substring(dash + 1).strip();
        if (from.isEmpty())
            return number(to).stream().mapToObj(ByteRange::suffix).findFirst();
        var first = number(from);
        if (first.isEmpty()) return Optional.empty();
        if (to.isEmpty()) return Optional.of(new FromTo(first.getAsLong(), OptionalLong.empty()));
        var last = number(to);
        if (last.isEmpty() || last.getAsLong() < first.getAsLong()) return Optional.empty();
        return Optional.of(new FromTo(first.getAsLong(), last));
    }

    /// This range of a body that is `total` bytes long.
    default Portion of(long total) {
        return switch (this) {
            case FromTo(var first, var last) ->
                first >= total
                        ? new Portion.Unsatisfiable(total)
                        : new Portion.Slice(first, Math.min(last.orElse(total - 1), total - 1), total);
            case Suffix(var length) ->
                length == 0 || total == 0
                        ? new Portion.Unsatisfiable(total)
                        : new Portion.Slice(Math.max(0, total - length), total - 1, total);
        };
    }

    private static ByteRange suffix(long length) {
        return new Suffix(length);
    }

    private static OptionalLong number(String text) {
        if (text.isEmpty() || text.length() > 18) return OptionalLong.empty();
        long value = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') return OptionalLong.empty();
            value = value * 10 + (c - '0');
        }
        return OptionalLong.of(value);
    }
}

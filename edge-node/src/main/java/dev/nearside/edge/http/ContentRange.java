package dev.nearside.edge.http;

import java.util.Optional;
import java.util.OptionalLong;

/// Which part of a representation an answer carries (RFC 9110, section 14.4).
///
/// @param last the last byte, included
/// @param total length of the whole; empty if the origin did not know it
public record ContentRange(long first, long last, OptionalLong total) {

    public static ContentRange of(long first, long last, long total) {
        return new ContentRange(first, last, OptionalLong.of(total));
    }

    /// Empty unless there is exactly one, and it makes sense.
    public static Optional<ContentRange> of(Headers headers) {
        var lines = headers.all("Content-Range");
        return lines.size() == 1 ? parse(lines.getFirst()) : Optional.empty();
    }

    static Optional<ContentRange> parse(String written) {
        var text = written.strip();
        if (!text.regionMatches(true, 0, "bytes ", 0, 6)) return Optional.empty();
        int dash = text.indexOf('-', 6);
        int slash = text.indexOf('/', 6);
        if (dash < 0 || slash < dash) return Optional.empty();
        var first = ByteRange.number(text.substring(6, dash).strip());
        var last = ByteRange.number(text.substring(dash + 1, slash).strip());
        var size = text.substring(slash + 1).strip();
        var total = size.equals("*") ? OptionalLong.empty() : ByteRange.number(size);
        if (first.isEmpty() || last.isEmpty() || (total.isEmpty() && !size.equals("*"))) return Optional.empty();
        boolean sane = first.getAsLong() <= last.getAsLong()
                && last.getAsLong() < total.orElse(Long.MAX_VALUE)
                && total.orElse(0) < Long.MAX_VALUE;
        return sane ? Optional.of(new ContentRange(first.getAsLong(), last.getAsLong(), total)) : Optional.empty();
    }

    public long length() {
        return last - first + 1;
    }

    /// The range of that very representation, if this one carries all of it.
    public Optional<ContentRange> covering(ByteRange asked) {
        if (total.isEmpty()) {
            return asked instanceof ByteRange.FromTo(var from, var to)
                            && to.isPresent()
                            && from >= first
                            && to.getAsLong() <= last
                    ? Optional.of(new ContentRange(from, to.getAsLong(), total))
                    : Optional.empty();
        }
        return asked.of(total.getAsLong()) instanceof ByteRange.Portion.Slice slice
                        && slice.first() >= first
                        && slice.last() <= last
                ? Optional.of(new ContentRange(slice.first(), slice.last(), total))
                : Optional.empty();
    }

    /// Whether that is all there is.
    public boolean isWhole() {
        return first == 0 && total.isPresent() && last == total.getAsLong() - 1;
    }

    @Override
    public String toString() {
        return "bytes " + first + "-" + last + "/" + (total.isPresent() ? Long.toString(total.getAsLong()) : "*");
    }
}

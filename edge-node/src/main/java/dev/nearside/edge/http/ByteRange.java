package dev.nearside.edge.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// One range of bytes that a viewer asked for (RFC 9110, section 14.1.2).
public sealed interface ByteRange {

    /// More ranges than this in one request are answered with the whole.
    int MOST = 32;

    /// From one byte to another, both included, or to the end.
    record FromTo(long first, OptionalLong last) implements ByteRange {
        public FromTo(long first, long last) {
            this(first, OptionalLong.of(last));
        }
    }

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

        /// Two parts or more: ascending, none of them touching a byte of another.
        record Several(List<Slice> slices) implements Portion {
            public Several {
                slices = List.copyOf(slices);
            }
        }

        record Unsatisfiable(long total) implements Portion {}
    }

    /// What to answer to a GET for a complete body of known length: a condition that no longer fits and nonsense get
    /// the whole, and so do several ranges unless they are ascending, apart and all there (CF§10.1).
    static Portion portion(ViewerRequest request, Told told, OptionalLong length) {
        if (length.isEmpty()) return new Portion.Whole();
        var asked = asked(request);
        if (asked.isEmpty() || !Preconditions.rangeStillFits(request.headers(), told)) return new Portion.Whole();
        return of(asked, length.getAsLong());
    }

    /// What a request asks for; nothing where a range is to be ignored. One more than {@link #MOST} stand for any
    /// number of them.
    static List<ByteRange> asked(ViewerRequest request) {
        if (!request.is("GET")) return List.of();
        var lines = request.headers().all("Range");
        return lines.size() == 1 ? parse(lines.getFirst()) : List.of();
    }

    /// Empty for anything but well-formed ranges of bytes.
    static List<ByteRange> parse(String text) {
        var value = text.strip();
        if (!value.regionMatches(true, 0, "bytes=", 0, 6)) return List.of();
        var ranges = new ArrayList<ByteRange>(1);
        for (int start = 6; start <= value.length() && ranges.size() <= MOST; ) {
            int comma = value.indexOf(',', start);
            int end = comma < 0 ? value.length() : comma;
            var one = value.substring(start, end).strip();
            start = end + 1;
            if (one.isEmpty()) continue; // RFC 9110, section 5.6.1: empty elements of a list are none
            var range = one(one);
            if (range.isEmpty()) return List.of();
            ranges.add(range.get());
        }
        return ranges;
    }

    private static Optional<ByteRange> one(String text) {
        int dash = text.indexOf('-');
        if (dash < 0) return Optional.empty();
        var from = text.substring(0, dash).strip();
        var to = text.substring(dash + 1).strip();
        if (from.isEmpty())
            return number(to).stream().mapToObj(ByteRange::suffix).findFirst();
        var first = number(from);
        if (first.isEmpty()) return Optional.empty();
        if (to.isEmpty()) return Optional.of(new FromTo(first.getAsLong(), OptionalLong.empty()));
        var last = number(to);
        if (last.isEmpty() || last.getAsLong() < first.getAsLong()) return Optional.empty();
        return Optional.of(new FromTo(first.getAsLong(), last));
    }

    private static Portion of(List<ByteRange> ranges, long total) {
        if (ranges.size() == 1) return ranges.getFirst().of(total);
        if (ranges.size() > MOST) return new Portion.Whole();
        var slices = new ArrayList<Portion.Slice>(ranges.size());
        long end = -1;
        for (var range : ranges) {
            if (!(range.of(total) instanceof Portion.Slice slice) || slice.first() <= end) return new Portion.Whole();
            end = slice.last();
            slices.add(slice);
        }
        return new Portion.Several(slices);
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

    /// The bytes that go to a viewer from a 200 of this length, ascending; empty if none do.
    static List<Portion.Slice> portions(ViewerRequest request, Told told, long total) {
        if (!request.is("GET") || total == 0 || Preconditions.notModified(request, told)) return List.of();
        return switch (portion(request, told, OptionalLong.of(total))) {
            case Portion.Whole() -> List.of(new Portion.Slice(0, total - 1, total));
            case Portion.Slice slice -> List.of(slice);
            case Portion.Several(var slices) -> slices;
            case Portion.Unsatisfiable _ -> List.of();
        };
    }

    /// The first of those bytes.
    static OptionalLong firstByte(ViewerRequest request, Told told, long total) {
        var portions = portions(request, told, total);
        return portions.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(portions.getFirst().first());
    }

    /// The byte that will probably be sent first, where nobody knows the length: of several ranges in disorder, and of
    /// a suffix, the first of all.
    static long likelyFirstByte(List<ByteRange> asked) {
        long first = asked.size() <= MOST && asked.getFirst() instanceof FromTo(var from, var _) ? from : 0;
        long end = -1;
        for (var range : asked) {
            if (!(range instanceof FromTo(var from, var to))) break;
            if (from <= end) return 0;
            end = to.orElse(Long.MAX_VALUE);
        }
        return first;
    }

    /// As in a `Range` field.
    default String written() {
        return switch (this) {
            case FromTo(var first, var last) ->
                "bytes=" + first + "-" + (last.isPresent() ? Long.toString(last.getAsLong()) : "");
            case Suffix(var length) -> "bytes=-" + length;
        };
    }

    private static ByteRange suffix(long length) {
        return new Suffix(length);
    }

    /// A number too large to count to is as large as one can count to.
    static OptionalLong number(String text) {
        if (text.isEmpty()) return OptionalLong.empty();
        long value = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') return OptionalLong.empty();
            int digit = c - '0';
            value = value > (Long.MAX_VALUE - digit) / 10 ? Long.MAX_VALUE : value * 10 + digit;
        }
        return OptionalLong.of(value);
    }
}

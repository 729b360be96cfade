package dev.nearside.edge.http;

/// A representation that is stored in aligned slices, each under a key of its own, as far as somebody wanted them.
///
/// All slices have the same size but the last one. They belong together because an origin said of each that it is part
/// of this very representation, by a validator that no two representations share (RFC 9110, section 15.3.7.3).
///
/// @param head as of a 200 with the whole body
/// @param version what the slices have in common
public record Sliced(StoredResponse head, Version version) implements Representation {

    /// Bytes of a slice: what a viewer who wants one byte may cost an origin.
    public static final long SIZE = 1 << 20;

    /// One state of a resource, byte for byte.
    ///
    /// @param total bytes of the whole
    public record Version(StrongValidator validator, long total) {}

    @Override
    public LogPosition position() {
        return head.position();
    }

    @Override
    public Tags tags() {
        return head.tags();
    }

    @Override
    public Sliced under(StoredResponse other) {
        return new Sliced(other, version);
    }

    public long total() {
        return version.total();
    }

    /// The slice that a byte lies in.
    public static long index(long offset) {
        return offset / SIZE;
    }

    /// The slice with this number, of a body whose length may not be known yet.
    public static ByteRange.FromTo slice(long index) {
        return new ByteRange.FromTo(index * SIZE, index * SIZE + SIZE - 1);
    }

    /// The bytes of the slice with this number.
    public ContentRange range(long index) {
        long first = index * SIZE;
        return ContentRange.of(first, Math.min(first + SIZE, total()) - 1, total());
    }
}

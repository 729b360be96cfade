package dev.nearside.edge.store.offheap;

/// How one shard's bytes are cut: into cells of one size, for records and bodies alike.
///
/// One size means that nothing fragments and that no part of the disk waits for objects of another kind: an object
/// takes one cell for its record, with the end of its body in it if there is room, and one for every {@link #CELL}
/// bytes of the body before that.
///
/// @param cells how many; a multiple of {@link #SEGMENTS}
record Geometry(int cells) {

    /// Bytes of content in a cell.
    static final int CELL = 4 * 1024;

    /// Parts of the file with a lock of their own. Few: which key belongs to which is found by trying.
    static final int SEGMENTS = 8;

    static final int KEY = 8;

    static final long SMALLEST = 4L << 20;

    /// One object may take this part of its shard.
    static final int OBJECT_SHARE = 4;

    /// What a cell takes beside its content: its key, its place in the segment's hash table, its bits in the map of
    /// free chunks and among the records, and what the index writes down of an object, twice while one file takes
    /// the place of the other.
    private static final int PER_CELL = KEY + 9 + 2 * IndexFile.PER_OBJECT;

    /// Headers, pages that are only begun, and what a killed process leaves unusable.
    private static final int PER_SHARD = 128 * 1024;

    /// A number of cells that a Chronicle Map can hold in one tier of each segment.
    private static final int MOST_CELLS = 1 << 29;

    /// In bytes: more cannot be cut into cells.
    static final long LARGEST = new Geometry(MOST_CELLS).bytes();

    static Geometry within(long bytes) {
        if (bytes < SMALLEST) {
            throw new IllegalArgumentException(
                    "bytes of a shard: %d (expected: %d or more)".formatted(bytes, SMALLEST));
        }
        long cells = Math.min(MOST_CELLS, (bytes - PER_SHARD) / (CELL + PER_CELL));
        return new Geometry(Math.toIntExact(cells / SEGMENTS * SEGMENTS));
    }

    /// What the files of a shard take at most.
    long bytes() {
        return PER_SHARD + (long) cells * (CELL + PER_CELL);
    }

    /// Cells that so many bytes fill, the last one perhaps in part.
    static long cellsFor(long bytes) {
        return (bytes + CELL - 1) / CELL;
    }

    /// Cells of body that one object may take.
    int objectCells() {
        return cells / OBJECT_SHARE;
    }

    /// In bytes: the largest body that is stored.
    long objectLimit() {
        return (long) objectCells() * CELL;
    }
}

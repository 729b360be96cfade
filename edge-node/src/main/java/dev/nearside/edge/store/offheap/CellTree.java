package dev.nearside.edge.store.offheap;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// Where a long text lies: its cells in order, each with its checksum, so many that the list itself may have to lie in
/// cells, and the list of those again. Only what is not yet written down, or what lies in the record, is in memory.
///
/// One thread adds, any number read what was added before.
final class CellTree {

    /// A place is the number of a cell and the checksum of what lies in it.
    static final int PLACE = 8;

    /// Places in a cell.
    static final int FAN = Geometry.CELL / PLACE;

    private static final int MOST_LEVELS = 5;

    /// Puts a whole cell of places somewhere.
    @FunctionalInterface
    interface Writer {
        long write(byte[] cell) throws IOException;
    }

    /// Brings a cell of places that is what was written.
    @FunctionalInterface
    interface Reader {
        byte[] read(long place) throws IOException;
    }

    // For each level, from the text's own cells up: the places that are not in a cell themselves, and how many before
    // them are.
    private final long[][] pending = new long[MOST_LEVELS][];
    private final int[] sizes = new int[MOST_LEVELS];
    private final long[] written = new long[MOST_LEVELS];
    private int depth;
    private long count;

    CellTree() {
        Arrays.fill(pending, new long[0]);
    }

    /// A tree as it was written down.
    ///
    /// @param count of the text's own cells
    /// @param depth how many lists lie between them and the top
    /// @param top what {@link #top} was
    static CellTree of(long count, int depth, long[] top) throws DamagedException {
        if (count < 0 || depth < 0 || depth >= MOST_LEVELS || top.length != width(count, depth)) {
            throw new DamagedException("%d cells in a list of %d, %d deep".formatted(count, top.length, depth));
        }
        var tree = new CellTree();
        tree.count = count;
        tree.depth = depth;
        for (int level = 0; level < depth; level++) tree.written[level] = width(count, level);
        tree.pending[depth] = top;
        tree.sizes[depth] = top.length;
        return tree;
    }

    /// How many places there are on a level.
    private static long width(long count, int level) {
        long width = count;
        for (int i = 0; i < level; i++) width = (width + FAN - 1) / FAN;
        return width;
    }

    static long place(int cell, int checksum) {
        return (long) cell << 32 | (checksum & 0xffff_ffffL);
    }

    static int cell(long place) {
        return (int) (place >>> 32);
    }

    static int checksum(long place) {
        return (int) place;
    }

    // ---- growing

    /// Adds the next of the text's own cells.
    void add(long place, Writer writer) throws IOException {
        if (isFull(0)) flush(0, writer);
        synchronized (this) {
            append(0, place);
            count++;
        }
    }

    private boolean isFull(int level) {
        return sizes[level] == FAN;
    }

    private void flush(int level, Writer writer) throws IOException {
        if (isFull(level + 1)) flush(level + 1, writer);
        var cell = ByteBuffer.allocate(Geometry.CELL);
        for (int i = 0; i < sizes[level]; i++) cell.putLong(pending[level][i]);
        long place = writer.write(cell.array());
        synchronized (this) {
            append(level + 1, place);
            written[level] += sizes[level];
            sizes[level] = 0;
            depth = Math.max(depth, level + 1);
        }
    }

    private void append(int level, long place) {
        if (sizes[level] == pending[level].length) {
            pending[level] = Arrays.copyOf(pending[level], Math.max(4, Math.min(FAN, 2 * sizes[level])));
        }
        pending[level][sizes[level]++] = place;
    }

    /// Writes lists down until those that remain are few enough. Nothing is added afterwards.
    ///
    /// @param most at least as many as a tree of the next depth needs
    void finish(int most, Writer writer) throws IOException {
        for (int level = 0; level < depth || sizes[depth] > most; level++) {
            if (sizes[level] > 0) flush(level, writer);
        }
    }

    // ---- reading

    synchronized long count() {
        return count;
    }

    synchronized int depth() {
        return depth;
    }

    /// What has to be written down somewhere else when the tree is finished.
    synchronized long[] top() {
        return Arrays.copyOf(pending[depth], sizes[depth]);
    }

    /// Some places of the text's own cells, in order, all within one list.
    long[] places(long from, int number, Reader reader) throws IOException {
        int level = 0;
        long at = from;
        long list;
        synchronized (this) {
            if (from < 0 || from + number > count) throw new DamagedException("no such cells");
            if (from >= written[0]) {
                int first = (int) (from - written[0]);
                return Arrays.copyOfRange(pending[0], first, first + number);
            }
            do {
                level++;
                at /= FAN;
            } while (at < written[level]);
            list = pending[level][(int) (at - written[level])];
        }
        var cell = reader.read(list);
        while (--level > 0) {
            long child = from;
            for (int i = 0; i < level; i++) child /= FAN;
            cell = reader.read(ByteBuffer.wrap(cell).getLong((int) (child % FAN) * PLACE));
        }
        var places = new long[number];
        var in = ByteBuffer.wrap(cell);
        for (int i = 0; i < number; i++) places[i] = in.getLong((int) ((from + i) % FAN) * PLACE);
        return places;
    }

    /// Every cell that a finished tree takes, those of the lists among them.
    void collect(Runs cells, Reader reader) throws IOException {
        for (int i = 0; i < sizes[depth]; i++) collect(pending[depth][i], depth, i, cells, reader);
    }

    private void collect(long place, int level, long number, Runs cells, Reader reader) throws IOException {
        cells.add(cell(place));
        if (level == 0) return;
        var in = ByteBuffer.wrap(reader.read(place));
        long first = number * FAN;
        long end = Math.min(width(count, level - 1), first + FAN);
        for (long child = first; child < end; child++) {
            collect(in.getLong((int) (child - first) * PLACE), level - 1, child, cells, reader);
        }
    }
}

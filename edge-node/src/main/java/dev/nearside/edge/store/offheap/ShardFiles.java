package dev.nearside.edge.store.offheap;

import java.io.IOException;

/// The open files of a shard.
///
/// @param recordMark with which its records begin
record ShardFiles(long recordMark, CellFile cells, RecordBits bits, IndexFile index, DirtyMark mark) {

    /// Something that changes the files.
    @FunctionalInterface
    interface Change {
        void apply() throws IOException;
    }

    /// Changes the files under the mark.
    void writing(Change change) throws IOException {
        mark.begin();
        try {
            change.apply();
        } catch (InternalError e) {
            // This is how the JVM reports a page of a mapped file that the device did not take.
            throw new IOException("the device failed", e);
        } finally {
            mark.end();
        }
    }

    /// A cell of places that is what was written.
    byte[] list(long place) throws IOException {
        return read(place, Geometry.CELL);
    }

    /// The beginning of a cell, if it is what was written.
    byte[] read(long place, int length) throws IOException {
        var bytes = new byte[length];
        if (!cells.read(CellTree.cell(place), bytes, length)) {
            throw new DamagedException("cell " + CellTree.cell(place) + " is missing");
        }
        if (Checksum.of(bytes, 0, length) != CellTree.checksum(place)) {
            throw new DamagedException("cell " + CellTree.cell(place) + " has another checksum");
        }
        return bytes;
    }

    /// The record in a cell, if it is sound.
    ObjectRecord record(int cell) throws IOException {
        var bytes = new byte[Geometry.CELL];
        if (!cells.read(cell, bytes, bytes.length)) throw new DamagedException("record is missing");
        return ObjectRecord.read(recordMark, bytes);
    }

    /// Whether a cell claims to hold a record, sound or not.
    boolean claimsRecord(int cell) throws IOException {
        var bytes = new byte[Long.BYTES];
        return cells.read(cell, bytes, bytes.length) && ObjectRecord.isRecord(recordMark, bytes);
    }

    /// Every cell of an object.
    ///
    /// @param cell of its record
    Runs cellsOf(int cell, ObjectRecord record) throws IOException {
        var all = new Runs();
        all.add(cell);
        record.textCells().collect(all, this::list);
        record.body().collect(all, this::list);
        return all;
    }

    void removeRecord(int cell) throws IOException {
        var none = ObjectRecord.none();
        cells.write(cell, none, none.length);
        bits.clear(cell);
    }

    void force() throws IOException {
        cells.force();
        bits.force();
    }

    void close() throws IOException {
        cells.close();
        bits.close();
    }
}

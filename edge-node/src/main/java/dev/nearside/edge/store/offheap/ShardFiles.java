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

    void force() throws IOException {
        cells.force();
        bits.force();
    }

    void close() throws IOException {
        cells.close();
        bits.close();
    }
}

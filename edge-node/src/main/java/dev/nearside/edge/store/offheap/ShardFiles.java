package dev.nearside.edge.store.offheap;

import io.netty.buffer.ByteBuf;
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

    /// Key and head.
    byte[] text(ObjectRecord record) throws IOException {
        if (record.textCells().count() == 0) return record.text();
        var text = new byte[record.textSize()];
        for (int at = 0; at < text.length; at += Geometry.CELL) {
            long place = record.textCells().places(at / Geometry.CELL, 1, this::list)[0];
            int size = Math.min(Geometry.CELL, text.length - at);
            System.arraycopy(read(place, size), 0, text, at, size);
        }
        return text;
    }

    /// Appends a part of a body to a buffer, which has room for whole cells.
    ///
    /// @param length how many bytes lie in the cells of this tree
    void read(CellTree body, long length, long from, long to, ByteBuf into) throws IOException {
        for (long at = from; at < to; ) {
            long first = at / Geometry.CELL;
            int number = (int) Math.min(Geometry.cellsFor(to) - first, CellTree.FAN - first % CellTree.FAN);
            var places = body.places(first, number, this::list);
            for (long place : places) {
                long start = at / Geometry.CELL * Geometry.CELL;
                int used = (int) Math.min(Geometry.CELL, length - start);
                int end = (int) Math.min(used, to - start);
                readCell(place, used, (int) (at - start), end, into);
                at = start + end;
            }
        }
    }

    private void readCell(long place, int used, int from, int to, ByteBuf into) throws IOException {
        int cell = CellTree.cell(place);
        int at = into.writerIndex();
        if (!cells.read(cell, used, into)) throw new DamagedException("cell " + cell + " is missing");
        if (Checksum.of(into.internalNioBuffer(at, used)) != CellTree.checksum(place)) {
            into.writerIndex(at);
            throw new DamagedException("cell " + cell + " has another checksum");
        }
        if (from > 0) into.setBytes(at, into, at + from, to - from);
        into.writerIndex(at + to - from);
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

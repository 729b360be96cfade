package dev.nearside.edge.store.offheap;

import dev.nearside.edge.key.CacheKey.Digest;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/// What a shard knows of one object, in one cell: who it is, where its head and its body lie, and what of them fits in.
///
/// @param generation grows with each record that the shard writes
/// @param length of the body, in bytes
/// @param keySize and `headSize`: of the text, which is the key, since a digest alone would trust chance, and the head,
///     which is opaque here
/// @param text inside the record; empty if it lies in cells
/// @param textCells where it lies else
/// @param body the cells of the body, all of them full but perhaps the last
/// @param tail what of the body comes after them, inside the record
@SuppressWarnings("ArrayRecordComponent") // bytes as they lie in the file, compared by nobody
record ObjectRecord(
        long generation,
        Digest digest,
        long length,
        int keySize,
        int headSize,
        byte[] text,
        CellTree textCells,
        CellTree body,
        byte[] tail) {

    /// Mark, checksum, size; generation, digest, length; sizes of key and head; depth and width of both trees, and
    /// the size of the tail.
    private static final int FIXED = 8 + 2 * 4 + 8 + 16 + 8 + 2 * 4 + 2 * 2 + 4 + 2;

    private static final int CHECKED_FROM = 12;

    private static final int ROOM = Geometry.CELL - FIXED;

    /// The longest text that lies inside: enough is left to list cells.
    private static final int LONGEST_TEXT = 3_000;

    /// Places of a text that lies in cells, and what is kept free so that a text that grows can go there.
    private static final int TEXT_PLACES = 64;

    /// Places of the body that are listed before its end is let in.
    private static final int BODY_PLACES = 64;

    /// Longer than any key and head that are accepted from anybody.
    private static final int LONGEST = 64 << 20;

    /// Whether a text is kept inside a record.
    static boolean isInside(int textSize) {
        return textSize <= LONGEST_TEXT;
    }

    static int textPlaces() {
        return TEXT_PLACES;
    }

    /// Whether another text lies inside, beside the same body.
    boolean leavesRoomFor(int textSize) {
        return isInside(textSize) && textSize + CellTree.PLACE * body.top().length + tail.length <= ROOM;
    }

    /// The same object under another number.
    ObjectRecord of(long otherGeneration) {
        return new ObjectRecord(otherGeneration, digest, length, keySize, headSize, text, textCells, body, tail);
    }

    /// The same object with another key and head.
    ObjectRecord with(int otherKeySize, int otherHeadSize, byte[] otherText, CellTree otherCells) {
        return new ObjectRecord(
                generation, digest, length, otherKeySize, otherHeadSize, otherText, otherCells, body, tail);
    }

    int textSize() {
        return keySize + headSize;
    }

    private static int roomForBody(int textSize) {
        int reserved = TEXT_PLACES * CellTree.PLACE;
        return ROOM - (isInside(textSize) ? Math.max(textSize, reserved) : reserved);
    }

    /// Whether the end of a body is kept inside the record rather than in a cell of its own.
    ///
    /// @param cells that come before it
    static boolean isInside(int tailSize, long cells, int textSize) {
        return tailSize + CellTree.PLACE * Math.min(cells, BODY_PLACES) <= roomForBody(textSize);
    }

    /// How many places of the body a record can list.
    ///
    /// @param tailSize of the end that is kept inside
    static int bodyPlaces(int tailSize, int textSize) {
        return (roomForBody(textSize) - tailSize) / CellTree.PLACE;
    }

    /// The bytes of the record; no more than a cell.
    ///
    /// @param mark with which every record of a shard begins: a number that nobody who writes a body can know
    byte[] bytes(long mark) {
        var textTop = textCells.top();
        var bodyTop = body.top();
        int size = FIXED + text.length + CellTree.PLACE * (textTop.length + bodyTop.length) + tail.length;
        var out = ByteBuffer.allocate(size);
        out.putLong(mark).putInt(0).putInt(size);
        out.putLong(generation).putLong(digest.high()).putLong(digest.low()).putLong(length);
        out.putInt(keySize).putInt(headSize);
        out.putShort((short) (textCells.depth() << 12 | textTop.length));
        out.putShort((short) (body.depth() << 12 | bodyTop.length));
        out.putInt(tail.length);
        out.putShort((short) text.length);
        out.put(text);
        for (long place : textTop) out.putLong(place);
        for (long place : bodyTop) out.putLong(place);
        out.put(tail);
        return out.putInt(8, Checksum.of(out.array(), CHECKED_FROM, size)).array();
    }

    /// What is written over a record that is removed.
    static byte[] none() {
        return new byte[FIXED];
    }

    /// Whether a cell claims to be a record, sound or not.
    static boolean isRecord(long mark, byte[] cell) {
        return ByteBuffer.wrap(cell).getLong() == mark;
    }

    /// @param cell from its beginning on
    static ObjectRecord read(long mark, byte[] cell) throws DamagedException {
        try {
            var in = ByteBuffer.wrap(cell);
            if (in.getLong() != mark) throw new DamagedException("not a record");
            int checksum = in.getInt();
            int size = in.getInt();
            if (size < FIXED || size > cell.length || Checksum.of(cell, CHECKED_FROM, size) != checksum) {
                throw new DamagedException("record has another checksum");
            }
            return read(in.limit(size));
        } catch (BufferUnderflowException e) {
            throw new DamagedException("record is cut off: " + e);
        }
    }

    private static ObjectRecord read(ByteBuffer in) throws DamagedException {
        long generation = in.getLong();
        var digest = new Digest(in.getLong(), in.getLong());
        long length = in.getLong();
        int keySize = in.getInt();
        int headSize = in.getInt();
        int textShape = in.getShort();
        int bodyShape = in.getShort();
        int tailSize = in.getInt();
        int inside = in.getShort();
        if (length < 0
                || keySize < 0
                || keySize > LONGEST
                || headSize < 0
                || headSize > LONGEST
                || tailSize < 0
                || tailSize > Geometry.CELL
                || tailSize > length
                || (inside != 0 && inside != keySize + headSize)) {
            throw new DamagedException("record contradicts itself");
        }
        var text = new byte[inside];
        in.get(text);
        long cells = inside == keySize + headSize ? 0 : Geometry.cellsFor(keySize + headSize);
        var textCells = CellTree.of(cells, textShape >> 12, places(in, textShape & 0xfff));
        cells = Geometry.cellsFor(length - tailSize);
        if (tailSize > 0 && cells * Geometry.CELL + tailSize != length) {
            throw new DamagedException("length and cells differ");
        }
        var body = CellTree.of(cells, bodyShape >> 12, places(in, bodyShape & 0xfff));
        var tail = new byte[tailSize];
        in.get(tail);
        return new ObjectRecord(generation, digest, length, keySize, headSize, text, textCells, body, tail);
    }

    private static long[] places(ByteBuffer in, int count) {
        var places = new long[count];
        for (int i = 0; i < count; i++) places[i] = in.getLong();
        return places;
    }
}

package dev.nearside.edge.sync;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// Unpacks a gzip stream (RFC 1952) as it arrives: what was sent up to a flush can be read at once.
final class Unpacking {

    private static final int HEAD_LENGTH = 10;
    private static final int DEFLATED = 8;
    private static final int AT_ONCE = 64 * 1024;

    private final Inflater inflater = new Inflater(true);
    private final ByteArrayOutputStream head = new ByteArrayOutputStream(HEAD_LENGTH);
    private final byte[] room = new byte[AT_ONCE];

    /// Hands on what these bytes unpack to, piece by piece.
    ///
    /// @throws IllegalStateException if they are no gzip
    void feed(byte[] bytes, Consumer<byte[]> piece) {
        int from = 0;
        while (head.size() < HEAD_LENGTH && from < bytes.length) head.write(bytes[from++]);
        if (head.size() < HEAD_LENGTH || from == bytes.length) return;
        checkHead(head.toByteArray());
        inflater.setInput(bytes, from, bytes.length - from);
        try {
            int length = inflater.inflate(room);
            while (length > 0) {
                piece.accept(Arrays.copyOf(room, length));
                length = inflater.inflate(room);
            }
        } catch (DataFormatException e) {
            throw new IllegalStateException("no gzip: " + e.getMessage(), e);
        }
    }

    /// The control plane sends a head without any of the optional fields.
    private static void checkHead(byte[] head) {
        if (head[0] != 0x1f || head[1] != (byte) 0x8b || head[2] != DEFLATED || head[3] != 0) {
            throw new IllegalStateException("no gzip, or one with fields that nobody sends here");
        }
    }

    void close() {
        inflater.end();
    }
}

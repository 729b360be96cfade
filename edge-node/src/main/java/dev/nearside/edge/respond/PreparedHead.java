package dev.nearside.edge.respond;

import dev.nearside.edge.decide.Freshness;
import dev.nearside.edge.http.Headers;
import dev.nearside.edge.http.HttpDate;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The head of a fresh hit over HTTP/1.1, encoded once and written again and again. What the time and the request make
/// of it is filled in: `Age`, a `Date` of ours, the `ttl` in `Cache-Status` and the request's id.
///
/// It is made of a head that {@link ViewerHead} has made, so that one place says what a head holds.
public final class PreparedHead {

    private static final String TTL = "; ttl=";

    /// In bytes: the most that is filled into one blank.
    private static final int LARGEST_BLANK = 32;

    /// What is filled in behind a piece of text.
    enum Blank {
        AGE,
        DATE,
        TIME_LEFT,
        ID,
        NOTHING
    }

    private static final class Piece {
        private final byte[] text;
        private final Blank then;

        Piece(byte[] text, Blank then) {
            this.text = text;
            this.then = then;
        }
    }

    private final Piece[] pieces;
    private final int size;

    private PreparedHead(List<Piece> pieces) {
        this.pieces = pieces.toArray(Piece[]::new);
        this.size = pieces.stream().mapToInt(piece -> piece.text.length).sum() + pieces.size() * LARGEST_BLANK;
    }

    /// The date of the present second, encoded. For one thread.
    public static final class Today {
        private long second = Long.MIN_VALUE;
        private byte[] text = {};

        byte[] at(Instant now) {
            if (now.getEpochSecond() != second) {
                text = HttpDate.format(now).getBytes(StandardCharsets.ISO_8859_1);
                second = now.getEpochSecond();
            }
            return text;
        }
    }

    /// Where in a head the blanks are.
    ///
    /// @param left where in the value of `Cache-Status` the time left begins
    record Blanks(int age, int state, int left, int id) {

        /// Empty if the fields are not those of a fresh hit.
        static Optional<Blanks> of(Headers headers) {
            int age = last("Age", headers);
            int state = last("Cache-Status", headers);
            int id = last("X-Nearside-Id", headers);
            // A head is signed after its age was told, so a date behind the age is ours.
            if (age < 0 || state < age || id < state) return Optional.empty();
            var said = headers.fields().get(state).value();
            int left = said.lastIndexOf(TTL) + TTL.length();
            if (left < TTL.length() || !isNumber(said, left)) return Optional.empty();
            return Optional.of(new Blanks(age, state, left, id));
        }

        Blank at(int i, Headers.Field field) {
            if (i == age) return Blank.AGE;
            if (i > age && field.is("Date")) return Blank.DATE;
            if (i == state) return Blank.TIME_LEFT;
            return i == id ? Blank.ID : Blank.NOTHING;
        }

        /// What a value begins with, before its blank.
        String constant(int i, Headers.Field field) {
            return switch (at(i, field)) {
                case AGE, DATE, ID -> "";
                case TIME_LEFT -> field.value().substring(0, left);
                case NOTHING -> field.value();
            };
        }

        private static int last(String name, Headers headers) {
            for (int i = headers.fields().size() - 1; i >= 0; i--) {
                if (headers.fields().get(i).is(name)) return i;
            }
            return -1;
        }

        private static boolean isNumber(String text, int from) {
            for (int i = from; i < text.length(); i++) {
                if (text.charAt(i) < '0' || text.charAt(i) > '9') return false;
            }
            return from < text.length();
        }
    }

    /// Empty if the fields are not those of a fresh hit.
    public static Optional<PreparedHead> of(int status, Headers headers) {
        var blanks = Blanks.of(headers);
        if (blanks.isEmpty()) return Optional.empty();
        var fields = headers.fields();
        var pieces = new ArrayList<Piece>(5);
        var text = new StringBuilder("HTTP/1.1 ").append(HttpResponseStatus.valueOf(status));
        for (int i = 0; i < fields.size(); i++) {
            var field = fields.get(i);
            text.append("\r\n").append(field.name()).append(": ");
            text.append(blanks.get().constant(i, field));
            var blank = blanks.get().at(i, field);
            if (blank != Blank.NOTHING) blank(pieces, text, blank);
        }
        blank(pieces, text.append("\r\n\r\n"), Blank.NOTHING);
        return Optional.of(new PreparedHead(pieces));
    }

    private static void blank(List<Piece> pieces, StringBuilder before, Blank then) {
        pieces.add(new Piece(before.toString().getBytes(StandardCharsets.ISO_8859_1), then));
        before.setLength(0);
    }

    /// Writes a head that is written once.
    public static void write(ByteBuf out, int status, Headers headers) {
        out.writeCharSequence("HTTP/1.1 ", StandardCharsets.US_ASCII);
        out.writeCharSequence(HttpResponseStatus.valueOf(status).toString(), StandardCharsets.US_ASCII);
        for (var field : headers.fields()) {
            out.writeShort('\r' << 8 | '\n');
            // Characters up to 255 are written as the bytes that they were read from.
            out.writeCharSequence(field.name(), StandardCharsets.US_ASCII);
            out.writeShort(':' << 8 | ' ');
            out.writeCharSequence(field.value(), StandardCharsets.US_ASCII);
        }
        out.writeInt('\r' << 24 | '\n' << 16 | '\r' << 8 | '\n');
    }

    /// In bytes: no head is longer.
    public int size() {
        return size;
    }

    /// Writes the head of one answer.
    ///
    /// @param id of the request
    public void write(ByteBuf out, Freshness freshness, Instant now, Today today, String id) {
        for (var piece : pieces) {
            out.writeBytes(piece.text);
            switch (piece.then) {
                case AGE -> number(out, freshness.age().toSeconds());
                case DATE -> out.writeBytes(today.at(now));
                case TIME_LEFT -> number(out, CacheStatus.left(freshness));
                case ID -> out.writeCharSequence(id, StandardCharsets.US_ASCII);
                case NOTHING -> {}
            }
        }
    }

    /// @param number zero or more
    private static void number(ByteBuf out, long number) {
        int digits = 1;
        for (long rest = number; rest >= 10; rest /= 10) digits++;
        int end = out.writerIndex() + digits;
        out.ensureWritable(digits);
        long rest = number;
        for (int at = end - 1; at >= end - digits; at--, rest /= 10) out.setByte(at, '0' + (int) (rest % 10));
        out.writerIndex(end);
    }
}

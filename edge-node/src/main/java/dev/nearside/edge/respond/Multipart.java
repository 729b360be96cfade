package dev.nearside.edge.respond;

import dev.nearside.edge.http.ByteRange.Portion.Slice;
import dev.nearside.edge.http.ContentRange;
import dev.nearside.edge.store.Body;
import dev.nearside.edge.store.BodyReader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Several parts of one body in one answer (RFC 9110, section 14.6).
///
/// @param type of the body, repeated for each part
/// @param boundary nothing that the body can be expected to hold
record Multipart(List<Slice> slices, Optional<String> type, String boundary) {

    String contentType() {
        return "multipart/byteranges; boundary=" + boundary;
    }

    /// Bytes in all.
    long length() {
        long sum = end().length();
        for (int i = 0; i < slices.size(); i++) {
            sum += slices.get(i).length() + start(i).length();
        }
        return sum;
    }

    /// What goes before a part; ASCII, but for a type that is none.
    private String start(int part) {
        var slice = slices.get(part);
        return (part == 0 ? "--" : "\r\n--")
                + boundary
                + type.map(text -> "\r\nContent-Type: " + text).orElse("")
                + "\r\nContent-Range: "
                + ContentRange.of(slice.first(), slice.last(), slice.total())
                + "\r\n\r\n";
    }

    private String end() {
        return "\r\n--" + boundary + "--\r\n";
    }

    /// Reads part after part, each when the one before has been taken.
    BodyReader reader(Body body) {
        return new Reader(body);
    }

    private final class Reader implements BodyReader {

        private final Body body;
        private @Nullable BodyReader part;
        private int number = -1;
        private long left;
        private boolean ended;

        Reader(Body body) {
            this.body = body;
        }

        @Override
        public Future<ByteBuf> next() {
            if (left > 0 && part != null) return part.next().map(this::within);
            if (ended) return Future.succeededFuture(Unpooled.EMPTY_BUFFER);
            close();
            number++;
            ended = number == slices.size();
            if (ended) return Future.succeededFuture(bytes(end()));
            var slice = slices.get(number);
            part = body.reader(slice.first());
            left = slice.length();
            return Future.succeededFuture(bytes(start(number)));
        }

        private ByteBuf within(ByteBuf bytes) {
            if (!bytes.isReadable()) {
                bytes.release();
                throw new IllegalStateException("a body ended before the part that was promised of it");
            }
            if (bytes.readableBytes() > left) bytes.writerIndex(bytes.readerIndex() + (int) left);
            left -= bytes.readableBytes();
            return bytes;
        }

        private static ByteBuf bytes(String text) {
            return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
        }

        @Override
        public void close() {
            if (part != null) part.close();
            part = null;
        }
    }
}

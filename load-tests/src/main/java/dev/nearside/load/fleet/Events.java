package dev.nearside.load.fleet;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// Reads the events of a feed out of a chunked, gzipped HTTP/1.1 answer; as little work as can be, since a thousand of
/// them share two processors with what they measure.
final class Events {

    private static final int GZIP_HEAD = 10;

    private final InputStream in;
    private final Inflater inflater = new Inflater(true);
    private final byte[] packed = new byte[8192];
    private final byte[] room = new byte[16_384];
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(512);
    private int position;
    private int limit;
    private int leftOfChunk;
    private boolean hasBegun;
    private long packedBytes;

    /// @param name empty for a heartbeat
    record Event(String name, String id, int dataLength) {}

    Events(InputStream in) {
        this.in = in;
    }

    /// What came over the network so far.
    long packedBytes() {
        return packedBytes;
    }

    /// The next event that is not a heartbeat.
    Event next() throws IOException {
        var name = "";
        var id = "";
        int length = 0;
        while (true) {
            var text = nextLine();
            if (text.isEmpty()) {
                if (!name.isEmpty()) return new Event(name, id, length);
            } else if (text.startsWith("event: ")) {
                name = text.substring(7);
            } else if (text.startsWith("id: ")) {
                id = text.substring(4);
            } else if (text.startsWith("data: ")) {
                length = text.length() - 6;
            }
        }
    }

    private String nextLine() throws IOException {
        line.reset();
        while (true) {
            while (position < limit) {
                byte b = room[position++];
                if (b == '\n') return line.toString(StandardCharsets.UTF_8);
                line.write(b);
            }
            unpackMore();
        }
    }

    private void unpackMore() throws IOException {
        try {
            position = 0;
            limit = inflater.inflate(room);
            while (limit == 0) {
                if (!inflater.needsInput()) throw new EOFException("the feed has ended");
                readMore();
                limit = inflater.inflate(room);
            }
        } catch (DataFormatException e) {
            throw new IOException("no gzip", e);
        }
    }

    private void readMore() throws IOException {
        if (leftOfChunk == 0) leftOfChunk = nextChunk();
        if (!hasBegun) {
            in.skipNBytes(GZIP_HEAD);
            hasBegun = true;
            endOfPart(GZIP_HEAD);
            return;
        }
        int count = in.read(packed, 0, Math.min(packed.length, leftOfChunk));
        if (count < 0) throw new EOFException("the feed has ended");
        inflater.setInput(packed, 0, count);
        packedBytes += count;
        endOfPart(count);
    }

    private void endOfPart(int count) throws IOException {
        leftOfChunk -= count;
        if (leftOfChunk == 0) in.skipNBytes(2);
    }

    private int nextChunk() throws IOException {
        int size = Integer.parseInt(Http.line(in).strip(), 16);
        if (size == 0) throw new EOFException("the feed has ended");
        return size;
    }
}

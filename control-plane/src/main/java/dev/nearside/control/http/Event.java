package dev.nearside.control.http;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/// One event for any number of streams: its bytes are made once and shared by all of them, compressed ones too.
///
/// Compressed, it is a run of deflate blocks (RFC 1951) that leans on nothing before it and ends on a byte, so that
/// it may stand anywhere in a stream.
public final class Event {
    private static final int HARDLY_WORTH_COMPRESSING = 512;

    private final byte[] plain;
    private byte @Nullable [] deflated;

    /// @param data without a line break
    public Event(String name, String data) {
        this.plain = ("event: " + name + "\ndata: " + data + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /// The event's lines but for its id and the empty line that ends it. Not to be changed.
    byte[] plain() {
        return plain;
    }

    /// The same as deflate blocks. Not to be changed.
    synchronized byte[] deflated() {
        var known = deflated;
        if (known != null) return known;
        var fresh = plain.length < HARDLY_WORTH_COMPRESSING ? stored(plain) : compressed(plain);
        deflated = fresh;
        return fresh;
    }

    private static byte[] compressed(byte[] bytes) {
        var deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        try {
            deflater.setInput(bytes);
            var out = new byte[bytes.length / 4 + 1024];
            int length = 0;
            while (true) {
                int more = deflater.deflate(out, length, out.length - length, Deflater.SYNC_FLUSH);
                length += more;
                // Room that is left over says that everything was flushed.
                if (length < out.length) return Arrays.copyOf(out, length);
                out = Arrays.copyOf(out, out.length * 2);
            }
        } finally {
            deflater.end();
        }
    }

    /// A block that is not compressed, for what is short.
    static byte[] stored(byte[] bytes) {
        int length = bytes.length;
        if (length > 0xffff) throw new IllegalArgumentException("a stored block holds 64 KiB");
        var block = new byte[length + 5];
        block[1] = (byte) length;
        block[2] = (byte) (length >>> 8);
        block[3] = (byte) ~length;
        block[4] = (byte) (~length >>> 8);
        System.arraycopy(bytes, 0, block, 5, length);
        return block;
    }
}

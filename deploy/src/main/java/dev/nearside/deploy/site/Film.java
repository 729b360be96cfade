package dev.nearside.deploy.site;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Twenty million bytes that look like a compressed film and are never stored: each byte follows from its place.
final class Film {

    static final long LENGTH = 20_000_000;
    static final Validators VALIDATORS = new Validators("\"film-1\"", Asset.Shelf.RELEASED);

    private static final int CHUNK = 64 * 1024;

    private Film() {}

    /// Writes the bytes from `first`, `length` of them.
    static void write(long first, long length, OutputStream out) throws IOException {
        var words = ByteBuffer.allocate(CHUNK + 16).order(ByteOrder.LITTLE_ENDIAN);
        for (long at = first, left = length; left > 0; ) {
            var count = (int) Math.min(left, CHUNK);
            var skip = (int) (at % 8);
            words.clear();
            for (var word = at / 8; words.position() < skip + count; word++) {
                words.putLong(mix(word));
            }
            out.write(words.array(), skip, count);
            at += count;
            left -= count;
        }
    }

    /// SplitMix64's finaliser: cheap, and nothing compresses it.
    private static long mix(long word) {
        var z = (word + 1) * 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}

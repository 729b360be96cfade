package dev.nearside.load.proof;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Bytes that follow from a path, a version and a place, so that any part of an answer can be checked by itself.
record Content(long seed) {

    private static final long GOLDEN = 0x9e37_79b9_7f4a_7c15L;
    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    static Content of(String path, long version) {
        long seed = version * GOLDEN;
        for (int i = 0; i < path.length(); i++) seed = mix(seed ^ path.charAt(i));
        return new Content(seed);
    }

    private static long mix(long state) {
        long half = (state ^ state >>> 30) * 0xbf58_476d_1ce4_e5b9L;
        return half ^ half >>> 27;
    }

    private long word(long index) {
        return mix(seed + index * GOLDEN);
    }

    private byte at(long place) {
        return (byte) (word(place / Long.BYTES) >>> (int) (place % Long.BYTES) * Byte.SIZE);
    }

    void write(long offset, byte[] into, int length) {
        int done = 0;
        while (done < length && (offset + done) % Long.BYTES != 0) into[done] = at(offset + done++);
        for (; done + Long.BYTES <= length; done += Long.BYTES) {
            WORD.set(into, done, word((offset + done) / Long.BYTES));
        }
        while (done < length) into[done] = at(offset + done++);
    }

    boolean matches(long offset, byte[] bytes, int length) {
        int done = 0;
        for (; done < length && (offset + done) % Long.BYTES != 0; done++) {
            if (bytes[done] != at(offset + done)) return false;
        }
        for (; done + Long.BYTES <= length; done += Long.BYTES) {
            if ((long) WORD.get(bytes, done) != word((offset + done) / Long.BYTES)) return false;
        }
        for (; done < length; done++) {
            if (bytes[done] != at(offset + done)) return false;
        }
        return true;
    }
}

package dev.nearside.control.certificate;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/// As much of DER (X.690) as it takes to put an older form of key into PKCS#8 (RFC 5958).
final class Der {
    private static final int SEQUENCE = 0x30;
    private static final int OCTETS = 0x04;
    private static final byte[] VERSION_0 = {0x02, 0x01, 0x00};

    private Der() {}

    /// @param certified the public key as a certificate holds it (RFC 5280, section 4.1.2.7): its algorithm comes first
    /// @param key in the form of that algorithm
    static byte[] pkcs8(byte[] certified, byte[] key) {
        var content = new ByteArrayOutputStream();
        content.writeBytes(VERSION_0);
        content.writeBytes(first(certified));
        content.writeBytes(value(OCTETS, key));
        return value(SEQUENCE, content.toByteArray());
    }

    /// The first element of a sequence, with its own head; the sequence was read before, so its lengths are right.
    private static byte[] first(byte[] sequence) {
        int start = start(sequence, 0);
        return Arrays.copyOfRange(sequence, start, start(sequence, start) + length(sequence, start));
    }

    /// Where the content of the element at a place begins.
    private static int start(byte[] bytes, int at) {
        int first = bytes[at + 1] & 0xFF;
        return first < 0x80 ? at + 2 : at + 2 + (first & 0x7F);
    }

    private static int length(byte[] bytes, int at) {
        int first = bytes[at + 1] & 0xFF;
        if (first < 0x80) return first;
        int length = 0;
        for (int i = 0; i < (first & 0x7F); i++) length = length << 8 | bytes[at + 2 + i] & 0xFF;
        return length;
    }

    private static byte[] value(int tag, byte[] content) {
        var out = new ByteArrayOutputStream();
        out.write(tag);
        if (content.length < 0x80) {
            out.write(content.length);
        } else {
            int bytes = content.length < 0x100 ? 1 : content.length < 0x10000 ? 2 : 3;
            out.write(0x80 | bytes);
            for (int i = bytes - 1; i >= 0; i--) out.write(content.length >> 8 * i);
        }
        out.writeBytes(content);
        return out.toByteArray();
    }
}

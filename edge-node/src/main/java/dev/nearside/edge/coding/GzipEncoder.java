package dev.nearside.edge.coding;

import io.netty.buffer.ByteBuf;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/// RFC 1952.
final class GzipEncoder implements Encoder {

    /// Measured on source text beside its neighbours: 44 MB/s to 21.9 % of the size; 5 is faster at 22.4 %, 9 takes
    /// three times as long for 21.7 %.
    private static final int LEVEL = 6;

    private static final int ROOM = 8 * 1024;

    /// Deflated, without name and time, on an unknown system.
    private static final byte[] HEAD = {31, (byte) 139, 8, 0, 0, 0, 0, 0, 0, (byte) 255};

    private final Deflater deflater = new Deflater(LEVEL, true);
    private final CRC32 sum = new CRC32();
    private long length;
    private boolean begun;

    @Override
    public void encode(ByteBuf in, ByteBuf out) {
        var bytes = in.nioBuffer();
        sum.update(bytes.duplicate());
        length += bytes.remaining();
        deflater.setInput(bytes);
        while (!deflater.needsInput()) deflate(Deflater.NO_FLUSH, out);
    }

    @Override
    public void flush(ByteBuf out) {
        while (deflate(Deflater.SYNC_FLUSH, out) == ROOM) {
            // there may be more
        }
    }

    @Override
    public void finish(ByteBuf out) {
        deflater.finish();
        while (!deflater.finished()) deflate(Deflater.NO_FLUSH, out);
        out.writeIntLE((int) sum.getValue());
        out.writeIntLE((int) length);
    }

    private int deflate(int mode, ByteBuf out) {
        int start = out.writerIndex();
        if (!begun) out.writeBytes(HEAD);
        out.ensureWritable(ROOM);
        int written = deflater.deflate(out.nioBuffer(out.writerIndex(), ROOM), mode);
        // A head alone is not worth a write.
        out.writerIndex(written == 0 ? start : out.writerIndex() + written);
        begun |= written > 0;
        return written;
    }

    @Override
    public void close() {
        deflater.end();
    }
}

package dev.nearside.edge.coding;

import com.aayushatharva.brotli4j.encoder.Encoder.Mode;
import com.aayushatharva.brotli4j.encoder.EncoderJNI.Operation;
import com.aayushatharva.brotli4j.encoder.EncoderJNI.Wrapper;
import io.netty.buffer.ByteBuf;
import java.io.IOException;

/// RFC 7932, through Google's own library.
final class BrotliEncoder implements Encoder {

    /// Measured on source text beside its neighbours: 71 MB/s to 20.2 % of the size; 4 has 116 MB/s and 22.2 %, 6 has
    /// 62 MB/s and 19.7 %.
    private static final int QUALITY = 5;

    /// The window is as large as the body, within these bounds: 512 KiB make about 1 MiB of native memory.
    private static final int SMALLEST_WINDOW_BITS = 16;

    private static final int LARGEST_WINDOW_BITS = 19;

    private final Wrapper wrapper;

    /// @param length of the whole body, in bytes
    BrotliEncoder(long length) throws IOException {
        int needed = 64 - Long.numberOfLeadingZeros(Math.max(1, length - 1));
        int bits = Math.clamp(needed, SMALLEST_WINDOW_BITS, LARGEST_WINDOW_BITS);
        wrapper = new Wrapper(EncodedBody.SLICE, QUALITY, bits, Mode.GENERIC);
    }

    @Override
    public void encode(ByteBuf in, ByteBuf out) throws IOException {
        while (in.isReadable()) {
            var input = wrapper.getInputBuffer();
            int size = Math.min(in.readableBytes(), input.capacity());
            input.clear().limit(size);
            in.readBytes(input);
            push(Operation.PROCESS, size, out);
            while (wrapper.hasRemainingInput()) push(Operation.PROCESS, 0, out);
        }
    }

    @Override
    public void flush(ByteBuf out) throws IOException {
        push(Operation.FLUSH, 0, out);
    }

    @Override
    public void finish(ByteBuf out) throws IOException {
        while (!wrapper.isFinished()) push(Operation.FINISH, 0, out);
    }

    private void push(Operation operation, int size, ByteBuf out) throws IOException {
        wrapper.push(operation, size);
        if (!wrapper.isSuccess()) throw new IOException("the Brotli encoder failed");
        while (wrapper.hasMoreOutput()) {
            out.writeBytes(wrapper.pull());
            if (!wrapper.isSuccess()) throw new IOException("the Brotli encoder failed");
        }
    }

    @Override
    public void close() {
        wrapper.destroy();
    }
}

package dev.nearside.edge.coding;

import io.netty.buffer.ByteBuf;
import java.io.IOException;

/// Turns one body into its coded form, piece by piece. For one thread at a time; closed exactly once.
sealed interface Encoder extends AutoCloseable permits BrotliEncoder, GzipEncoder {

    /// Takes all of these bytes in, and appends to `out` what is ready.
    void encode(ByteBuf in, ByteBuf out) throws IOException;

    /// Appends all that was taken in so far, at some cost in size.
    void flush(ByteBuf out) throws IOException;

    /// Appends what is left.
    void finish(ByteBuf out) throws IOException;

    @Override
    void close();
}

package dev.nearside.edge.store;

import dev.nearside.edge.http.Stored;
import dev.nearside.edge.store.offheap.DiskObject;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;

/// An entry too large for memory, read from disk run by run. Takes over one hold on its object.
final class DiskEntry implements Entry, Body {

    private final Stored head;
    private final DiskObject object;
    private final BlockingPool pool;
    private final ByteBufAllocator buffers;

    DiskEntry(Stored head, DiskObject object, BlockingPool pool, ByteBufAllocator buffers) {
        this.head = head;
        this.object = object;
        this.pool = pool;
        this.buffers = buffers;
    }

    @Override
    public Stored head() {
        return head;
    }

    @Override
    public Body body() {
        return this;
    }

    @Override
    public OptionalLong length() {
        return OptionalLong.of(object.length());
    }

    @Override
    public Optional<ByteBuf> inMemory() {
        return Optional.empty();
    }

    @Override
    public BodyReader reader(long offset) {
        object.hold();
        return new Reader(offset);
    }

    @Override
    public void close() {
        object.close();
    }

    private final class Reader implements BodyReader {

        private long position;
        private boolean isReading;
        private boolean isClosed;

        Reader(long position) {
            this.position = position;
        }

        @Override
        public synchronized Future<ByteBuf> next() {
            if (isClosed) return Future.failedFuture(new IllegalStateException("the reader is closed"));
            if (position >= object.length()) return Future.succeededFuture(Unpooled.EMPTY_BUFFER);
            isReading = true;
            long from = position;
            return pool.call(() -> read(from));
        }

        // Whoever sees the bytes sees the reader behind them.
        private ByteBuf read(long from) throws IOException {
            int length = 0;
            try {
                var bytes = object.read(from, buffers);
                length = bytes.readableBytes();
                return bytes;
            } finally {
                advance(length);
            }
        }

        private synchronized void advance(int bytes) {
            position += bytes;
            isReading = false;
            if (isClosed) object.close();
        }

        // A read that is under way needs the blocks to its end.
        @Override
        public synchronized void close() {
            if (isClosed) return;
            isClosed = true;
            if (!isReading) object.close();
        }
    }
}

package dev.nearside.edge.store;

import dev.nearside.edge.http.Stored;
import dev.nearside.edge.store.offheap.DiskObject;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// An entry too large for memory, read from disk run by run. Takes over one hold on its object.
final class DiskEntry implements Entry, Body {

    private final Stored head;
    private final DiskObject object;
    private final Tiers tiers;

    /// At the beginning of the answer, until the answer takes it over.
    private @Nullable Reader begun;

    DiskEntry(Stored head, DiskObject object, Tiers tiers) {
        this.head = head;
        this.object = object;
        this.tiers = tiers;
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
    public Future<Void> begin(Supplier<OptionalLong> from) {
        var first = from.get();
        if (first.isEmpty()) return Future.succeededFuture();
        object.hold();
        var reader = new Reader(first.getAsLong());
        begun = reader;
        return reader.readAhead();
    }

    @Override
    public BodyReader reader(long offset) {
        var reader = begun;
        if (reader != null && reader.from == offset) {
            begun = null;
            return reader;
        }
        object.hold();
        return new Reader(offset);
    }

    @Override
    public void close() {
        var reader = begun;
        begun = null;
        if (reader != null) reader.close();
        object.close();
    }

    private final class Reader implements BodyReader {

        private final long from;
        private long position;
        private boolean isReading;
        private boolean isClosed;

        /// Read, and not handed out yet.
        private @Nullable ByteBuf ahead;

        Reader(long from) {
            this.from = from;
            this.position = from;
        }

        Future<Void> readAhead() {
            return next().map(bytes -> {
                keep(bytes);
                return null;
            });
        }

        private synchronized void keep(ByteBuf bytes) {
            if (isClosed) bytes.release();
            else ahead = bytes;
        }

        @Override
        public synchronized Future<ByteBuf> next() {
            if (isClosed) return Future.failedFuture(new IllegalStateException("the reader is closed"));
            var known = ahead;
            if (known != null) {
                ahead = null;
                return Future.succeededFuture(known);
            }
            if (position >= object.length()) return Future.succeededFuture(Unpooled.EMPTY_BUFFER);
            isReading = true;
            long from = position;
            return tiers.pool().call(() -> read(from));
        }

        // Whoever sees the bytes sees the reader behind them.
        private ByteBuf read(long from) throws IOException {
            int length = 0;
            try {
                var bytes = object.read(from, tiers.buffers());
                length = bytes.readableBytes();
                return bytes;
            } catch (IOException | RuntimeException | InternalError | OutOfMemoryError e) {
                // The errors are a page that the device did not bring, and memory for buffers that is used up.
                tiers.complain("a body cannot be read", e);
                throw e;
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
            var unread = ahead;
            ahead = null;
            if (unread != null) unread.release();
            if (!isReading) object.close();
        }
    }
}

package dev.nearside.edge.store;

import dev.nearside.edge.http.Stored;
import dev.nearside.edge.store.heap.HeapObject;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.OptionalLong;

/// An entry that lies whole in memory. Takes over one hold on its object.
final class HeapEntry implements Entry, Body {

    private final HeapObject object;
    private final Stored head;

    /// @param head the object's, or what a soft invalidation made of it
    HeapEntry(HeapObject object, Stored head) {
        this.object = object;
        this.head = head;
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
        return Optional.of(object.view(0));
    }

    @Override
    public BodyReader reader(long offset) {
        var rest = offset < object.length() ? object.view((int) offset) : Unpooled.EMPTY_BUFFER;
        return new WholeReader(rest);
    }

    @Override
    public void close() {
        object.release();
    }

    /// Hands out everything at once; the view keeps the memory.
    private static final class WholeReader implements BodyReader {

        private ByteBuf rest;

        WholeReader(ByteBuf rest) {
            this.rest = rest;
        }

        @Override
        public Future<ByteBuf> next() {
            var bytes = rest;
            rest = Unpooled.EMPTY_BUFFER;
            return Future.succeededFuture(bytes);
        }

        @Override
        public void close() {
            rest.release();
            rest = Unpooled.EMPTY_BUFFER;
        }
    }
}

package dev.nearside.edge.store.heap;

import dev.nearside.edge.http.Stored;
import dev.nearside.edge.key.CacheKey.Digest;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.atomic.AtomicInteger;

/// A whole response in memory, alive as long as anybody holds it: the tier itself, an entry, a reader.
///
/// The count is our own, since a buffer can only be retained by who knows that it is alive: a lookup that
/// races with an eviction does not, and asks with {@link #acquire}.
public final class HeapObject {

    private final Digest digest;
    private final Stored head;
    private final ByteBuf body;
    private final AtomicInteger holders = new AtomicInteger(1);

    /// Takes over the caller's reference to the body; the caller is the first holder.
    public HeapObject(Digest digest, Stored head, ByteBuf body) {
        this.digest = digest;
        this.head = head;
        this.body = body;
    }

    /// Of its key.
    public Digest digest() {
        return digest;
    }

    public Stored head() {
        return head;
    }

    /// Bytes of the body.
    public int length() {
        return body.readableBytes();
    }

    /// One more holder; false if the last one has already left.
    public boolean acquire() {
        for (int count = holders.get(); count > 0; count = holders.get()) {
            if (holders.compareAndSet(count, count + 1)) return true;
        }
        return false;
    }

    public void release() {
        if (holders.decrementAndGet() == 0) body.release();
    }

    /// A retained view of the body from an offset to its end; only for a holder.
    public ByteBuf view(int offset) {
        return body.retainedSlice(body.readerIndex() + offset, length() - offset);
    }

    /// The same body under another head; only for a holder, who becomes the first holder of the result.
    HeapObject under(Stored other) {
        return new HeapObject(digest, other, body.retainedDuplicate());
    }
}

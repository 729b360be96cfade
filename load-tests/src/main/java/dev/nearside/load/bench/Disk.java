package dev.nearside.load.bench;

import dev.nearside.edge.key.CacheKey;
import dev.nearside.edge.route.RoutingTable;
import dev.nearside.edge.store.evict.Goal;
import dev.nearside.edge.store.offheap.DiskTier;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.LockSupport;

/// A disk tier in a folder of its own, and the way of an object into it: what the store does on its pool.
final class Disk implements AutoCloseable {

    /// As long as the head of [Sample]'s responses is when it is written down.
    private static final byte[] HEAD = "h".repeat(420).getBytes(StandardCharsets.US_ASCII);

    private static final int SHARDS = 2;

    private final Folder folder = Folder.make();
    private final RoutingTable routes = Sample.routes();
    private final DiskTier tier;

    Disk(long bytes) {
        try {
            tier = DiskTier.open(folder.path(), bytes, SHARDS, Goal.ORIGIN_REQUESTS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        while (!tier.isRecovered()) LockSupport.parkNanos(1_000_000);
    }

    static Disk smallest() {
        return new Disk(SHARDS * DiskTier.SMALLEST_SHARD);
    }

    DiskTier tier() {
        return tier;
    }

    CacheKey key(int number) {
        return Sample.key(routes, number);
    }

    static ByteBuf body(int bytes) {
        var body = PooledByteBufAllocator.DEFAULT.directBuffer(bytes, bytes);
        for (int i = 0; i < bytes; i++) body.writeByte(i * 31);
        return body;
    }

    /// Stores an object; false if there is no room for it.
    boolean store(CacheKey key, ByteBuf body) throws IOException {
        var digest = key.digest();
        var size = body.readableBytes();
        if (!tier.mayStore(digest, size)) return false;
        var ticket = tier.announce(digest, HEAD, true);
        var draft = tier.draft(digest);
        try {
            if (!draft.reserve(size, size)) return false;
            draft.append(body);
            return draft.commit(ticket, key.bytes());
        } finally {
            draft.release();
            tier.tearUp(ticket);
        }
    }

    @Override
    public void close() throws IOException {
        tier.close();
        folder.close();
    }
}

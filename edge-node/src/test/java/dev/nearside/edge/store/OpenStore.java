package dev.nearside.edge.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.nearside.edge.http.Stored;
import dev.nearside.edge.key.CacheKey;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// A store on a directory, with everything a test does to it; closing it checks that nothing leaked.
final class OpenStore implements AutoCloseable {

    static final long MEMORY = 4 << 20;
    static final long DISK = 32 << 20;

    private final Vertx vertx = Vertx.vertx();
    private final List<ByteBuf> given = new ArrayList<>();
    final TwoTierStore store;

    OpenStore(Path directory) throws IOException {
        this(new StoreSettings(directory, MEMORY, DISK, 2));
    }

    OpenStore(StoreSettings settings) throws IOException {
        this.store = TwoTierStore.open(vertx, settings);
        await().pollInterval(Duration.ofMillis(5))
                .atMost(Duration.ofMinutes(1))
                .until(() -> store.usage().recovered());
    }

    static <T> T get(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("the future failed", e);
        }
    }

    static Throwable failure(Future<?> future) {
        await().pollInterval(Duration.ofMillis(1)).until(future::isComplete);
        assertThat(future.failed()).isTrue();
        return future.cause();
    }

    ByteBuf direct(byte[] bytes) {
        var buffer = Unpooled.directBuffer(Math.max(1, bytes.length)).writeBytes(bytes);
        given.add(buffer);
        return buffer;
    }

    void put(CacheKey key, Stored head, byte[] body) {
        var writing = store.open(key, head, body.length);
        write(writing, body, 50_000);
        get(writing.complete());
    }

    void write(Writing writing, byte[] body, int piece) {
        for (int at = 0; at < body.length; at += piece) {
            get(writing.write(direct(java.util.Arrays.copyOfRange(body, at, Math.min(body.length, at + piece)))));
        }
    }

    Optional<Entry> find(CacheKey key) {
        return get(store.find(key));
    }

    /// The body under this key; fails if there is none.
    byte[] read(CacheKey key) {
        try (var entry = find(key).orElseThrow()) {
            return read(entry.body(), 0);
        }
    }

    Stored head(CacheKey key) {
        try (var entry = find(key).orElseThrow()) {
            return entry.head();
        }
    }

    boolean has(CacheKey key) {
        var found = find(key);
        found.ifPresent(Entry::close);
        return found.isPresent();
    }

    static byte[] read(Body body, long offset) {
        try (var reader = body.reader(offset)) {
            return read(reader);
        }
    }

    static byte[] read(BodyReader reader) {
        var bytes = new ByteArrayOutputStream();
        while (true) {
            var some = take(reader);
            if (some.length == 0) return bytes.toByteArray();
            bytes.writeBytes(some);
        }
    }

    static byte[] take(BodyReader reader) {
        var buffer = get(reader.next());
        var bytes = new byte[buffer.readableBytes()];
        buffer.readBytes(bytes).release();
        return bytes;
    }

    @Override
    public void close() {
        await().pollInterval(Duration.ofMillis(2))
                .untilAsserted(() -> assertThat(store.contradictions()).isEmpty());
        get(store.close());
        get(vertx.close());
        assertThat(store.activeBuffers()).as("buffers nobody released").isZero();
        assertThat(given).as("buffers taken over").allMatch(buffer -> buffer.refCnt() == 0);
    }
}

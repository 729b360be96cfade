package dev.nearside.load.bench;

import dev.nearside.edge.key.CacheKey;
import dev.nearside.edge.route.RoutingTable;
import dev.nearside.edge.store.Entry;
import dev.nearside.edge.store.StoreSettings;
import dev.nearside.edge.store.TwoTierStore;
import io.netty.buffer.ByteBuf;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// What lies under a key: the store's own answer, as a request on an event loop gets it.
@State(Scope.Thread)
public class LookupBenchmark {

    private static final int BODY = 1024;
    private static final long MEMORY = 256L << 20;
    private static final long DISK = 512L << 20;
    private static final int SHARDS = 2;

    @Param("65536")
    public int objects;

    private final Folder folder = Folder.make();
    private final RoutingTable routes = Sample.routes();
    private final Vertx vertx = Vertx.vertx();
    private final TwoTierStore store = open(vertx, folder);
    private List<CacheKey> stored = List.of();
    private List<CacheKey> others = List.of();
    private int at;

    private static TwoTierStore open(Vertx vertx, Folder folder) {
        try {
            return TwoTierStore.open(vertx, new StoreSettings(folder.path(), MEMORY, DISK, SHARDS));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Setup
    public void fill() {
        while (!store.usage().recovered()) LockSupport.parkNanos(1_000_000);
        stored = keys(0);
        others = keys(objects);
        var head = Sample.response(Instant.now());
        for (var key : stored) {
            var writing = store.open(key, head, BODY);
            await(writing.write(Disk.body(BODY)));
            await(writing.complete());
        }
    }

    private List<CacheKey> keys(int first) {
        var keys = IntStream.range(first, first + objects)
                .mapToObj(number -> Sample.key(routes, number))
                .toList();
        for (var key : keys) key.digest();
        return keys;
    }

    private static <T> T await(Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().join();
    }

    @TearDown
    public void close() throws IOException {
        await(store.close());
        await(vertx.close());
        folder.close();
    }

    // Far from the one before, so that no processor cache has it.
    private int next() {
        at = (at + 40_503) % objects;
        return at;
    }

    /// A hit in memory, with its body in hand, given back.
    @Benchmark
    public int inMemory() {
        try (Entry entry = store.find(stored.get(next())).result().orElseThrow()) {
            ByteBuf body = entry.body().inMemory().orElseThrow();
            int length = body.readableBytes();
            body.release();
            return length;
        }
    }

    @Benchmark
    public Future<Optional<Entry>> absent() {
        return store.find(others.get(next()));
    }

    @Benchmark
    public boolean mayHoldWhatIsThere() {
        return store.mayHold(stored.get(next()));
    }

    @Benchmark
    public boolean mayHoldWhatIsNot() {
        return store.mayHold(others.get(next()));
    }
}

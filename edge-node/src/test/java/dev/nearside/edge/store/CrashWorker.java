package dev.nearside.edge.store;

import static dev.nearside.edge.store.Samples.invalidation;

import dev.nearside.edge.http.Headers;
import dev.nearside.edge.http.LogPosition;
import dev.nearside.edge.http.Stored;
import dev.nearside.edge.http.StoredResponse;
import dev.nearside.edge.key.CacheKey;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/// The process that {@link CrashRounds} kills: it checks all that it finds in a store, and then writes, reads and
/// invalidates until it ends.
///
/// It says on its output what it is about to write and what the store has acknowledged, and is told on its input what
/// the processes before it said; with its input it ends, too. A line that begins with `broken` is a finding.
final class CrashWorker {

    static final int PATHS = 400;
    static final int SHARDS = 3;
    static final String EPOCH = "e";

    /// Begins each line that is not of its log.
    static final String SAYS = "> ";

    private static final int WRITERS = 2;
    private static final int READERS = 2;
    private static final int PIECE = 30_000;
    private static final long INVALIDATE_EVERY_MILLIS = 40;
    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final TwoTierStore store;
    // The number of the body that was last acknowledged under each path, and of one that may be there beside it.
    private final AtomicLongArray acknowledged;
    private volatile long invalidated;

    private CrashWorker(TwoTierStore store, AtomicLongArray acknowledged, long invalidated) {
        this.store = store;
        this.acknowledged = acknowledged;
        this.invalidated = invalidated;
    }

    static StoreSettings settings(Path directory, long disk) {
        return new StoreSettings(directory, OpenStore.MEMORY, disk, SHARDS);
    }

    /// `DIRECTORY DISK ROUND`; on its input a line with the last invalidation, and one for each path: the number that
    /// was acknowledged, 0 if none was, negative if another may have taken its place since.
    public static void main(String... arguments) throws IOException {
        try {
            var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
            long invalidated = Long.parseLong(in.readLine());
            var acknowledged = new long[PATHS];
            for (int path = 0; path < PATHS; path++) acknowledged[path] = Long.parseLong(in.readLine());
            endWith(in);
            long begun = System.nanoTime();
            var store = TwoTierStore.open(Vertx.vertx(), settings(Path.of(arguments[0]), Long.parseLong(arguments[1])));
            var worker = new CrashWorker(store, new AtomicLongArray(acknowledged), invalidated);
            worker.live(Integer.parseInt(arguments[2]), begun);
        } catch (Throwable e) {
            say("broken process: " + e);
            Runtime.getRuntime().halt(1);
        }
    }

    /// Nobody outlives its parent, whose end closes the input.
    private static void endWith(BufferedReader in) {
        Thread.ofPlatform().daemon().start(() -> {
            try {
                while (in.readLine() != null) {}
            } catch (IOException _) {
                // that is an end, too
            }
            Runtime.getRuntime().halt(0);
        });
    }

    private void live(int round, long begun) {
        // The feed brings again what the log on disk has lost.
        for (long number = store.position().number() + 1; number <= invalidated; number++) invalidate(number);
        for (int path = 0; path < PATHS; path++) check(path, false);
        while (!store.usage().recovered()) LockSupport.parkNanos(1_000_000);
        var usage = store.usage();
        say("opened %d %d"
                .formatted((System.nanoTime() - begun) / 1_000_000, usage.disk().droppedAtStart()));
        for (int path = 0; path < PATHS; path++) {
            var fate = check(path, true);
            if (!fate.isEmpty()) say(fate + " " + path);
        }
        say("checked");
        for (int i = 0; i < WRITERS; i++) {
            int writer = i;
            run(() -> write(writer, round));
        }
        for (int i = 0; i < READERS; i++) {
            var random = new Random(round * 31L + i);
            run(() -> {
                while (true) check(random.nextInt(PATHS), false);
            });
        }
        run(() -> {
            while (true) {
                LockSupport.parkNanos(INVALIDATE_EVERY_MILLIS * 1_000_000);
                invalidate(invalidated + 1);
            }
        });
    }

    private static void run(Runnable work) {
        Thread.ofPlatform().start(() -> {
            try {
                work.run();
            } catch (RuntimeException | Error e) {
                say("broken work: " + e + " " + Arrays.toString(e.getStackTrace()));
            }
        });
    }

    // ---- what is stored

    /// Those that invalidations reach lie in a folder of their own.
    private static boolean isInvalidated(int path) {
        return path % 10 == 7;
    }

    private static String name(int path) {
        return (isInvalidated(path) ? "/x/" : "/") + path;
    }

    private static int size(long number) {
        return (int) (number % 9 == 0 ? 200_000 + number % 1_000 * 100 : number * 7_919 % 60_000);
    }

    /// Every byte follows from the path and the number.
    private static byte[] bytes(int path, long number) {
        var bytes = new byte[(size(number) + 7) / 8 * 8];
        long state = path * 0x9e37_79b9_7f4a_7c15L ^ number;
        for (int at = 0; at < bytes.length; at += Long.BYTES) {
            state += 0x9e37_79b9_7f4a_7c15L;
            long mixed = (state ^ state >>> 30) * 0xbf58_476d_1ce4_e5b9L;
            WORD.set(bytes, at, mixed ^ mixed >>> 27);
        }
        return Arrays.copyOf(bytes, size(number));
    }

    private static Stored head(long number, long position) {
        var headers = Headers.of("Content-Type", "application/octet-stream", "ETag", "\"" + number + "\"");
        return new StoredResponse(
                200, headers, Samples.NOON, Samples.NOON.plusMillis(5), new LogPosition(EPOCH, position));
    }

    // ---- writing

    private void write(int writer, int round) {
        var random = new Random(round * 7L + writer);
        for (long number = 1 + 1_000_000L * (round + 1); ; number++) {
            int path = random.nextInt(PATHS / WRITERS) * WRITERS + writer;
            var key = Samples.key(name(path));
            say("storing " + path + " " + number);
            var head = head(number, store.position().number());
            store(key, head, bytes(path, number));
            if (number % 3 == 0) get(store.freshen(key, head, head));
            if (number % 17 == 0) {
                store.remove(key);
                continue; // it is not said when that has reached the disk
            }
            acknowledged.set(path, number);
            say("stored " + path + " " + number);
        }
    }

    private void store(CacheKey key, Stored head, byte[] bytes) {
        var writing = store.open(key, head, bytes.length);
        for (int at = 0; at < bytes.length; at += PIECE) {
            get(writing.write(Unpooled.wrappedBuffer(bytes, at, Math.min(PIECE, bytes.length - at))));
        }
        get(writing.complete());
    }

    private void invalidate(long number) {
        var paths = number % 2 == 0
                ? new String[] {"/x/*"}
                : IntStream.range(0, PATHS)
                        .filter(CrashWorker::isInvalidated)
                        .mapToObj(CrashWorker::name)
                        .toArray(String[]::new);
        get(store.apply(invalidation(EPOCH, number, paths)));
        invalidated = Math.max(number, invalidated);
        say("invalidated " + number);
    }

    // ---- checking

    /// What has become of the object, if that is known: `found` with the bytes it has, or `lost`.
    private String check(int path, boolean isAlone) {
        long atLeast = invalidated;
        long known = acknowledged.get(path);
        var found = get(store.find(Samples.key(name(path))));
        if (found.isEmpty()) return isAlone && known > 0 && !isInvalidated(path) ? "lost" : "";
        try (var entry = found.get()) {
            var tag = ((StoredResponse) entry.head()).headers().first("etag").orElseThrow();
            long number = Long.parseLong(tag.replace("\"", ""));
            if (isInvalidated(path) && entry.head().position().number() < atLeast) {
                say("broken invalidated: %s of %s came back after %d".formatted(name(path), entry.head(), atLeast));
            }
            if (number < Math.abs(known)) {
                say("broken old: %s is %d again, %d had replaced it".formatted(name(path), number, known));
            }
            return compare(path, number, entry.body()) ? "found" : "";
        }
    }

    /// False where the store itself says that the body cannot be read to its end.
    private static boolean compare(int path, long number, Body body) {
        var expected = bytes(path, number);
        int at = 0;
        try (var reader = body.reader(0)) {
            while (true) {
                var next = reader.next().toCompletionStage().toCompletableFuture();
                ByteBuf buffer;
                try {
                    buffer = next.get(20, TimeUnit.SECONDS);
                } catch (ExecutionException _) {
                    say("cut " + path);
                    return false;
                }
                try {
                    int size = buffer.readableBytes();
                    if (size == 0) {
                        if (at != expected.length) say("broken bytes: %s ends at %d".formatted(name(path), at));
                        return true;
                    }
                    if (at + size > expected.length || !buffer.equals(Unpooled.wrappedBuffer(expected, at, size))) {
                        say("broken bytes: %s, %d, between %d and %d".formatted(name(path), number, at, at + size));
                    }
                    at += size;
                } finally {
                    buffer.release();
                }
            }
        } catch (InterruptedException | TimeoutException e) {
            throw new IllegalStateException(name(path) + " could not be read", e);
        }
    }

    private static <T> T get(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException("the store did not do it", e);
        }
    }

    @SuppressWarnings("SystemOut") // this is how it tells what it has done
    private static synchronized void say(String line) {
        System.out.println(SAYS + line);
    }
}

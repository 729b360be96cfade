package dev.nearside.edge.store.offheap;

import dev.nearside.edge.key.CacheKey.Digest;
import dev.nearside.edge.store.evict.Eviction;
import dev.nearside.edge.store.evict.Goal;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/// What many objects cost: `index N` says the heap that N of them take; `fill DIR GB N SIZE` stores N of a size and
/// closes, `fill-and-die` ends without closing; `open DIR GB N` says how long it takes until they are found again.
final class StoreAtSize {

    private static final int SHARDS = 12;
    private static final byte[] HEAD = new byte[500];

    private StoreAtSize() {}

    @SuppressWarnings("SystemOut") // a program for people who want to know
    public static void main(String... arguments) throws IOException {
        switch (arguments[0]) {
            case "index" -> {
                int objects = Integer.parseInt(arguments[1]);
                System.out.printf(
                        Locale.ROOT,
                        "%,d objects: %.1f bytes of heap for each, of %d MB at most%n",
                        objects,
                        heapPerObject(objects),
                        Runtime.getRuntime().maxMemory() >> 20);
            }
            case "open" -> System.out.println(open(path(arguments), bytes(arguments), Integer.parseInt(arguments[3])));
            default -> {
                var tier = DiskTier.open(path(arguments), bytes(arguments), SHARDS);
                await(tier);
                long begun = System.nanoTime();
                int objects = Integer.parseInt(arguments[3]);
                for (int i = 0; i < objects; i++) store(tier, i, Integer.parseInt(arguments[4]));
                System.out.printf("stored in %.1f s%n", (System.nanoTime() - begun) / 1e9);
                if (arguments[0].equals("fill-and-die")) Runtime.getRuntime().halt(9);
                begun = System.nanoTime();
                tier.close();
                System.out.printf("closed in %.1f s%n", (System.nanoTime() - begun) / 1e9);
            }
        }
    }

    private static Path path(String... arguments) {
        return Path.of(arguments[1]);
    }

    private static long bytes(String... arguments) {
        return Long.parseLong(arguments[2]) << 30;
    }

    private static void await(DiskTier tier) {
        while (!tier.isRecovered()) LockSupport.parkNanos(1_000_000);
    }

    private static Digest digest(int number) {
        var random = new SplittableRandom(number);
        return new Digest(random.nextLong(), random.nextLong());
    }

    private static byte[] key(int number) {
        return "distribution=D1\npath=/objects/%d".formatted(number).getBytes(StandardCharsets.UTF_8);
    }

    private static void store(DiskTier tier, int number, int size) throws IOException {
        var draft = tier.draft(digest(number));
        if (!draft.reserve(size, size)) throw new IOException("no room");
        draft.append(Unpooled.wrappedBuffer(new byte[size]));
        if (!draft.commit(tier.announce(digest(number), HEAD, false), key(number))) throw new IOException("no room");
        draft.release();
    }

    private static String open(Path directory, long bytes, int objects) throws IOException {
        var start = ManagementFactory.getRuntimeMXBean().getStartTime();
        long begun = System.nanoTime();
        var tier = DiskTier.open(directory, bytes, SHARDS);
        while (!isFound(tier, objects / 2)) LockSupport.parkNanos(1_000_000);
        long first = System.nanoTime();
        long sinceStart = System.currentTimeMillis() - start;
        await(tier);
        long all = System.nanoTime();
        long found = tier.count();
        tier.close();
        return "first object after %d ms (%d ms after the process began), all %,d after %d ms"
                .formatted((first - begun) / 1_000_000, sinceStart, found, (all - begun) / 1_000_000);
    }

    private static boolean isFound(DiskTier tier, int number) {
        var found = tier.find(digest(number), key(number));
        if (found.isEmpty()) return false;
        try {
            found.get().readWhole(UnpooledByteBufAllocator.DEFAULT).release();
        } catch (IOException _) {
            return false;
        } finally {
            found.get().close();
        }
        return true;
    }

    /// In bytes, with all that an index keeps of them.
    static double heapPerObject(int objects) {
        long before = used();
        var shards = new Index[SHARDS];
        for (int i = 0; i < SHARDS; i++) {
            int cells = objects / SHARDS * 5 / 4 + 1_000;
            shards[i] = new Index(cells, Eviction.of(Goal.ORIGIN_REQUESTS));
            shards[i].complete();
        }
        for (int i = 0; i < objects; i++) {
            var digest = digest(i);
            var index = shards[Math.floorMod(digest.high(), SHARDS)];
            int cell = index.take(1).orElseThrow()[0];
            var taken = new Runs();
            taken.add(cell);
            var ticket = index.announce(digest, HEAD, false);
            index.release(index.install(ticket, HEAD, cell, taken).orElseThrow());
        }
        long after = used();
        long sum = 0;
        for (var shard : shards) sum += shard.size();
        if (sum != objects) throw new IllegalStateException("objects: " + sum);
        return (double) (after - before) / objects;
    }

    private static long used() {
        var runtime = Runtime.getRuntime();
        for (int i = 0; i < 3; i++) System.gc();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}

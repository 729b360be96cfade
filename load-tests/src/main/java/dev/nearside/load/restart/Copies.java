package dev.nearside.load.restart;

import dev.nearside.edge.key.CacheKey;
import dev.nearside.edge.key.CacheKey.Target;
import dev.nearside.edge.store.offheap.DiskObject;
import dev.nearside.edge.store.offheap.DiskTier;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/// Many objects out of one that an edge has stored: the same but for its path, put on the disk by the store's own
/// writer. A million take half a minute, where as many requests would take several.
public final class Copies {

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Target NOBODY = new Target("", "", "");

    private final byte[] path;
    private final byte[] key;
    private final byte[] head;

    private Copies(String path, DiskObject object) {
        this.path = bytes(path);
        this.key = object.key();
        this.head = object.head();
    }

    /// Fills the cache of an edge that is not running.
    ///
    /// @param directory the disk cache, which holds the object with the path number 0
    /// @param limit in bytes: what the edge was told
    /// @param paths by number, all of one length
    /// @param bodies by path
    public static void store(Path directory, long limit, int count, IntFunction<String> paths, BodyOf bodies)
            throws IOException {
        try (var tier = DiskTier.open(directory, limit, shards(directory))) {
            awaitRecovery(tier);
            var copies = original(tier, paths.apply(0));
            for (int i = 0; i < count; i++) copies.store(tier, paths.apply(i), bodies);
        }
    }

    /// What an origin answers.
    @FunctionalInterface
    public interface BodyOf {
        byte[] body(String path);
    }

    private static int shards(Path directory) throws IOException {
        try (var folders = Files.list(directory)) {
            return (int)
                    folders.filter(folder -> folder.getFileName().toString().matches("shard-\\d+"))
                            .count();
        }
    }

    private static void awaitRecovery(DiskTier tier) throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!tier.isRecovered()) {
            if (System.nanoTime() > deadline) throw new IOException("the cache is not open within " + PATIENCE);
            try {
                TimeUnit.MILLISECONDS.sleep(10);
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
    }

    private static Copies original(DiskTier tier, String path) throws IOException {
        var walk = tier.walk();
        for (var found = walk.next(); found.isPresent(); found = walk.next()) {
            var object = found.get();
            try {
                if (indexOf(object.key(), bytes(path), 0) >= 0) return new Copies(path, object);
            } finally {
                object.close();
            }
        }
        throw new IOException("the edge has not stored " + path);
    }

    private void store(DiskTier tier, String copy, BodyOf bodies) throws IOException {
        var copyKey = with(key, copy);
        var digest = new CacheKey(copyKey, NOBODY).digest();
        if (tier.mayHold(digest)) return;
        var body = bodies.body(copy);
        var draft = tier.draft(digest);
        try {
            if (draft.reserve(body.length, body.length)) {
                draft.append(Unpooled.wrappedBuffer(body));
                if (draft.commit(tier.announce(digest, with(head, copy), false), copyKey)) return;
            }
            throw new IOException("no room for %s (expected: a cache that holds all of them)".formatted(copy));
        } finally {
            draft.release();
        }
    }

    /// The same bytes with another path in each place.
    private byte[] with(byte[] bytes, String copy) {
        var other = bytes(copy);
        if (other.length != path.length) throw new IllegalArgumentException("length of " + copy);
        var result = bytes.clone();
        for (int at = indexOf(bytes, path, 0); at >= 0; at = indexOf(bytes, path, at + path.length)) {
            System.arraycopy(other, 0, result, at, other.length);
        }
        return result;
    }

    private static int indexOf(byte[] bytes, byte[] part, int from) {
        for (int at = from; at + part.length <= bytes.length; at++) {
            int same = 0;
            while (same < part.length && bytes[at + same] == part[same]) same++;
            if (same == part.length) return at;
        }
        return -1;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}

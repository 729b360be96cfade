package dev.nearside.edge.store;

import dev.nearside.edge.http.Headers;
import dev.nearside.edge.http.LogPosition;
import dev.nearside.edge.http.Stored;
import dev.nearside.edge.http.StoredResponse;
import dev.nearside.edge.key.CacheKey;
import dev.nearside.model.distribution.DistributionId;
import dev.nearside.model.invalidation.Invalidation;
import dev.nearside.model.invalidation.Invalidation.Effect;
import dev.nearside.model.invalidation.InvalidationPath;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;

/// Keys, heads and bodies whose bytes follow from a number.
final class Samples {

    static final Instant NOON = Instant.parse("2026-03-01T12:00:00.123456789Z");
    static final String SITE = "D1";

    private Samples() {}

    static CacheKey key(String path) {
        return new CacheKey(
                ("distribution=" + SITE + "\npath=" + path).getBytes(StandardCharsets.UTF_8),
                new CacheKey.Target(SITE, path, path));
    }

    static Stored head(String tag) {
        return head(tag, LogPosition.NONE);
    }

    static Stored head(String tag, LogPosition position) {
        var headers = Headers.of("Content-Type", "text/plain; charset=utf-8", "ETag", "\"" + tag + "\"", "X-Ü", "ß€");
        return new StoredResponse(200, headers, NOON, NOON.plusMillis(5), position);
    }

    static byte[] body(long seed, int length) {
        var bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    static Invalidation invalidation(String epoch, long number, String... paths) {
        return invalidation(epoch, number, new Effect.Hard(), paths);
    }

    static Invalidation soft(String epoch, long number, Instant since, String... paths) {
        return invalidation(epoch, number, new Effect.Soft(since), paths);
    }

    private static Invalidation invalidation(String epoch, long number, Effect effect, String... paths) {
        var reached = Arrays.stream(paths).map(InvalidationPath::parse).toList();
        return new Invalidation("I" + number, epoch, number, new DistributionId(SITE), reached, effect);
    }
}

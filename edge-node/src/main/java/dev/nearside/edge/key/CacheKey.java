package dev.nearside.edge.key;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The identity of a cached object: bytes that name their parts, so that two policies never collide.
public final class CacheKey implements Comparable<CacheKey> {

    private final byte[] bytes;
    private final Target target;

    /// Computed when first asked for: a hit in memory never asks. Two threads may compute it twice, to the same value.
    private @Nullable Digest digest;

    /// What an invalidation is compared with.
    ///
    /// @param distribution id of the distribution
    /// @param raw path as the viewer sent it, with `?` and the keyed query if there is one
    /// @param normal the same in normalised form; an invalidation of either form reaches the object
    public record Target(String distribution, String raw, String normal) {}

    /// The first 16 bytes of the SHA-256 of a key.
    public record Digest(long high, long low) {}

    public CacheKey(byte[] bytes, Target target) {
        this(target, bytes.clone());
    }

    private CacheKey(Target target, byte[] bytes) {
        this.bytes = bytes;
        this.target = target;
    }

    /// A key of bytes that nobody else will change.
    static CacheKey taking(byte[] bytes, Target target) {
        return new CacheKey(target, bytes);
    }

    public byte[] bytes() {
        return bytes.clone();
    }

    public Target target() {
        return target;
    }

    public Digest digest() {
        var known = digest;
        if (known == null) {
            known = digest(bytes);
            digest = known;
        }
        return known;
    }

    private static Digest digest(byte[] bytes) {
        try {
            var hash = ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(bytes));
            return new Digest(hash.getLong(), hash.getLong());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CacheKey that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /// Some order. With one, a hash table survives viewers who make up paths of equal hashes.
    @Override
    public int compareTo(CacheKey other) {
        return Arrays.compare(bytes, other.bytes);
    }
}

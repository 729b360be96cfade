package dev.nearside.edge.key;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/// The identity of a cached object: bytes that name their parts, so that two policies never collide.
public final class CacheKey {

    private final byte[] bytes;
    private final Target target;
    private final Digest digest;

    /// What an invalidation is compared with.
    ///
    /// @param distribution id of the distribution
    /// @param raw path as the viewer sent it, with `?` and the keyed query if there is one
    /// @param normal the same in normalised form; an invalidation of either form reaches the object
    public record Target(String distribution, String raw, String normal) {}

    /// The first 16 bytes of the SHA-256 of a key.
    public record Digest(long high, long low) {}

    public CacheKey(byte[] bytes, Target target) {
        this.bytes = bytes.clone();
        this.target = target;
        this.digest = digest(this.bytes);
    }

    public byte[] bytes() {
        return bytes.clone();
    }

    public Target target() {
        return target;
    }

    public Digest digest() {
        return digest;
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
        return Long.hashCode(digest.high());
    }
}

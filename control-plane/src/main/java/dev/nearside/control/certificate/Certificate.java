package dev.nearside.control.certificate;

import java.time.Instant;

/// A certificate as it is kept, in its latest version; the key lies sealed.
///
/// @param pem the chain that viewers are shown
public record Certificate(
        String id,
        String name,
        long version,
        String pem,
        Sealed key,
        String author,
        Instant createdAt,
        Instant savedAt,
        String comment) {

    public String etag() {
        return "\"" + version + "\"";
    }

    public Chain chain() {
        return ChainReader.stored(pem);
    }

    /// What the key was sealed as.
    String keyIsOf() {
        return keyIsOf(id, version);
    }

    static String keyIsOf(String id, long version) {
        return "nearside certificate " + id + " version " + version;
    }

    Certificate sealedAnew(Sealed other) {
        return new Certificate(id, name, version, pem, other, author, createdAt, savedAt, comment);
    }
}

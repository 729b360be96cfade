package dev.nearside.model.wire.api;

import java.time.Instant;
import java.util.List;

/// GET /certificates. Keys go in and never come out again.
public record Certificates(List<Item> items) {

    /// A certificate in its latest version.
    ///
    /// @param version counts up with every renewal
    /// @param names the host names and addresses that it was made for
    /// @param issuer who signed it
    /// @param chain the subjects of the certificates behind it
    /// @param key as `RSA 2048` or `EC P-256`
    /// @param fingerprint SHA-256 of the certificate, in hexadecimal
    /// @param daysLeft whole days until it ends, below zero once it has ended
    /// @param expiresSoon ended, or ends within 21 days
    /// @param usedBy names of the distributions that refer to it
    /// @param edges what became of it on the edges that know of it
    /// @param warnings what an operator should know of it
    public record Item(
            String id,
            String name,
            long version,
            String etag,
            Instant createTime,
            Instant lastModifiedTime,
            String author,
            String comment,
            String subject,
            List<String> names,
            String issuer,
            List<String> chain,
            String key,
            String serialNumber,
            String fingerprint,
            Instant notBefore,
            Instant notAfter,
            long daysLeft,
            boolean expiresSoon,
            List<String> usedBy,
            List<Edge> edges,
            List<String> warnings) {}

    /// What became of a certificate on one edge.
    ///
    /// @param state `applied`, `waiting` or `refused`
    /// @param why it is refused; empty otherwise
    public record Edge(String name, String state, String why) {}
}

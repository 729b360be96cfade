package dev.nearside.model.wire.feed;

import java.util.List;

/// The certificates that an edge needs for its snapshot, all of them, each in its latest version; and as the edge keeps
/// them on disk. It has no place in the log, and is told again on every connection.
///
/// @param withheld those that the edge needs as well and cannot be given
public record CertificatesMessage(List<Item> items, List<Withheld> withheld) {

    /// One certificate with its key.
    ///
    /// @param version counts up with every renewal
    /// @param chain PEM, the certificate first, then those it was signed with
    /// @param privateKey PEM, PKCS#8
    public record Item(String id, String name, long version, String chain, String privateKey) {
        /// Never shows the key, wherever it is printed.
        @Override
        public String toString() {
            return "Item[" + id + ", " + name + ", version " + version + "]";
        }
    }

    public record Withheld(String id, String name, long version, String why) {}
}

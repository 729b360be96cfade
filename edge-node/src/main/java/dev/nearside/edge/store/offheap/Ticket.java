package dev.nearside.edge.store.offheap;

import dev.nearside.edge.key.CacheKey.Digest;

/// The right to store the next object under a digest, until a later ticket or a removal takes it away.
public final class Ticket {

    final Digest digest;

    /// Replaced when a fresher one comes while the object is on its way; guarded by the index.
    byte[] head;

    Ticket(Digest digest, byte[] head) {
        this.digest = digest;
        this.head = head;
    }
}

package dev.nearside.edge.store.offheap;

import dev.nearside.edge.key.CacheKey.Digest;
import org.jspecify.annotations.Nullable;

/// The right to store the next object under a digest, until a later ticket or a removal takes it away.
public final class Ticket {

    final Digest digest;

    /// A head that came while the object was on its way, to be stored instead of its own.
    byte @Nullable [] fresherHead;

    Ticket(Digest digest) {
        this.digest = digest;
    }
}

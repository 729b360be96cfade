package dev.nearside.edge.store.offheap;

import dev.nearside.edge.key.CacheKey.Digest;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/// Goes once over all objects that can be found when it comes to their shard. Of those that are stored, replaced or
/// evicted meanwhile it may see some or none. One thread at a time calls it.
public final class Walk {

    private final Iterator<Shard> shards;
    private Shard shard;
    private Iterator<Digest> digests;

    Walk(List<Shard> shards) throws IOException {
        this.shards = shards.iterator();
        this.shard = this.shards.next();
        this.digests = shard.digests().iterator();
    }

    /// The next object, held for the caller, without a look at its body; empty at the end. Being seen here does not
    /// make it wanted. What is damaged is dropped on the way.
    ///
    /// @throws IOException if a shard cannot be read, so that some of what is stored is not seen
    public Optional<DiskObject> next() throws IOException {
        while (true) {
            while (digests.hasNext()) {
                var found = shard.peek(digests.next());
                if (found.isPresent()) return found;
            }
            if (!shards.hasNext()) return Optional.empty();
            shard = shards.next();
            digests = shard.digests().iterator();
        }
    }
}

package dev.nearside.edge.store.offheap;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// Goes once over all objects that can be found when it comes to their shard. Of those that are stored, replaced or
/// evicted meanwhile it may see some or none. One thread at a time calls it.
public final class Walk {

    private final List<Shard> shards;
    private int shard;
    // An object keeps its entry, and the entry its number, as long as it can be found.
    private int entry;

    Walk(List<Shard> shards) {
        this.shards = shards;
    }

    /// The next object, held for the caller, without a look at its body; empty at the end. Being seen here does not
    /// make it wanted. What is damaged is dropped on the way.
    ///
    /// @throws IOException if a shard cannot be read, so that some of what is stored is not seen
    public Optional<DiskObject> next() throws IOException {
        for (; shard < shards.size(); shard++, entry = 0) {
            var current = shards.get(shard);
            int end = current.end();
            while (entry < end) {
                var found = current.peek(entry++);
                if (found.isPresent()) return found;
            }
        }
        return Optional.empty();
    }
}

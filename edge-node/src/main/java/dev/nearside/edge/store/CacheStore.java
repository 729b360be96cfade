package dev.nearside.edge.store;

import dev.nearside.edge.http.LogPosition;
import dev.nearside.edge.http.Stored;
import dev.nearside.edge.http.Tags;
import dev.nearside.edge.key.CacheKey;
import dev.nearside.edge.key.CacheKey.Target;
import dev.nearside.model.invalidation.Invalidation;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.Optional;

/// Where stored responses live. Every method may be called on an event loop; none of them waits.
///
/// A failing store is a slow cache, never an error: what cannot be read is absent, what cannot be
/// written streams through unstored.
public interface CacheStore {

    /// The living entry under this key, to be closed by the caller; completed at once when memory answers.
    /// An entry killed by an invalidation, damaged or of another key is absent. The head of one that was softly
    /// invalidated says since when it is stale.
    Future<Optional<Entry>> find(CacheKey key);

    /// The same, if memory answers; empty if there is nothing, or if only the disk could tell.
    Optional<Entry> findInMemory(CacheKey key);

    /// Whether something may lie under this key, told without reading it: `false` is certain as long as nobody stores
    /// anything, `true` is not.
    boolean mayHold(CacheKey key);

    /// Opens a place for a response that is about to arrive.
    ///
    /// @param length of the body in bytes; negative if the origin did not say
    Writing open(CacheKey key, Stored head, long length);

    /// Replaces the head of a stored entry and keeps its body (a 304 arrived, RFC 9111, section 4.3.4); does nothing if
    /// the entry that was revalidated has been replaced by another meanwhile.
    ///
    /// @param known the head of the entry that was revalidated
    Future<Void> freshen(CacheKey key, Stored known, Stored head);

    /// Removes what lies under this key, if anything does.
    void remove(CacheKey key);

    /// Kills every entry the invalidation reaches whose position is below its own, or lets it be stale if it is a soft
    /// one; survives a restart. Completed when no later `find` answers with such an entry as before.
    Future<Void> apply(Invalidation invalidation);

    /// Kills what is stored of these targets, on this node only, because a request has changed them: at once for every
    /// `find`. Completed when a restart cannot forget it either; fails if the disk does.
    Future<Void> outdate(Collection<Target> changed);

    /// Whether an invalidation, hard or soft, or a change that was applied reaches what is fetched under this key from
    /// that position on.
    ///
    /// @param tags of what is fetched, if they are known
    boolean isReached(CacheKey key, Tags tags, LogPosition position);

    /// The position of the last applied invalidation.
    LogPosition position();

    /// Moves to a position without the invalidations in between (new epoch, or a log that was cut): what is older
    /// can still be found, but is no longer proven.
    void reset(LogPosition position);

    /// Whether every change after this position is known here. What is older than those that were forgotten has to be
    /// revalidated once.
    boolean provesChanges(LogPosition position);

    /// Whether every invalidation, and every change, after this position up to {@link #position} was applied here. If
    /// not, an entry that carries it may have been invalidated unseen and has to be revalidated once.
    boolean proves(LogPosition position);

    StoreUsage usage();

    /// Completed when everything is on disk and marked clean.
    Future<Void> close();
}

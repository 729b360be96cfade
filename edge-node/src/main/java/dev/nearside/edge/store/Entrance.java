package dev.nearside.edge.store;

import dev.nearside.edge.http.LogPosition;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Where responses come into the store, and what holds back the folding of rules that they must still be judged by.
///
/// Whoever is about to let something be found says the position that it was fetched at, before, and leaves when it can
/// be found or never will be. Rules that are younger than anybody who was inside at any time of a {@link Sweep} are not
/// folded by it, and who comes with a position from before a fold is turned away.
final class Entrance {

    /// One response on its way. Left once; doing so again changes nothing.
    final class Passage {

        private final LogPosition position;

        private Passage(LogPosition position) {
            this.position = position;
        }

        void leave() {
            synchronized (Entrance.this) {
                inside.remove(this);
            }
        }
    }

    private final Set<Passage> inside = Collections.newSetFromMap(new IdentityHashMap<>());
    private Fold folded = Fold.NOTHING;
    // While somebody sweeps.
    private @Nullable Fold limit;

    /// Empty if rules are gone that it would have to be judged by: then it must not be stored.
    synchronized Optional<Passage> enter(LogPosition position) {
        if (position.number() < folded.upTo(position.epoch()) || position.changes() < folded.changes()) {
            return Optional.empty();
        }
        var passage = new Passage(position);
        inside.add(passage);
        var limited = limit;
        if (limited != null) limit = limited(limited, position);
        return Optional.of(passage);
    }

    /// A sweep begins.
    ///
    /// @param known every rule of now
    synchronized void beginSweep(Fold known) {
        var limited = known;
        for (var passage : inside) limited = limited(limited, passage.position);
        limit = limited;
    }

    /// The sweep has gone over everything, and nobody comes in any more who is older than what it says.
    ///
    /// @return the rules that nothing needs any more
    synchronized Fold endSweep() {
        var done = limit == null ? Fold.NOTHING : limit;
        limit = null;
        var upTo = new HashMap<>(folded.upTo());
        done.upTo().forEach((epoch, number) -> upTo.merge(epoch, number, Math::max));
        upTo.keySet().retainAll(done.upTo().keySet());
        folded = new Fold(upTo, Math.max(folded.changes(), done.changes()));
        return done;
    }

    /// The sweep has not seen everything.
    synchronized void abandonSweep() {
        limit = null;
    }

    /// The log goes on at a lower number, so that what is fetched from now on is as new as can be.
    synchronized void moveTo(LogPosition position) {
        if (folded.upTo(position.epoch()) <= position.number()) return;
        var upTo = new HashMap<>(folded.upTo());
        upTo.put(position.epoch(), position.number());
        folded = new Fold(upTo, folded.changes());
    }

    private static Fold limited(Fold fold, LogPosition position) {
        Map<String, Long> upTo = fold.upTo();
        if (fold.upTo(position.epoch()) > position.number()) {
            upTo = new HashMap<>(upTo);
            upTo.put(position.epoch(), position.number());
        }
        return new Fold(upTo, Math.min(fold.changes(), position.changes()));
    }
}

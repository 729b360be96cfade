package dev.nearside.edge.store;

import dev.nearside.edge.http.LogPosition;
import dev.nearside.edge.key.CacheKey.Target;
import dev.nearside.model.invalidation.Invalidation;
import dev.nearside.model.invalidation.InvalidationPath;
import dev.nearside.model.invalidation.InvalidationPath.Exact;
import dev.nearside.model.invalidation.InvalidationPath.Prefix;
import java.util.BitSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// Which stored objects are dead: every one that is older than an invalidation that reaches it.
///
/// A lookup costs one pass over the path, however many invalidations and objects there are. Paths are kept as 64-bit
/// hashes with a random base: should two ever collide, an object dies too early, never too late. A path reaches an
/// object by any of its forms (as sent, normalised, percent-decoded), for the same reason.
///
/// Rules count within their epoch of the log: numbers of two epochs cannot be compared.
final class InvalidationRules {

    /// Epochs whose rules are kept: objects of the one before stay dead after a change.
    private static final int EPOCHS = 2;

    /// Paths of changes that are kept.
    static final int MOST_CHANGES = 65_536;

    private final long base;
    private final Map<String, Epoch> epochs = new ConcurrentHashMap<>();
    private final Changes changes = new Changes();
    private volatile State state = new State(LogPosition.NONE, 0);

    /// @param floor the first number of the current epoch from which on every invalidation is known
    private record State(LogPosition position, long floor) {}

    /// @param base random, so that nobody can make up paths that collide
    InvalidationRules(long base) {
        this.base = base | 1;
    }

    /// The position of the last invalidation, or the one that was moved to; and of the last change.
    LogPosition position() {
        var now = state.position();
        long last = changes.last;
        return last == 0 ? now : new LogPosition(now.epoch(), now.number(), last);
    }

    /// Whether every invalidation, and every change, after this position is known here.
    boolean proves(LogPosition position) {
        var now = state;
        return provesChanges(position)
                && position.epoch().equals(now.position().epoch())
                && position.number() >= now.floor();
    }

    /// The first number of the current epoch from which on every invalidation is known.
    long floor() {
        return state.floor();
    }

    synchronized void apply(Invalidation invalidation) {
        var now = state;
        var reached = new LogPosition(invalidation.epoch(), invalidation.position());
        if (!invalidation.epoch().equals(now.position().epoch())) {
            // What lies between is unknown.
            move(reached, reached.number());
            now = state;
        }
        kill(invalidation);
        if (reached.number() > now.position().number()) state = new State(reached, now.floor());
    }

    /// Kills what an invalidation reaches, and stays at the present position.
    synchronized void kill(Invalidation invalidation) {
        epoch(invalidation.epoch())
                .rules
                .computeIfAbsent(invalidation.distribution().value(), _ -> new Rules(base))
                .add(invalidation.paths(), invalidation.position());
    }

    /// Moves to a position.
    ///
    /// @param floor that very position if the invalidations in between are unknown: older objects are unproven from
    ///     now on
    synchronized void move(LogPosition position, long floor) {
        epoch(position.epoch());
        if (epochs.size() > EPOCHS) {
            var before = state.position().epoch();
            epochs.keySet().retainAll(Set.of(before, position.epoch()));
        }
        state = new State(position, floor);
    }

    /// Whether every change after this position is known here.
    boolean provesChanges(LogPosition position) {
        return position.changes() >= changes.forgotten;
    }

    /// Kills what is stored of a target up to now.
    ///
    /// @return the number of the change
    long outdate(Target target) {
        return changes.add(target, base);
    }

    /// The same, for a change that was known before a restart.
    void outdate(Target target, long number) {
        changes.add(target, number, base);
    }

    /// Changes up to this one are not known.
    void forgetChanges(long number) {
        changes.forget(number);
    }

    private Epoch epoch(String name) {
        return epochs.computeIfAbsent(name, _ -> new Epoch());
    }

    /// Whether an invalidation that is younger than an object reaches it.
    boolean kills(Target target, LogPosition position) {
        return changes.reach(target, position.changes()) || invalidates(target, position);
    }

    private boolean invalidates(Target target, LogPosition position) {
        var epoch = epochs.get(position.epoch());
        if (epoch == null) return false;
        var rules = epoch.rules.get(target.distribution());
        return rules != null && rules.highest.get() > position.number() && rules.reach(target) > position.number();
    }

    /// How many paths are kept.
    long count() {
        return epochs.values().stream()
                .flatMap(epoch -> epoch.rules.values().stream())
                .mapToLong(rules -> rules.exact.size() + rules.prefixes.size())
                .sum();
    }

    /// What requests have changed, target by target, on this node only.
    ///
    /// Viewers make these rules by the thousand, so there is a bound: when there are too many, the older ones are
    /// forgotten, and what was stored before them is revalidated once before it is served.
    private static final class Changes {

        final Map<String, Rules> rules = new ConcurrentHashMap<>();
        volatile long last;
        volatile long forgotten;

        synchronized long add(Target target, long base) {
            return add(target, last + 1, base);
        }

        synchronized long add(Target target, long number, long base) {
            var ofSite = rules.computeIfAbsent(target.distribution(), _ -> new Rules(base));
            ofSite.addExact(target.raw(), number);
            if (!target.normal().equals(target.raw())) ofSite.addExact(target.normal(), number);
            ofSite.highest.accumulateAndGet(number, Math::max);
            last = Math.max(last, number);
            if (count() > MOST_CHANGES) forget(last - MOST_CHANGES / 8);
            return number;
        }

        private long count() {
            long sum = 0;
            for (var ofSite : rules.values()) sum += ofSite.exact.size();
            return sum;
        }

        synchronized void forget(long number) {
            forgotten = Math.max(forgotten, number);
            last = Math.max(last, number);
            for (var ofSite : rules.values()) ofSite.exact.values().removeIf(known -> known <= number);
        }

        boolean reach(Target target, long since) {
            if (last <= since) return false;
            var ofSite = rules.get(target.distribution());
            return ofSite != null && ofSite.highest.get() > since && ofSite.reach(target) > since;
        }
    }

    private static final class Epoch {
        final Map<String, Rules> rules = new ConcurrentHashMap<>();
    }

    /// The paths of one distribution, each with the highest position it was invalidated at.
    private static final class Rules {

        final long base;
        final AtomicLong highest = new AtomicLong();
        final Map<Long, Long> exact = new ConcurrentHashMap<>();
        final Map<Long, Long> prefixes = new ConcurrentHashMap<>();
        // Lengths of prefixes; replaced, never changed.
        volatile BitSet lengths = new BitSet();

        Rules(long base) {
            this.base = base;
        }

        void add(Iterable<InvalidationPath> paths, long position) {
            for (var path : paths) {
                switch (path) {
                    case Exact(var written) -> addExact(written, position);
                    case Prefix(var written) -> {
                        addPrefix(written, position);
                        addPrefix(decoded(written), position);
                    }
                }
            }
            highest.accumulateAndGet(position, Math::max);
        }

        void addExact(String path, long position) {
            exact.merge(hash(path), position, Math::max);
            if (path.indexOf('%') >= 0) exact.merge(hash(decoded(path)), position, Math::max);
        }

        private void addPrefix(String prefix, long position) {
            prefixes.merge(hash(prefix), position, Math::max);
            if (lengths.get(prefix.length())) return;
            var more = (BitSet) lengths.clone();
            more.set(prefix.length());
            lengths = more;
        }

        /// The highest position of all rules that reach a target; zero if none does.
        long reach(Target target) {
            long reached = reach(target.raw());
            if (!target.normal().equals(target.raw())) reached = Math.max(reached, reach(target.normal()));
            if (target.raw().indexOf('%') >= 0) reached = Math.max(reached, reach(decoded(target.raw())));
            if (target.normal().indexOf('%') >= 0) reached = Math.max(reached, reach(decoded(target.normal())));
            return reached;
        }

        private long reach(String path) {
            var some = lengths;
            long reached = 0;
            long hash = 0;
            for (int i = 0; ; i++) {
                if (some.get(i)) reached = Math.max(reached, prefixes.getOrDefault(spread(hash, i), 0L));
                if (i == path.length()) break;
                hash = hash * base + path.charAt(i) + 1;
            }
            return Math.max(reached, exact.getOrDefault(spread(hash, path.length()), 0L));
        }

        private long hash(String path) {
            long hash = 0;
            for (int i = 0; i < path.length(); i++) hash = hash * base + path.charAt(i) + 1;
            return spread(hash, path.length());
        }

        private static long spread(long hash, int length) {
            long mixed = (hash ^ length) * 0x9e37_79b9_7f4a_7c15L;
            return mixed ^ mixed >>> 32;
        }
    }

    /// A path with every percent-encoded byte decoded once; what is not an encoding stays.
    private static String decoded(String path) {
        if (path.indexOf('%') < 0) return path;
        var text = new StringBuilder(path.length());
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            int high = c == '%' && i + 2 < path.length() ? Character.digit(path.charAt(i + 1), 16) : -1;
            int low = high >= 0 ? Character.digit(path.charAt(i + 2), 16) : -1;
            if (low >= 0) {
                c = (char) (high << 4 | low);
                i += 2;
            }
            text.append(c);
        }
        return text.toString();
    }
}

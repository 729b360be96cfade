package dev.nearside.edge.store;

import dev.nearside.edge.http.LogPosition;
import dev.nearside.edge.http.PathForms;
import dev.nearside.edge.http.Tags;
import dev.nearside.edge.key.CacheKey.Target;
import dev.nearside.model.invalidation.Invalidation;
import dev.nearside.model.invalidation.Invalidation.Effect;
import dev.nearside.model.invalidation.InvalidationPath;
import dev.nearside.model.invalidation.InvalidationPath.Exact;
import dev.nearside.model.invalidation.InvalidationPath.Prefix;
import dev.nearside.model.invalidation.InvalidationPath.Tag;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What invalidations make of stored objects: each that is older than a hard one that reaches it is dead, each that is
/// older than a soft one is stale from that moment on.
///
/// A lookup costs one pass over the path and one look for each tag, however many invalidations and objects there are;
/// an object that no rule of its distribution is younger than costs a comparison. Paths are kept as 64-bit hashes with
/// a random base: should two ever collide, an object dies too early, never too late. A path reaches an object by any of
/// its forms (as sent, normalised, percent-decoded), for the same reason. Tags are kept as they are.
///
/// Rules count within their epoch of the log: numbers of two epochs cannot be compared.
///
/// When a {@link Sweep} has seen to it that nothing is stored any more that they reach, rules are folded away.
public final class InvalidationRules {

    /// What {@link #judge} says of an object that no rule reaches.
    public static final long ALIVE = Long.MAX_VALUE;

    /// What it says of one that nobody may get again. Between the two is the moment, in milliseconds since 1970, from
    /// which on the object is stale.
    public static final long DEAD = Long.MIN_VALUE;

    /// Epochs whose rules are kept: objects of the one before stay dead after a change.
    private static final int EPOCHS = 2;

    /// Paths of changes that are kept.
    static final int MOST_CHANGES = 65_536;

    private final long base;
    private final Map<String, Epoch> epochs = new ConcurrentHashMap<>();
    private final Changes changes = new Changes();
    private volatile State state = new State(LogPosition.NONE, 0);
    private volatile Epoch current = epoch("");

    /// @param floor the first number of the current epoch from which on every invalidation is known
    private record State(LogPosition position, long floor) {}

    /// @param base random, so that nobody can make up paths that collide
    public InvalidationRules(long base) {
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

    public synchronized void apply(Invalidation invalidation) {
        var now = state;
        var reached = new LogPosition(invalidation.epoch(), invalidation.position());
        if (!invalidation.epoch().equals(now.position().epoch())) {
            // What lies between is unknown.
            move(reached, reached.number());
            now = state;
        }
        enact(invalidation);
        if (reached.number() > now.position().number()) state = new State(reached, now.floor());
    }

    /// Does what an invalidation says to what it reaches, and stays at the present position.
    synchronized void enact(Invalidation invalidation) {
        epoch(invalidation.epoch()).add(invalidation);
    }

    /// Moves to a position.
    ///
    /// @param floor that very position if the invalidations in between are unknown: older objects are unproven from
    ///     now on
    synchronized void move(LogPosition position, long floor) {
        var there = epoch(position.epoch());
        if (epochs.size() > EPOCHS) {
            var before = state.position().epoch();
            epochs.keySet().retainAll(Set.of(before, position.epoch()));
        }
        current = there;
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
        return changes.add(target);
    }

    /// The same, for a change that was known before a restart.
    void outdate(Target target, long number) {
        changes.add(target, number);
    }

    /// Changes up to this one are not known.
    void forgetChanges(long number) {
        changes.forget(number);
    }

    private Epoch epoch(String name) {
        return epochs.computeIfAbsent(name, Epoch::new);
    }

    /// What the rules that are younger than an object make of it: {@link #ALIVE}, {@link #DEAD}, or since when it is
    /// stale. Does not wait, and allocates nothing if no rule of the distribution is younger.
    ///
    /// @param position of the object
    public long judge(Target target, Tags tags, LogPosition position) {
        if (changes.reach(target, position.changes())) return DEAD;
        var epoch = current;
        if (!epoch.name.equals(position.epoch())) {
            var other = epochs.get(position.epoch());
            if (other == null) return ALIVE;
            epoch = other;
        }
        if (epoch.highest <= position.number()) return ALIVE;
        var rules = epoch.rules.get(target.distribution());
        return rules == null || rules.highest <= position.number()
                ? ALIVE
                : rules.judge(target, tags, position.number());
    }

    /// How many rules are kept: paths in each form that differs, and tags.
    long count() {
        long sum = changes.count();
        for (var epoch : epochs.values()) {
            for (var rules : epoch.rules.values()) sum += rules.count();
        }
        return sum;
    }

    // ---- folding

    /// Every rule of now that is sure to be known after a restart.
    synchronized Fold known() {
        var upTo = new HashMap<String, Long>();
        epochs.forEach((name, epoch) -> upTo.put(name, epoch.highest));
        upTo.put(state.position().epoch(), state.position().number());
        return new Fold(upTo, changes.last);
    }

    synchronized void fold(Fold fold) {
        fold.upTo().forEach((name, upTo) -> {
            var epoch = epochs.get(name);
            if (epoch == null) return;
            for (var rules : epoch.rules.values()) rules.forget(upTo);
            epoch.rules.values().removeIf(rules -> rules.count() == 0);
        });
        changes.fold(fold.changes());
    }

    // ---- rules

    /// What requests have changed, target by target, on this node only.
    ///
    /// Viewers make these rules by the thousand, so there is a bound: when there are too many, the older ones are
    /// forgotten, and what was stored before them is revalidated once before it is served.
    private final class Changes {

        final Map<String, Rules> rules = new ConcurrentHashMap<>();
        volatile long last;
        volatile long forgotten;

        synchronized long add(Target target) {
            return add(target, last + 1);
        }

        synchronized long add(Target target, long number) {
            var ofSite = rules.computeIfAbsent(target.distribution(), _ -> new Rules());
            ofSite.addExact(target.raw(), number);
            if (!target.normal().equals(target.raw())) ofSite.addExact(target.normal(), number);
            ofSite.raise(number);
            last = Math.max(last, number);
            if (count() > MOST_CHANGES) forget(last - MOST_CHANGES / 8);
            return number;
        }

        synchronized long count() {
            long sum = 0;
            for (var ofSite : rules.values()) sum += ofSite.exact.size();
            return sum;
        }

        synchronized void forget(long number) {
            forgotten = Math.max(forgotten, number);
            fold(number);
        }

        synchronized void fold(long number) {
            last = Math.max(last, number);
            for (var ofSite : rules.values()) ofSite.exact.forget(number);
            rules.values().removeIf(ofSite -> ofSite.exact.size() == 0);
        }

        boolean reach(Target target, long since) {
            if (last <= since) return false;
            var ofSite = rules.get(target.distribution());
            return ofSite != null && ofSite.highest > since && ofSite.judge(target, Tags.NONE, since) == DEAD;
        }
    }

    private final class Epoch {

        final String name;
        final Map<String, Rules> rules = new ConcurrentHashMap<>();
        volatile long highest;

        Epoch(String name) {
            this.name = name;
        }

        // Guarded by the rules as a whole.
        void add(Invalidation invalidation) {
            rules.computeIfAbsent(invalidation.distribution().value(), _ -> new Rules())
                    .add(invalidation);
            if (invalidation.position() > highest) highest = invalidation.position();
        }
    }

    /// The rules of one distribution: by path and by tag, each with the highest position that it was invalidated at
    /// hard, and all of those where it was so softly. One thread at a time changes them.
    private final class Rules {

        final PositionTable exact = new PositionTable();
        final PositionTable prefixes = new PositionTable();
        final Map<String, Long> tags = new ConcurrentHashMap<>();
        final Map<Long, Moments> softExact = new ConcurrentHashMap<>();
        final Map<Long, Moments> softPrefixes = new ConcurrentHashMap<>();
        final Map<String, Moments> softTags = new ConcurrentHashMap<>();
        // Lengths of prefixes; replaced, never changed. Some may be of rules that were folded away.
        volatile BitSet lengths = new BitSet();
        volatile long highestSoft;
        volatile long highest;

        void raise(long position) {
            if (position > highest) highest = position;
        }

        void add(Invalidation invalidation) {
            long position = invalidation.position();
            for (var path : invalidation.paths()) {
                switch (invalidation.effect()) {
                    case Effect.Hard() -> addHard(path, position);
                    case Effect.Soft(var since) -> addSoft(path, position, since.toEpochMilli());
                }
            }
            if (invalidation.effect() instanceof Effect.Soft && position > highestSoft) highestSoft = position;
            raise(position);
        }

        private void addHard(InvalidationPath path, long position) {
            switch (path) {
                case Exact(var written) -> addExact(written, position);
                case Prefix(var written) -> {
                    for (var form : prefixForms(written)) prefixes.raise(prefix(form), position);
                }
                case Tag(var name) -> tags.merge(name, position, Math::max);
            }
        }

        void addExact(String path, long position) {
            for (var form : forms(path)) exact.raise(hash(form), position);
        }

        private void addSoft(InvalidationPath path, long position, long since) {
            switch (path) {
                case Exact(var written) -> {
                    for (var form : forms(written)) mark(softExact, hash(form), position, since);
                }
                case Prefix(var written) -> {
                    for (var form : prefixForms(written)) mark(softPrefixes, prefix(form), position, since);
                }
                case Tag(var name) -> mark(softTags, name, position, since);
            }
        }

        private static <K> void mark(Map<K, Moments> rules, K what, long position, long since) {
            rules.merge(what, Moments.NONE.with(position, since), (known, _) -> known.with(position, since));
        }

        /// The hash of a prefix, whose length is looked at from now on.
        private long prefix(String prefix) {
            if (!lengths.get(prefix.length())) {
                var more = (BitSet) lengths.clone();
                more.set(prefix.length());
                lengths = more;
            }
            return hash(prefix);
        }

        void forget(long upTo) {
            exact.forget(upTo);
            prefixes.forget(upTo);
            tags.values().removeIf(position -> position <= upTo);
            forget(softExact, upTo);
            forget(softPrefixes, upTo);
            forget(softTags, upTo);
            if (prefixes.size() == 0 && softPrefixes.isEmpty()) lengths = new BitSet();
        }

        private static <K> void forget(Map<K, Moments> rules, long upTo) {
            rules.replaceAll((_, moments) -> moments.without(upTo));
            rules.values().removeIf(moments -> moments.size() == 0);
        }

        long count() {
            return (long) exact.size()
                    + prefixes.size()
                    + tags.size()
                    + sum(softExact)
                    + sum(softPrefixes)
                    + sum(softTags);
        }

        private static long sum(Map<?, Moments> rules) {
            long sum = 0;
            for (var moments : rules.values()) sum += moments.size();
            return sum;
        }

        /// What the rules above a position make of a target.
        long judge(Target target, Tags carried, long position) {
            long since = judge(target.raw(), position);
            if (since != DEAD && !target.normal().equals(target.raw())) {
                since = Math.min(since, judge(target.normal(), position));
            }
            if (since != DEAD && target.raw().indexOf('%') >= 0) {
                since = Math.min(since, judge(decoded(target.raw()), position));
            }
            if (since != DEAD && target.normal().indexOf('%') >= 0) {
                since = Math.min(since, judge(decoded(target.normal()), position));
            }
            return since == DEAD || carried.names().isEmpty() ? since : Math.min(since, judge(carried, position));
        }

        private long judge(String path, long position) {
            var some = lengths;
            boolean maySoften = highestSoft > position;
            long since = ALIVE;
            long hash = 0;
            for (int i = 0; ; i++) {
                if (some.get(i)) {
                    long prefix = spread(hash, i);
                    if (prefixes.get(prefix) > position) return DEAD;
                    if (maySoften) since = Math.min(since, soft(softPrefixes, prefix, position));
                }
                if (i == path.length()) break;
                hash = hash * base + path.charAt(i) + 1;
            }
            long whole = spread(hash, path.length());
            if (exact.get(whole) > position) return DEAD;
            return maySoften ? Math.min(since, soft(softExact, whole, position)) : since;
        }

        private long judge(Tags carried, long position) {
            boolean maySoften = highestSoft > position;
            long since = ALIVE;
            for (var name : carried.names()) {
                var hard = tags.get(name);
                if (hard != null && hard > position) return DEAD;
                if (maySoften) since = Math.min(since, soft(softTags, name, position));
            }
            return since;
        }

        private static <K> long soft(Map<K, Moments> rules, K what, long position) {
            var moments = rules.get(what);
            return moments == null ? ALIVE : moments.after(position);
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

    /// What a path that an operator wrote is compared as: as written, decoded, and as it would be matched if a viewer
    /// sent it. Nearly always that is one and the same.
    private static Set<String> forms(String path) {
        if (path.indexOf('%') < 0 && !path.contains("//") && !path.contains("/.")) return Set.of(path);
        int query = path.indexOf('?');
        int end = query < 0 ? path.length() : query;
        return Stream.of(path, decoded(path), PathForms.normal(path.substring(0, end)) + path.substring(end))
                .collect(Collectors.toSet());
    }

    /// The same for the beginning of a path. What follows its last slash is not known to be a whole segment, so dots in
    /// it mean nothing yet.
    private static Set<String> prefixForms(String prefix) {
        if (prefix.indexOf('%') < 0 && !prefix.contains("//") && !prefix.contains("/.")) return Set.of(prefix);
        int query = prefix.indexOf('?');
        int end = prefix.lastIndexOf('/', query < 0 ? prefix.length() : query) + 1;
        return Stream.of(prefix, decoded(prefix), PathForms.normal(prefix.substring(0, end)) + prefix.substring(end))
                .collect(Collectors.toSet());
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

package dev.nearside.control.metrics;

import dev.nearside.model.wire.feed.EdgeReport.Counters;
import java.util.EnumMap;
import java.util.function.ToLongFunction;

/// An amount of every measure; never changes.
public final class Tally {
    /// Nothing was counted.
    public static final Tally NOTHING = of(_ -> 0);

    private final EnumMap<Measure, Long> amounts;

    private Tally(EnumMap<Measure, Long> amounts) {
        this.amounts = amounts;
    }

    public static Tally of(ToLongFunction<Measure> amount) {
        var amounts = new EnumMap<Measure, Long>(Measure.class);
        for (var measure : Measure.values()) amounts.put(measure, amount.applyAsLong(measure));
        return new Tally(amounts);
    }

    static Tally of(Counters counters) {
        return of(measure -> measure.of(counters));
    }

    public long of(Measure measure) {
        return amounts.getOrDefault(measure, 0L);
    }

    public Tally plus(Tally other) {
        return of(measure -> of(measure) + other.of(measure));
    }

    /// What was added since an earlier count; counters never run backwards.
    public Tally since(Tally earlier) {
        return of(measure -> Math.max(of(measure) - earlier.of(measure), 0));
    }

    /// One of equal shares; all shares together are the whole.
    Tally share(int index, int count) {
        return of(measure -> of(measure) * (index + 1) / count - of(measure) * index / count);
    }

    boolean isNothing() {
        return amounts.values().stream().allMatch(amount -> amount == 0);
    }
}

package dev.nearside.control.metrics;

import dev.nearside.model.wire.feed.EdgeReport.Counters;
import java.util.Arrays;
import java.util.function.LongBinaryOperator;
import java.util.function.ToLongFunction;

/// An amount of every measure; never changes, and never turns over, whatever an edge says.
public final class Tally {
    private static final Measure[] MEASURES = Measure.values();

    /// Nothing was counted.
    public static final Tally NOTHING = of(_ -> 0);

    /// By the ordinals of measures: there are hundreds of thousands of tallies in memory.
    private final long[] amounts;

    private Tally(long[] amounts) {
        this.amounts = amounts;
    }

    public static Tally of(ToLongFunction<Measure> amount) {
        return new Tally(Arrays.stream(MEASURES).mapToLong(amount).toArray());
    }

    static Tally of(Counters counters) {
        return of(measure -> measure.of(counters));
    }

    @SuppressWarnings("EnumOrdinal") // the places of amounts that never leave the memory
    public long of(Measure measure) {
        return amounts[measure.ordinal()];
    }

    public Tally plus(Tally other) {
        return with(other, Tally::sum);
    }

    /// What was added since an earlier count; counters never run backwards.
    public Tally since(Tally earlier) {
        return with(earlier, (now, before) -> Math.max(now - before, 0));
    }

    private Tally with(Tally other, LongBinaryOperator operator) {
        var all = new long[amounts.length];
        for (int i = 0; i < all.length; i++) all[i] = operator.applyAsLong(amounts[i], other.amounts[i]);
        return new Tally(all);
    }

    private static long sum(long one, long other) {
        long sum = one + other;
        boolean turnedOver = ((one ^ sum) & (other ^ sum)) < 0;
        return turnedOver ? Long.MAX_VALUE : sum;
    }

    /// One of equal shares; all shares together are the whole.
    Tally share(int index, int count) {
        return new Tally(Arrays.stream(amounts)
                .map(all -> all / count + all % count * (index + 1) / count - all % count * index / count)
                .toArray());
    }

    boolean isNothing() {
        return Arrays.stream(amounts).allMatch(amount -> amount == 0);
    }
}

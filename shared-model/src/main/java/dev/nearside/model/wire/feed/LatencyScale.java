package dev.nearside.model.wire.feed;

import java.util.Arrays;

/// The steps in which edges count how long viewers waited for the first byte.
///
/// Step 0 holds everything up to 1 ms, each next one reaches √2 times as far, and the last one has no end. So two
/// edges that differ by half can be told apart, and a thousand of them can be added up.
public final class LatencyScale {

    /// How many steps there are.
    public static final int STEPS = 29;

    private static final long[] UP_TO_NANOS = new long[STEPS - 1];

    static {
        for (int i = 0; i < UP_TO_NANOS.length; i++) UP_TO_NANOS[i] = Math.round(1e6 * Math.pow(2, i / 2.0));
    }

    private LatencyScale() {}

    /// The step that a time falls into.
    public static int step(long nanos) {
        int found = Arrays.binarySearch(UP_TO_NANOS, nanos);
        return found >= 0 ? found : -found - 1;
    }

    /// Where a step ends, in milliseconds; of the last one, where it begins.
    public static double upToMillis(int step) {
        return UP_TO_NANOS[Math.min(step, UP_TO_NANOS.length - 1)] / 1e6;
    }
}

package dev.nearside.load.replay;

import dev.nearside.load.trace.Trace;
import java.util.Arrays;

/// What no cache can exceed, though it knew the future: PFOO-U (Berger et al., SIGMETRICS 2018).
///
/// A hit costs room for as long as its object must be kept since the request before. Taking the cheapest hits until
/// the room of the whole trace is used up allows a cache that is fuller than it may be at one time, if it is emptier
/// at another; so this is a bound, and not always one that can be reached.
final class Bound {

    private Bound() {}

    static Replay.Ratios of(Trace trace, Space space) {
        return new Replay.Ratios(best(trace, space, false), best(trace, space, true));
    }

    private static double best(Trace trace, Space space, boolean byBytes) {
        var last = new int[trace.objects()];
        Arrays.fill(last, -1);
        // For each hit its cost per value, to be sorted, with its place among the requests.
        var ratio = new double[trace.length()];
        var kept = new int[trace.length()];
        int hits = 0;
        double all = 0;
        for (int i = 0; i < trace.length(); i++) {
            int object = trace.object(i);
            all += byBytes ? trace.size(object) : 1;
            if (last[object] >= 0 && space.fits(object)) {
                kept[i] = i - last[object];
                double cost = (double) kept[i] * space.units()[object];
                ratio[hits++] = cost / (byBytes ? Math.max(1, trace.size(object)) : 1);
            }
            last[object] = i;
        }
        var sorted = Arrays.copyOf(ratio, hits);
        Arrays.sort(sorted);
        return all == 0 ? 0 : sum(trace, space, byBytes, kept, sorted) / all;
    }

    /// Hits of equal ratio are worth the same for their cost, so the order among them does not matter.
    private static double sum(Trace trace, Space space, boolean byBytes, int[] kept, double[] sorted) {
        double room = (double) space.capacity() * trace.length();
        int low = 0;
        int high = sorted.length;
        // The highest ratio up to which all hits can be paid.
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (cost(trace, space, byBytes, kept, sorted[middle]) <= room) low = middle + 1;
            else high = middle;
        }
        double limit = low == 0 ? -1 : sorted[low - 1];
        double value = 0;
        for (int i = 0; i < kept.length; i++) {
            if (kept[i] > 0 && ratio(trace, space, byBytes, kept, i) <= limit) {
                value += byBytes ? trace.size(trace.object(i)) : 1;
            }
        }
        double left = room - cost(trace, space, byBytes, kept, limit);
        if (low < sorted.length && sorted[low] > 0) value += left / sorted[low];
        return value;
    }

    private static double ratio(Trace trace, Space space, boolean byBytes, int[] kept, int i) {
        int object = trace.object(i);
        double cost = (double) kept[i] * space.units()[object];
        return cost / (byBytes ? Math.max(1, trace.size(object)) : 1);
    }

    private static double cost(Trace trace, Space space, boolean byBytes, int[] kept, double limit) {
        double cost = 0;
        for (int i = 0; i < kept.length; i++) {
            if (kept[i] > 0 && ratio(trace, space, byBytes, kept, i) <= limit) {
                cost += (double) kept[i] * space.units()[trace.object(i)];
            }
        }
        return cost;
    }
}

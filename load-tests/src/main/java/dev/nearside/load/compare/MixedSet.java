package dev.nearside.load.compare;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// Ten thousand objects of a web site: sizes from 512 bytes to 138 KiB, spread evenly over their logarithm, and
/// popular by Zipf's law, whatever their size.
///
/// Everything follows from fixed numbers, so that all servers are asked for the same objects in the same order.
final class MixedSet {

    static final int OBJECTS = 10_000;

    /// Requests drawn: what a run asks for before it starts again.
    static final int DRAWN = 200_000;

    /// Breslau and others, "Web caching and Zipf-like distributions", found 0.64 to 0.83; CDNs see up to 1.
    static final double EXPONENT = 0.9;

    private static final int SMALLEST = 512;
    private static final double SPREAD = 256;

    /// Without a common divisor with the number of objects: every size comes once, small and large ones in turns.
    private static final int STRIDE = 7_919;

    /// No object is longer.
    static final int LONGEST = (int) (SMALLEST * SPREAD) + OBJECTS - 1;

    private MixedSet() {}

    /// The length of the object that is the n-th most popular, counted from zero; no two have the same.
    static int length(int rank) {
        var size = (int) ((rank * (long) STRIDE + OBJECTS / 2) % OBJECTS);
        return (int) (SMALLEST * Math.pow(SPREAD, size / (OBJECTS - 1.0))) + size;
    }

    /// Ranks in the order in which they are asked for.
    static List<Integer> drawn() {
        var upTo = new double[OBJECTS];
        var sum = 0.0;
        for (var rank = 0; rank < OBJECTS; rank++) {
            sum += 1 / Math.pow(rank + 1, EXPONENT);
            upTo[rank] = sum;
        }
        var random = new SplittableRandom(2026);
        var drawn = new ArrayList<Integer>(DRAWN);
        for (var turn = 0; turn < DRAWN; turn++) {
            var found = Arrays.binarySearch(upTo, random.nextDouble() * sum);
            drawn.add(Math.min(found < 0 ? -found - 1 : found + 1, OBJECTS - 1));
        }
        return drawn;
    }
}

package dev.nearside.load.scenario;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/// Chooses as viewers do (Zipf's law): the n-th most popular thing about 1/n as often as the first.
final class Popularity {

    private final List<String> ranked;
    private final double[] upTo;

    Popularity(List<String> ranked, double exponent) {
        if (ranked.isEmpty()) throw new IllegalArgumentException("ranked: nothing to choose from");
        this.ranked = List.copyOf(ranked);
        upTo = new double[ranked.size()];
        var sum = 0.0;
        for (var rank = 0; rank < upTo.length; rank++) {
            sum += 1 / Math.pow(rank + 1, exponent);
            upTo[rank] = sum;
        }
    }

    String choose(RandomGenerator random) {
        var found = Arrays.binarySearch(upTo, random.nextDouble() * upTo[upTo.length - 1]);
        return ranked.get(Math.min(found < 0 ? -found - 1 : found + 1, upTo.length - 1));
    }
}

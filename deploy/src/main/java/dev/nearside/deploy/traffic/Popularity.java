package dev.nearside.deploy.traffic;

import java.util.List;
import java.util.random.RandomGenerator;

/// Chooses among things as viewers do: the n-th most popular one is asked for about 1/n as often as the first.
final class Popularity<T> {

    private final List<T> ranked;
    private final double[] upTo;

    Popularity(List<T> ranked, double exponent) {
        if (ranked.isEmpty()) throw new IllegalArgumentException("ranked: nothing to choose from");
        this.ranked = List.copyOf(ranked);
        upTo = new double[ranked.size()];
        var sum = 0.0;
        for (var rank = 0; rank < upTo.length; rank++) {
            sum += 1 / Math.pow(rank + 1, exponent);
            upTo[rank] = sum;
        }
    }

    T choose(RandomGenerator random) {
        var point = random.nextDouble() * upTo[upTo.length - 1];
        var rank = 0;
        while (rank < upTo.length - 1 && upTo[rank] <= point) rank++;
        return ranked.get(rank);
    }
}

package dev.nearside.load.compare;

import java.util.List;
import java.util.function.ToDoubleFunction;

/// One turn of one peer at one row.
sealed interface Round {

    /// Every answer was a hit of the right length.
    ///
    /// @param perSecond answers
    /// @param p50 median of the time for an answer, in microseconds
    /// @param p99 99th percentile of it
    /// @param cpu microseconds of processor time that the server spent on an answer
    record Measured(double perSecond, double p50, double p99, double cpu) implements Round {}

    /// Something went wrong, so nothing that was measured counts.
    record Flawed(String why) implements Round {}

    /// The medians of all rounds, each figure by itself; flawed if one of them was.
    static Round median(List<Round> rounds) {
        var flawed = rounds.stream().filter(Flawed.class::isInstance).findFirst();
        if (flawed.isPresent()) return flawed.get();
        if (rounds.isEmpty()) return new Flawed("not measured");
        return new Measured(
                median(rounds, Measured::perSecond),
                median(rounds, Measured::p50),
                median(rounds, Measured::p99),
                median(rounds, Measured::cpu));
    }

    private static double median(List<Round> rounds, ToDoubleFunction<Measured> figure) {
        var sorted = rounds.stream()
                .filter(Measured.class::isInstance)
                .map(Measured.class::cast)
                .mapToDouble(figure)
                .sorted()
                .toArray();
        var middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}

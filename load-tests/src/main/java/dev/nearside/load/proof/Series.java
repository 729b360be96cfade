package dev.nearside.load.proof;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A figure over time, and whether it is flat.
final class Series {

    /// @param seconds since the beginning
    private record Sample(double seconds, double value) {}

    private final String name;
    private final double unit;
    private final double slack;
    private final List<Sample> samples = new ArrayList<>();

    /// @param unit what is printed as one
    /// @param slack how much more it may be in the second half, beside a twentieth of what it is
    Series(String name, long unit, long slack) {
        this.name = name;
        this.unit = (double) unit;
        this.slack = (double) slack;
    }

    void add(double seconds, long value) {
        samples.add(new Sample(seconds, (double) value));
    }

    /// Where the cache is full and every kind of traffic has been there: from a quarter of the time on.
    private List<Sample> between(double from, double to) {
        double end = samples.getLast().seconds();
        return samples.stream()
                .filter(sample -> sample.seconds() >= from * end && sample.seconds() <= to * end)
                .toList();
    }

    private static double mean(List<Sample> samples) {
        return samples.stream().mapToDouble(Sample::value).average().orElse(0);
    }

    /// Of the line through the samples that is nearest to all of them, per second.
    private static double slope(List<Sample> samples) {
        double x = samples.stream().mapToDouble(Sample::seconds).average().orElse(0);
        double y = mean(samples);
        double both = 0;
        double square = 0;
        for (var sample : samples) {
            both += (sample.seconds() - x) * (sample.value() - y);
            square += (sample.seconds() - x) * (sample.seconds() - x);
        }
        return square == 0 ? 0 : both / square;
    }

    private double bound() {
        return mean(between(0.25, 0.5)) * 0.05 + slack;
    }

    /// Whether the second half is no more than the second quarter, and does not rise by more than the bound.
    boolean isFlat() {
        if (samples.size() < 8) return true;
        var second = between(0.5, 1);
        double rise =
                slope(second) * (second.getLast().seconds() - second.getFirst().seconds());
        return mean(second) - mean(between(0.25, 0.5)) <= bound() && rise <= bound();
    }

    @Override
    public String toString() {
        if (samples.isEmpty()) return name;
        var second = between(0.5, 1);
        double rise =
                slope(second) * (second.getLast().seconds() - second.getFirst().seconds());
        return String.format(
                Locale.ROOT,
                "%-34s %10.1f %10.1f %10.1f %12.2f %10.1f   %s",
                name,
                mean(between(0.25, 0.5)) / unit,
                mean(second) / unit,
                samples.stream().mapToDouble(Sample::value).max().orElse(0) / unit,
                rise / unit,
                bound() / unit,
                isFlat() ? "flat" : "GROWS");
    }
}

package dev.nearside.load.trace;

import java.util.random.RandomGenerator;

/// How large objects are: log-normal around a median, which is what sites and mirrors look like.
///
/// @param median in bytes
/// @param sigma spread of the natural logarithm; 0 makes all objects equal
/// @param slope how size goes with popularity: the object of rank r of n has a median that is multiplied by
///     (r / n)^slope, so that above 0 the popular ones are small, below 0 they are large, and at 0 it is chance
public record Sizes(long median, double sigma, double slope) {

    private static final long SMALLEST = 64;
    private static final long LARGEST = 4L << 30;

    public static Sizes around(long median, double sigma) {
        return new Sizes(median, sigma, 0);
    }

    public Sizes withSlope(double slope) {
        return new Sizes(median, sigma, slope);
    }

    long choose(RandomGenerator random, double rankShare) {
        double size = median * Math.exp(sigma * random.nextGaussian()) * Math.pow(Math.max(rankShare, 1e-6), slope);
        return Math.clamp(Math.round(size), SMALLEST, LARGEST);
    }
}

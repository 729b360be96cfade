package dev.nearside.load.trace;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// Traffic that nobody has sent: made of parts whose shares and shapes are stated, the same in every run.
///
/// Most requests go to a catalogue of objects by Zipf's law. The other parts are added to it.
///
/// @param requests how many
public record Synthetic(
        String name, int requests, Catalogue catalogue, Popularity popularity, Intrusions intrusions, long seed) {

    private static final int REMEMBERED = 1 << 16;

    /// What most requests are for.
    ///
    /// @param objects how many there are at any time
    /// @param sizes of most of them, and of what intrudes
    /// @param large share of the objects that are large, whatever their popularity
    /// @param largeSizes of those
    public record Catalogue(int objects, Sizes sizes, double large, Sizes largeSizes) {}

    /// Which of them are asked for, and when.
    ///
    /// @param skew Zipf's exponent: the object of rank r is asked for in proportion to 1 / r^skew
    /// @param churn share of the catalogue that is replaced by new objects during the whole trace; 2 means that
    ///     every rank gets a new object twice
    /// @param recent share of requests that repeat one of the last requests, the nearer the likelier (1 / distance)
    public record Popularity(double skew, double churn, double recent) {}

    /// What else is asked for.
    ///
    /// @param once share of requests for objects that are asked for this one time
    /// @param scans share of requests that come from scans: runs through old objects, each once, in order
    /// @param scanLength how many objects a scan goes through; the next one goes through the same again
    /// @param flood share of the requests in the middle third that are for random keys, each once
    public record Intrusions(double once, double scans, int scanLength, double flood) {

        public static final Intrusions NONE = new Intrusions(0, 0, 0, 0);
    }

    /// A catalogue and nothing else.
    public static Synthetic catalogue(String name, int requests, int objects, double skew, Sizes sizes) {
        return new Synthetic(
                name,
                requests,
                new Catalogue(objects, sizes, 0, sizes),
                new Popularity(skew, 0, 0),
                Intrusions.NONE,
                20260101);
    }

    public Synthetic withChurn(double churn) {
        return with(new Popularity(popularity.skew, churn, popularity.recent));
    }

    public Synthetic withRecent(double recent) {
        return with(new Popularity(popularity.skew, popularity.churn, recent));
    }

    public Synthetic withOnce(double once) {
        return with(new Intrusions(once, intrusions.scans, intrusions.scanLength, intrusions.flood));
    }

    public Synthetic withScans(double scans, int scanLength) {
        return with(new Intrusions(intrusions.once, scans, scanLength, intrusions.flood));
    }

    public Synthetic withFlood(double flood) {
        return with(new Intrusions(intrusions.once, intrusions.scans, intrusions.scanLength, flood));
    }

    public Synthetic withLarge(double large, Sizes largeSizes) {
        var mixed = new Catalogue(catalogue.objects, catalogue.sizes, large, largeSizes);
        return new Synthetic(name, requests, mixed, popularity, intrusions, seed);
    }

    public Synthetic withSeed(long other) {
        return new Synthetic(name, requests, catalogue, popularity, intrusions, other);
    }

    private Synthetic with(Popularity other) {
        return new Synthetic(name, requests, catalogue, other, intrusions, seed);
    }

    private Synthetic with(Intrusions other) {
        return new Synthetic(name, requests, catalogue, popularity, other, seed);
    }

    public Trace generate() {
        return new Generation().run();
    }

    private final class Generation {

        private static final long SCANNED = 1L << 40;
        private static final long ONCE = 1L << 41;

        private final RandomGenerator random =
                RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        private final int objects = catalogue.objects;
        private final double[] upTo = new double[objects];
        private final long[] keyOfRank = new long[objects];
        private final long[] keys = new long[REMEMBERED];
        private final long[] bytes = new long[REMEMBERED];
        private long[] sizeOfKey = new long[objects * 2];
        private int catalogueKeys;
        private long onceKeys = ONCE;
        private int scanned;
        private boolean isScanning;

        Trace run() {
            double sum = 0;
            for (int rank = 0; rank < objects; rank++) {
                sum += Math.pow(rank + 1, -popularity.skew);
                upTo[rank] = sum;
                renew(rank);
            }
            var trace = new Trace.Builder();
            double due = 0;
            for (int i = 0; i < requests; i++) {
                for (due += popularity.churn * objects / requests; due >= 1; due--) renew(random.nextInt(objects));
                next(i);
                trace.request(keys[i & (REMEMBERED - 1)], bytes[i & (REMEMBERED - 1)]);
            }
            return trace.build();
        }

        private void next(int i) {
            boolean isMiddle = i >= requests / 3 && i < requests * 2 / 3;
            if (isMiddle && random.nextDouble() < intrusions.flood) {
                remember(i, onceKeys++, catalogue.sizes.choose(random, random.nextDouble()));
                return;
            }
            double part = random.nextDouble();
            if (part < popularity.recent && i > 0) {
                // 1 / distance over the requests remembered.
                int back = (int) Math.pow(Math.min(i, REMEMBERED - 1), random.nextDouble());
                int at = (i - Math.max(1, back)) & (REMEMBERED - 1);
                remember(i, keys[at], bytes[at]);
                return;
            }
            part -= popularity.recent;
            if (part >= 0 && part < intrusions.once) {
                remember(i, onceKeys++, catalogue.sizes.choose(random, random.nextDouble()));
                return;
            }
            part -= intrusions.once;
            // A scan runs to its end with every second request, then rests until its share is due again.
            double scans = intrusions.scans;
            int scanLength = intrusions.scanLength;
            if (scans > 0) {
                if (!isScanning && random.nextDouble() < scans / (1 - scans) / scanLength) isScanning = true;
                if (isScanning && random.nextBoolean()) {
                    long key = SCANNED + scanned;
                    remember(i, key, sizeOf(key));
                    if (++scanned == scanLength) {
                        scanned = 0;
                        isScanning = false;
                    }
                    return;
                }
            }
            int rank = Arrays.binarySearch(upTo, random.nextDouble() * upTo[objects - 1]);
            rank = Math.min(rank < 0 ? -rank - 1 : rank + 1, objects - 1);
            long key = keyOfRank[rank];
            remember(i, key, sizeOfKey[(int) key]);
        }

        private long sizeOf(long key) {
            return catalogue.sizes.choose(new SplittableRandom(key), 0.5);
        }

        private void remember(int i, long key, long size) {
            keys[i & (REMEMBERED - 1)] = key;
            bytes[i & (REMEMBERED - 1)] = size;
        }

        private void renew(int rank) {
            int key = catalogueKeys++;
            if (key == sizeOfKey.length) sizeOfKey = Arrays.copyOf(sizeOfKey, 2 * key);
            keyOfRank[rank] = key;
            var kind = random.nextDouble() < catalogue.large ? catalogue.largeSizes : catalogue.sizes;
            sizeOfKey[key] = kind.choose(random, (rank + 1.0) / objects);
        }
    }
}

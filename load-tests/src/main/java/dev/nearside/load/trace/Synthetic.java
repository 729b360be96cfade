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
/// @param objects how many the catalogue has at any time
/// @param skew Zipf's exponent: the object of rank r is asked for in proportion to 1 / r^skew
/// @param sizes of the catalogue's objects, and of the others unless said otherwise
/// @param churn share of the catalogue that is replaced by new objects during the whole trace; 2 means that every
///     rank gets a new object twice
/// @param recent share of requests that repeat one of the last requests, the nearer the likelier (1 / distance)
/// @param once share of requests for objects that are asked for this one time
/// @param scans share of requests that come from scans: runs through old objects, each once, in order
/// @param scanLength how many objects a scan goes through; the next one goes through the same again
/// @param large share of the catalogue's objects that are large, whatever their popularity
/// @param largeSizes of those
/// @param flood share of the requests in the middle third that are for random keys, each once
public record Synthetic(
        String name,
        int requests,
        int objects,
        double skew,
        Sizes sizes,
        double churn,
        double recent,
        double once,
        double scans,
        int scanLength,
        double large,
        Sizes largeSizes,
        double flood,
        long seed) {

    private static final int REMEMBERED = 1 << 16;

    /// A catalogue and nothing else.
    public static Synthetic catalogue(String name, int requests, int objects, double skew, Sizes sizes) {
        return new Synthetic(name, requests, objects, skew, sizes, 0, 0, 0, 0, 0, 0, sizes, 0, 20260101);
    }

    public Synthetic withChurn(double churn) {
        return new Synthetic(
                name,
                requests,
                objects,
                skew,
                sizes,
                churn,
                recent,
                once,
                scans,
                scanLength,
                large,
                largeSizes,
                flood,
                seed);
    }

    public Synthetic withRecent(double recent) {
        return new Synthetic(
                name,
                requests,
                objects,
                skew,
                sizes,
                churn,
                recent,
                once,
                scans,
                scanLength,
                large,
                largeSizes,
                flood,
                seed);
    }

    public Synthetic withOnce(double once) {
        return new Synthetic(
                name,
                requests,
                objects,
                skew,
                sizes,
                churn,
                recent,
                once,
                scans,
                scanLength,
                large,
                largeSizes,
                flood,
                seed);
    }

    public Synthetic withScans(double scans, int scanLength) {
        return new Synthetic(
                name,
                requests,
                objects,
                skew,
                sizes,
                churn,
                recent,
                once,
                scans,
                scanLength,
                large,
                largeSizes,
                flood,
                seed);
    }

    public Synthetic withLarge(double large, Sizes largeSizes) {
        return new Synthetic(
                name,
                requests,
                objects,
                skew,
                sizes,
                churn,
                recent,
                once,
                scans,
                scanLength,
                large,
                largeSizes,
                flood,
                seed);
    }

    public Synthetic withFlood(double flood) {
        return new Synthetic(
                name,
                requests,
                objects,
                skew,
                sizes,
                churn,
                recent,
                once,
                scans,
                scanLength,
                large,
                largeSizes,
                flood,
                seed);
    }

    public Synthetic withSeed(long seed) {
        return new Synthetic(
                name,
                requests,
                objects,
                skew,
                sizes,
                churn,
                recent,
                once,
                scans,
                scanLength,
                large,
                largeSizes,
                flood,
                seed);
    }

    public Trace generate() {
        return new Generation().run();
    }

    private final class Generation {

        private static final long SCANNED = 1L << 40;
        private static final long ONCE = 1L << 41;

        private final RandomGenerator random =
                RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
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
                sum += Math.pow(rank + 1, -skew);
                upTo[rank] = sum;
                renew(rank);
            }
            var trace = new Trace.Builder();
            double due = 0;
            for (int i = 0; i < requests; i++) {
                for (due += churn * objects / requests; due >= 1; due--) renew(random.nextInt(objects));
                next(i);
                trace.request(keys[i & (REMEMBERED - 1)], bytes[i & (REMEMBERED - 1)]);
            }
            return trace.build();
        }

        private void next(int i) {
            boolean isMiddle = i >= requests / 3 && i < requests * 2 / 3;
            if (isMiddle && random.nextDouble() < flood) {
                remember(i, onceKeys++, sizes.choose(random, random.nextDouble()));
                return;
            }
            double part = random.nextDouble();
            if (part < recent && i > 0) {
                // 1 / distance over the requests remembered.
                int back = (int) Math.pow(Math.min(i, REMEMBERED - 1), random.nextDouble());
                int at = (i - Math.max(1, back)) & (REMEMBERED - 1);
                remember(i, keys[at], bytes[at]);
                return;
            }
            part -= recent;
            if (part >= 0 && part < once) {
                remember(i, onceKeys++, sizes.choose(random, random.nextDouble()));
                return;
            }
            part -= once;
            // A scan runs to its end with every second request, then rests until its share is due again.
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
            return sizes.choose(new SplittableRandom(key), 0.5);
        }

        private void remember(int i, long key, long size) {
            keys[i & (REMEMBERED - 1)] = key;
            bytes[i & (REMEMBERED - 1)] = size;
        }

        private void renew(int rank) {
            int key = catalogueKeys++;
            if (key == sizeOfKey.length) sizeOfKey = Arrays.copyOf(sizeOfKey, 2 * key);
            keyOfRank[rank] = key;
            var kind = random.nextDouble() < large ? largeSizes : sizes;
            sizeOfKey[key] = kind.choose(random, (rank + 1.0) / objects);
        }
    }
}

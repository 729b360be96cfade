package dev.nearside.load.replay;

import dev.nearside.load.trace.Trace;

/// How often an object was asked for lately, about: four counters up to 15 for each, the least of them counts, all
/// halved after ten requests for every object that fits (Einziger et al., TinyLFU).
final class Sketch {

    private final byte[] counters;
    private final int mask;
    private final long period;
    private long sightings;

    Sketch(long expected) {
        int size = (int) Math.min(1 << 26, Long.highestOneBit(Math.max(64, expected * 8 - 1)) * 2);
        this.counters = new byte[size];
        this.mask = size - 1;
        this.period = expected * 10;
    }

    int count(int object) {
        long hash = Trace.hash(object);
        int least = 15;
        for (int row = 0; row < 4; row++) least = Math.min(least, counters[place(hash, row)]);
        return least;
    }

    void see(int object) {
        long hash = Trace.hash(object);
        for (int row = 0; row < 4; row++) {
            int at = place(hash, row);
            if (counters[at] < 15) counters[at]++;
        }
        if (++sightings >= period) {
            for (int i = 0; i < counters.length; i++) counters[i] >>= 1;
            sightings /= 2;
        }
    }

    private int place(long hash, int row) {
        long z = (hash + row * 0x9E3779B97F4A7C15L) * 0xBF58476D1CE4E5B9L;
        return (int) (z >>> 32) & mask;
    }
}

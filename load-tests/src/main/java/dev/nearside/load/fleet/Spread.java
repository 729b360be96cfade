package dev.nearside.load.fleet;

import java.util.Arrays;
import java.util.Locale;

/// How long something took, time after time.
record Spread(long[] nanos) {

    Spread {
        nanos = nanos.clone();
        Arrays.sort(nanos);
    }

    /// Below which this share of all lies, in milliseconds.
    double millis(double share) {
        if (nanos.length == 0) return Double.NaN;
        int index = (int) Math.ceil(share * nanos.length) - 1;
        return nanos[Math.clamp(index, 0, nanos.length - 1)] / 1e6;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%.0f | %.0f | %.0f", millis(0.5), millis(0.99), millis(1));
    }
}

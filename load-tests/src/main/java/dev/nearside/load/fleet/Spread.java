package dev.nearside.load.fleet;

import java.util.List;
import java.util.Locale;

/// How long something took, time after time.
record Spread(List<Long> nanos) {

    Spread {
        nanos = nanos.stream().sorted().toList();
    }

    /// Below which this share of all lies, in milliseconds.
    double millis(double share) {
        if (nanos.isEmpty()) return Double.NaN;
        int index = (int) Math.ceil(share * nanos.size()) - 1;
        return nanos.get(Math.clamp(index, 0, nanos.size() - 1)) / 1e6;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%.0f | %.0f | %.0f", millis(0.5), millis(0.99), millis(1));
    }
}

package dev.nearside.edge.store;

import java.util.Arrays;
import java.util.stream.IntStream;

/// When objects became stale by one path or tag: each time that it was invalidated softly.
///
/// @param positions of the log, ascending
/// @param since the earliest moment at that position or a later one, in milliseconds
@SuppressWarnings("ArrayRecordComponent") // never changed, compared by nobody
record Moments(long[] positions, long[] since) {

    static final Moments NONE = new Moments(new long[0], new long[0]);

    /// Since when an object of that position is stale; {@link InvalidationRules#ALIVE} if it is not.
    long after(long position) {
        int at = Arrays.binarySearch(positions, position + 1);
        if (at < 0) at = -at - 1;
        return at == positions.length ? InvalidationRules.ALIVE : since[at];
    }

    Moments with(long position, long moment) {
        int at = Arrays.binarySearch(positions, position);
        if (at >= 0) {
            var same = since.clone();
            same[at] = Math.min(same[at], moment);
            return new Moments(positions, earliest(same));
        }
        int place = -at - 1;
        var all = insert(positions, place, position);
        return new Moments(all, earliest(insert(since, place, moment)));
    }

    private static long[] insert(long[] values, int place, long value) {
        var all = new long[values.length + 1];
        System.arraycopy(values, 0, all, 0, place);
        all[place] = value;
        System.arraycopy(values, place, all, place + 1, values.length - place);
        return all;
    }

    private static long[] earliest(long[] moments) {
        for (int i = moments.length - 2; i >= 0; i--) moments[i] = Math.min(moments[i], moments[i + 1]);
        return moments;
    }

    /// Without the positions up to this one.
    Moments without(long upTo) {
        int kept = (int) IntStream.range(0, positions.length)
                .filter(i -> positions[i] > upTo)
                .count();
        int from = positions.length - kept;
        return new Moments(
                Arrays.copyOfRange(positions, from, positions.length), Arrays.copyOfRange(since, from, since.length));
    }

    int size() {
        return positions.length;
    }
}

package dev.nearside.load.replay;

/// What every contender is given alike: room, and what each object takes of it.
///
/// @param units by object
/// @param capacity in units
/// @param most an object that takes more is never kept
@SuppressWarnings("ArrayRecordComponent") // read one by one, compared by nobody
record Space(int[] units, long capacity, int most) {

    int objects() {
        return units.length;
    }

    /// How many objects of middling size there is room for.
    long usualCount() {
        long all = 0;
        for (int each : units) all += each;
        return Math.clamp((long) ((double) capacity * units.length / Math.max(1, all)), 1, units.length);
    }

    boolean fits(int object) {
        return units[object] <= most;
    }
}

package dev.nearside.edge.store.evict;

/// Up to how many requests of an entry count for its worth.
///
/// Where popularity lasts, the more the better; where it moves on, what was asked for often is soon asked for no more,
/// and had better count little. Which it is, is told by regulars lately gone: if those that were asked for often come
/// back more surely than the others, the ceiling rises, else it falls.
final class Ceiling {

    private static final double FIRST = 10;
    private static final double LOWEST = 3;
    private static final double STEP = 1.5;

    /// Often is: this part of the ceiling, or more.
    private static final double OFTEN = 0.4;

    /// It may move when so many have gone, or one part in so many of the entries.
    private static final int FEWEST = 128;

    private static final int PART = 32;

    /// What of the counts is kept from one time to the next.
    private static final double KEPT = 0.75;

    /// Standard deviations that are no chance.
    private static final double SURE = 2;

    private double height = FIRST;
    private int goneSince;
    private double oftenGone;
    private double oftenBack;
    private double seldomGone;
    private double seldomBack;

    int height() {
        return (int) height;
    }

    private boolean isOften(int requests) {
        return requests >= height * OFTEN;
    }

    /// A regular has gone to make room.
    ///
    /// @param entries there are
    void gone(int requests, int entries) {
        if (isOften(requests)) oftenGone++;
        else seldomGone++;
        if (++goneSince < Math.max(FEWEST, entries / PART)) return;
        goneSince = 0;
        move();
        oftenGone *= KEPT;
        oftenBack *= KEPT;
        seldomGone *= KEPT;
        seldomBack *= KEPT;
    }

    /// One of them is asked for again.
    void back(int requests) {
        if (isOften(requests)) oftenBack++;
        else seldomBack++;
    }

    /// Only by a difference that is hardly chance.
    private void move() {
        if (oftenGone == 0 || seldomGone == 0) return;
        double all = Math.min(1, (oftenBack + seldomBack) / (oftenGone + seldomGone));
        double chance = SURE * Math.sqrt(all * (1 - all) * (1 / oftenGone + 1 / seldomGone));
        double difference = oftenBack / oftenGone - seldomBack / seldomGone;
        if (difference > chance) height = Math.min(Memory.MOST, height + STEP);
        else if (difference < -chance) height = Math.max(LOWEST, height - STEP);
    }
}

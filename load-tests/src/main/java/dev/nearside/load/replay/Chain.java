package dev.nearside.load.replay;

/// A queue of objects, linked through two arrays that several queues may share; an object is in one of them at most.
final class Chain {

    static final int NONE = -1;

    /// The links of the objects of one trace.
    @SuppressWarnings("ArrayRecordComponent") // written to by the queues, compared by nobody
    record Links(int[] older, int[] newer) {
        Links(int objects) {
            this(new int[objects], new int[objects]);
        }
    }

    private final int[] olderOf;
    private final int[] newerOf;
    private int oldest = NONE;
    private int newest = NONE;

    Chain(Links links) {
        this.olderOf = links.older;
        this.newerOf = links.newer;
    }

    int oldest() {
        return oldest;
    }

    int newer(int object) {
        return newerOf[object];
    }

    void add(int object) {
        olderOf[object] = newest;
        newerOf[object] = NONE;
        if (newest != NONE) newerOf[newest] = object;
        newest = object;
        if (oldest == NONE) oldest = object;
    }

    void remove(int object) {
        int older = olderOf[object];
        int newer = newerOf[object];
        if (older == NONE) oldest = newer;
        else newerOf[older] = newer;
        if (newer == NONE) newest = older;
        else olderOf[newer] = older;
    }
}

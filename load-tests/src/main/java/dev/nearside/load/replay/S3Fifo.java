package dev.nearside.load.replay;

/// S3-FIFO (Yang et al., SOSP 2023): a tenth of the room is a queue for newcomers, the rest one for those that were
/// asked for again; a memory of keys that left the first queue lets them into the second at once.
final class S3Fifo implements Contender {

    private static final byte NOWHERE = 0;
    private static final byte SMALL = 1;
    private static final byte MAIN = 2;
    private static final byte GHOST = 3;

    private final Space space;
    private final Chain small;
    private final Chain main;
    private final Chain ghosts;
    private final byte[] place;
    private final byte[] hits;
    private long usedSmall;
    private long usedMain;
    private long remembered;

    S3Fifo(Space space) {
        this.space = space;
        var links = new Chain.Links(space.objects());
        this.small = new Chain(links);
        this.main = new Chain(links);
        this.ghosts = new Chain(links);
        this.place = new byte[space.objects()];
        this.hits = new byte[space.objects()];
    }

    @Override
    public boolean request(int object) {
        if (place[object] == SMALL || place[object] == MAIN) {
            if (hits[object] < 3) hits[object]++;
            return true;
        }
        if (!space.fits(object)) return false;
        int units = space.units()[object];
        boolean isKnown = place[object] == GHOST;
        if (isKnown) forget(object);
        while (usedSmall + usedMain + units > space.capacity()) evict();
        hits[object] = 0;
        if (isKnown) toMain(object);
        else {
            place[object] = SMALL;
            small.add(object);
            usedSmall += units;
        }
        return false;
    }

    private void evict() {
        if (usedSmall > space.capacity() / 10 || usedMain == 0) evictSmall();
        else evictMain();
    }

    private void evictSmall() {
        int at = small.oldest();
        small.remove(at);
        usedSmall -= space.units()[at];
        if (hits[at] > 0) {
            hits[at] = 0;
            toMain(at);
            return;
        }
        place[at] = GHOST;
        ghosts.add(at);
        remembered += space.units()[at];
        while (remembered > space.capacity() * 9 / 10) forget(ghosts.oldest());
    }

    private void evictMain() {
        int at = main.oldest();
        main.remove(at);
        if (hits[at] > 0) {
            hits[at]--;
            main.add(at);
            return;
        }
        usedMain -= space.units()[at];
        place[at] = NOWHERE;
    }

    private void toMain(int object) {
        place[object] = MAIN;
        main.add(object);
        usedMain += space.units()[object];
    }

    private void forget(int object) {
        ghosts.remove(object);
        place[object] = NOWHERE;
        remembered -= space.units()[object];
    }
}

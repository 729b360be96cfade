package dev.nearside.load.replay;

/// W-TinyLFU (Einziger et al., 2017) with a window of fixed share: newcomers pass through an LRU window; what leaves it
/// is compared with the victims of a segmented LRU by how often both were asked for, and the rarer goes.
final class WTinyLfu implements Contender {

    private static final byte NOWHERE = 0;
    private static final byte WINDOW = 1;
    private static final byte PROBATION = 2;
    private static final byte PROTECTED = 3;

    private final Space space;
    private final Chain[] chains = new Chain[4];
    private final long[] used = new long[4];
    private final byte[] place;
    private final Sketch sketch;
    private final long window;
    private final long protectedMost;

    WTinyLfu(Space space, double share) {
        this.space = space;
        var links = new Chain.Links(space.objects());
        for (int i = WINDOW; i <= PROTECTED; i++) chains[i] = new Chain(links);
        this.place = new byte[space.objects()];
        this.sketch = new Sketch(space.usualCount());
        this.window = Math.max(1, (long) (space.capacity() * share));
        this.protectedMost = (space.capacity() - window) * 8 / 10;
    }

    @Override
    public boolean request(int object) {
        sketch.see(object);
        switch (place[object]) {
            case WINDOW, PROTECTED -> move(object, place[object]);
            case PROBATION -> {
                move(object, PROTECTED);
                while (used[PROTECTED] > protectedMost) move(chains[PROTECTED].oldest(), PROBATION);
            }
            default -> {
                if (space.fits(object)) let(object);
                return false;
            }
        }
        return true;
    }

    private void let(int object) {
        move(object, WINDOW);
        while (used[WINDOW] > window) {
            int candidate = chains[WINDOW].oldest();
            move(candidate, NOWHERE);
            contest(candidate);
        }
    }

    private void contest(int candidate) {
        long room = space.capacity() - window - used[PROBATION] - used[PROTECTED];
        int frequency = sketch.count(candidate);
        while (room < space.units()[candidate]) {
            int from = used[PROBATION] > 0 ? PROBATION : PROTECTED;
            int victim = used[from] > 0 ? chains[from].oldest() : Chain.NONE;
            if (victim == Chain.NONE || sketch.count(victim) >= frequency) return;
            move(victim, NOWHERE);
            room += space.units()[victim];
        }
        move(candidate, PROBATION);
    }

    private void move(int object, byte to) {
        byte from = place[object];
        if (from != NOWHERE) {
            chains[from].remove(object);
            used[from] -= space.units()[object];
        }
        place[object] = to;
        if (to != NOWHERE) {
            chains[to].add(object);
            used[to] += space.units()[object];
        }
    }
}

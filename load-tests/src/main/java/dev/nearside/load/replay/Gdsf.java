package dev.nearside.load.replay;

/// Greedy-Dual-Size-Frequency (Cherkasova, 1998): an object is worth its requests while it is here, per unit of room,
/// above the worth of what went last.
final class Gdsf implements Contender {

    private final Space space;
    private final Ranking ranking;
    private final boolean[] isHere;
    private final int[] requests;
    private double clock;
    private long used;

    Gdsf(Space space) {
        this.space = space;
        this.ranking = new Ranking(space.objects());
        this.isHere = new boolean[space.objects()];
        this.requests = new int[space.objects()];
    }

    @Override
    public boolean request(int object) {
        if (isHere[object]) {
            requests[object]++;
            ranking.change(object, worth(object));
            return true;
        }
        if (!space.fits(object)) return false;
        used += space.units()[object];
        while (used > space.capacity()) {
            int victim = ranking.least();
            clock = ranking.value(victim);
            ranking.removeLeast();
            isHere[victim] = false;
            used -= space.units()[victim];
        }
        isHere[object] = true;
        requests[object] = 1;
        ranking.add(object, worth(object));
        return false;
    }

    private double worth(int object) {
        return clock + (double) requests[object] / space.units()[object];
    }
}

package dev.nearside.load.replay;

/// The object that was not asked for the longest time goes.
final class Lru implements Contender {

    private final Space space;
    private final Chain chain;
    private final boolean[] isHere;
    private long used;

    Lru(Space space) {
        this.space = space;
        this.chain = new Chain(new Chain.Links(space.objects()));
        this.isHere = new boolean[space.objects()];
    }

    @Override
    public boolean request(int object) {
        if (isHere[object]) {
            chain.remove(object);
            chain.add(object);
            return true;
        }
        if (!space.fits(object)) return false;
        used += space.units()[object];
        while (used > space.capacity()) {
            int victim = chain.oldest();
            chain.remove(victim);
            isHere[victim] = false;
            used -= space.units()[victim];
        }
        isHere[object] = true;
        chain.add(object);
        return false;
    }
}

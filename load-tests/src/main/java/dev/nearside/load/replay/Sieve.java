package dev.nearside.load.replay;

/// SIEVE (Zhang et al., NSDI 2024): a queue in order of arrival, one bit per object that a hit sets, and a hand that
/// goes from old to new, clears bits and takes the first object without one.
final class Sieve implements Contender {

    private final Space space;
    private final Chain chain;
    private final boolean[] isHere;
    private final boolean[] wasVisited;
    private int hand = Chain.NONE;
    private long used;

    Sieve(Space space) {
        this.space = space;
        this.chain = new Chain(new Chain.Links(space.objects()));
        this.isHere = new boolean[space.objects()];
        this.wasVisited = new boolean[space.objects()];
    }

    @Override
    public boolean request(int object) {
        if (isHere[object]) {
            wasVisited[object] = true;
            return true;
        }
        if (!space.fits(object)) return false;
        used += space.units()[object];
        while (used > space.capacity()) advance();
        isHere[object] = true;
        wasVisited[object] = false;
        chain.add(object);
        return false;
    }

    private void advance() {
        int at = hand != Chain.NONE ? hand : chain.oldest();
        hand = chain.newer(at);
        if (wasVisited[at]) {
            wasVisited[at] = false;
            return;
        }
        chain.remove(at);
        isHere[at] = false;
        used -= space.units()[at];
    }
}

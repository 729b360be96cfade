package dev.nearside.load.bench;

import dev.nearside.edge.store.evict.Eviction;
import dev.nearside.edge.store.evict.Goal;
import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// What the policy of a full shard takes for its decisions. Sizes are between 1 and 64 cells, small ones oftener; few
/// entries are asked for often, most of them seldom.
@State(Scope.Thread)
public class EvictionBenchmark {

    private static final int CELLS = 64;

    @Param("1000000")
    public int entries;

    @Param
    public Goal goal = Goal.ORIGIN_REQUESTS;

    private final SplittableRandom random = new SplittableRandom(20260101);
    private Eviction eviction = Eviction.of(goal);

    @Setup
    public void fill() {
        eviction = Eviction.of(goal);
        for (int entry = 0; entry < entries; entry++) eviction.add(entry, random.nextLong(), size());
        for (int hits = 2 * entries; hits > 0; hits--) eviction.hit(popular());
        // Until newcomers and regulars have found their places.
        for (int replaced = entries; replaced > 0; replaced--) replace();
    }

    private int size() {
        return 1 + (int) (CELLS * Math.pow(random.nextDouble(), 4));
    }

    private int popular() {
        return (int) (entries * Math.pow(random.nextDouble(), 4));
    }

    @Benchmark
    public void hit() {
        eviction.hit(popular());
    }

    @Benchmark
    public boolean admits() {
        return eviction.admits(random.nextLong(), size());
    }

    /// A hit, then a newcomer that another entry has to go for.
    @Benchmark
    public int replace() {
        eviction.hit(popular());
        int victim = eviction.victim();
        eviction.remove(victim);
        eviction.add(victim, random.nextLong(), size());
        return victim;
    }
}

package dev.nearside.load.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearside.edge.store.evict.Goal;
import dev.nearside.load.trace.Sizes;
import dev.nearside.load.trace.Synthetic;
import dev.nearside.load.trace.Trace;
import dev.nearside.load.trace.Traces;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// What the store's policy promises, on small made-up traces.
class PolicyTest {

    private static final int REQUESTS = 300_000;

    static Stream<Synthetic> traces() {
        return Traces.all(REQUESTS).stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("traces")
    void isNeverBelowLruOrCaffeineOnItsGoal(Synthetic kind) {
        var trace = kind.generate();
        var promises = new SoftAssertions();
        for (var share : List.of(0.01, 0.1, 0.2)) {
            // At 20 % some are level with Caffeine, which decides by lot at times: no two of its runs are quite equal.
            double luck = share < 0.2 ? 0 : 0.003;
            var replay = new Replay(trace, (long) (trace.footprint() * share));
            var lru = replay.run(Lru::new).ratios();
            var caffeine = replay.run(CaffeineCache::new).ratios();
            var bound = replay.bound();
            for (var goal : Goal.values()) {
                var ours = replay.run(given -> new StoreCache(given, goal)).ratios();
                promises.assertThat(ours.of(goal))
                        .as("%s, %s of the bytes, %s", kind.name(), share, goal)
                        .isGreaterThanOrEqualTo(lru.of(goal))
                        .isGreaterThanOrEqualTo(caffeine.of(goal) - luck)
                        .isLessThanOrEqualTo(bound.of(goal));
            }
        }
        promises.assertAll();
    }

    /// Hot objects that fill four fifths of the cache are asked for twice. Then as many requests again are for objects
    /// that never come back: ten times the cache in all.
    @ParameterizedTest
    @EnumSource
    void oneHitWondersDisplaceNoHotObject(Goal goal) {
        int hot = 800;
        var builder = new Trace.Builder();
        for (int i = 0; i < 2 * hot; i++) builder.request(i % hot, 3_000);
        for (int i = 0; i < 13 * hot; i++) builder.request(i % hot, 3_000).request(1_000_000 + i, 3_000);
        var trace = builder.build();

        assertThat(missesOf(hot, trace, new StoreCache(space(trace, hot * 5 / 4), goal)))
                .as("the first requests, and one in 64 that went while the others were ranked anew")
                .isBetween(hot, hot + hot / 64);
        assertThat(missesOf(hot, trace, new Lru(space(trace, hot * 5 / 4)))).isGreaterThan(13 * hot);
    }

    private static int missesOf(int hot, Trace trace, Contender cache) {
        int misses = 0;
        for (int i = 0; i < trace.length(); i++) {
            if (!cache.request(trace.object(i)) && trace.object(i) < hot) misses++;
        }
        return misses;
    }

    /// During a flood as strong as the legitimate traffic, that traffic is answered almost as before.
    @ParameterizedTest
    @EnumSource
    void aFloodOfRandomKeysCostsLittle(Goal goal) {
        for (var size : List.of(Sizes.around(16_000, 0), Sizes.around(20_000, 1.5))) {
            var quiet = Synthetic.catalogue("quiet", REQUESTS, REQUESTS / 20, 0.9, size);
            double before = middleThird(quiet, goal, false);
            double during = middleThird(quiet.withFlood(0.5), goal, false);
            double duringByLru = middleThird(quiet.withFlood(0.5), goal, true);
            assertThat(during).isGreaterThan(before - 0.01).isGreaterThan(duringByLru + 0.1);
        }
    }

    /// The hit ratio, in objects, of what is asked for more than once.
    private static double middleThird(Synthetic kind, Goal goal, boolean byLru) {
        var trace = kind.generate();
        var counts = new int[trace.objects()];
        for (int i = 0; i < trace.length(); i++) counts[trace.object(i)]++;
        var space = space(trace, REQUESTS / 300);
        var cache = byLru ? new Lru(space) : new StoreCache(space, goal);
        int requests = 0;
        int hits = 0;
        for (int i = 0; i < trace.length(); i++) {
            boolean isHit = cache.request(trace.object(i));
            if (i < trace.length() / 3 || i >= trace.length() * 2 / 3 || counts[trace.object(i)] == 1) continue;
            requests++;
            if (isHit) hits++;
        }
        return (double) hits / requests;
    }

    private static Space space(Trace trace, long objects) {
        var units = new int[trace.objects()];
        for (int i = 0; i < units.length; i++) units[i] = (int) (1 + trace.size(i) / 4_096);
        long usual = trace.size(0) == 3_000 ? 1 : 5;
        return new Space(units, objects * usual, (int) objects);
    }

    @Test
    void theBoundOfATraceThatFitsIsAllButTheFirstRequests() {
        var trace = new Trace.Builder()
                .request(1, 10)
                .request(2, 20)
                .request(1, 10)
                .request(1, 10)
                .build();
        assertThat(new Replay(trace, 1 << 20).bound()).isEqualTo(new Replay.Ratios(0.5, 20 / 50.0));
    }
}

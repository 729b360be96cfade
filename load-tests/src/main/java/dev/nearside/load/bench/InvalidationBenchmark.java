package dev.nearside.load.bench;

import dev.nearside.edge.http.LogPosition;
import dev.nearside.edge.http.Tags;
import dev.nearside.edge.key.CacheKey.Target;
import dev.nearside.edge.store.InvalidationRules;
import dev.nearside.model.distribution.DistributionId;
import dev.nearside.model.invalidation.Invalidation;
import dev.nearside.model.invalidation.Invalidation.Effect;
import dev.nearside.model.invalidation.InvalidationPath;
import dev.nearside.model.invalidation.InvalidationPath.Exact;
import dev.nearside.model.invalidation.InvalidationPath.Prefix;
import dev.nearside.model.invalidation.InvalidationPath.Tag;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// What each lookup asks the rules of invalidations that are outstanding, none of which reaches the object: of one that
/// all of them are younger than, which has to be compared, and of one that is younger than all.
@State(Scope.Thread)
public class InvalidationBenchmark {

    /// How many rules there are, and of what kind. Prefixes are of all lengths up to that of the objects' paths, which
    /// is the worst that can be.
    public enum Rules {
        NONE(0),
        EXACT_1_000(1_000),
        EXACT_100_000(100_000),
        PREFIX_1_000(1_000),
        PREFIX_100_000(100_000),
        TAG_1_000(1_000),
        TAG_100_000(100_000),
        SOFT_PREFIX_100_000(100_000);

        private final int count;

        Rules(int count) {
            this.count = count;
        }

        private InvalidationPath path(int number) {
            return switch (this) {
                case NONE, EXACT_1_000, EXACT_100_000 -> exact(number);
                case PREFIX_1_000, PREFIX_100_000, SOFT_PREFIX_100_000 -> prefix(number);
                case TAG_1_000, TAG_100_000 -> new Tag("shoes-" + number);
            };
        }

        private Invalidation invalidation(int number) {
            var effect = this == SOFT_PREFIX_100_000 ? new Effect.Soft(Instant.EPOCH) : new Effect.Hard();
            return new Invalidation(
                    "I" + number, "", number, new DistributionId("shop"), List.of(path(number)), effect);
        }
    }

    private static final int OBJECTS = 4_096;
    private static final LogPosition BEFORE = LogPosition.NONE;
    private static final LogPosition AFTER = new LogPosition("", 1_000_000);

    @Param
    public Rules rules = Rules.NONE;

    private final InvalidationRules outstanding = new InvalidationRules(0x5eed);
    private final List<Target> targets = IntStream.range(0, OBJECTS)
            .mapToObj(number -> new Target("shop", Sample.path(number), Sample.path(number)))
            .toList();
    private final List<Tags> tags = IntStream.range(0, OBJECTS)
            .mapToObj(number -> new Tags(List.of("coats", "winter", "article-" + number)))
            .toList();
    private int at;

    @Setup
    public void fill() {
        for (int number = 1; number <= rules.count; number++) outstanding.apply(rules.invalidation(number));
    }

    private static InvalidationPath exact(int number) {
        return new Exact("/assets/shoes/winter/article-%06d.webp".formatted(number));
    }

    private static InvalidationPath prefix(int number) {
        var path = "/%06d/shoes/winter/article/winter/a.webp".formatted(number);
        return new Prefix(path.substring(0, 8 + number % (path.length() - 7)));
    }

    private int next() {
        at = (at + 1_237) % OBJECTS;
        return at;
    }

    @Benchmark
    public long olderThanAll() {
        int object = next();
        return outstanding.judge(targets.get(object), tags.get(object), BEFORE);
    }

    @Benchmark
    public long youngerThanAll() {
        int object = next();
        return outstanding.judge(targets.get(object), tags.get(object), AFTER);
    }
}

package dev.nearside.load.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.TimeValue;

/// Benchmarks that nobody runs for long must not rot: each runs once here, on little data.
class BenchmarksTest {

    @Test
    void everyBenchmarkRuns() throws RunnerException {
        var progress = new Progress();
        var options = BenchMain.benchmarks("")
                .forks(0)
                .warmupIterations(0)
                .measurementIterations(1)
                .measurementTime(TimeValue.milliseconds(1))
                .shouldFailOnError(true)
                .param("entries", "1000")
                .param("objects", "64")
                .param("megabytes", "16")
                .param("rules", "NONE", "EXACT_1_000", "PREFIX_1_000", "TAG_1_000")
                .build();

        var figures =
                new Runner(options, progress).run().stream().map(Figure::of).toList();

        assertThat(figures).as(progress::said).hasSizeGreaterThan(20).allMatch(figure -> figure.nanoseconds() > 0);
        assertThat(figures)
                .extracting(Figure::name)
                .contains("Eviction.hit entries=1000 goal=ORIGIN_BYTES", "Invalidation.olderThanAll rules=TAG_1_000");
    }
}

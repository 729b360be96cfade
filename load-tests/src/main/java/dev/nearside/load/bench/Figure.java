package dev.nearside.load.bench;

import java.util.Locale;
import java.util.stream.Collectors;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.RunResult;

/// What was found of one benchmark with one set of parameters.
///
/// @param nanoseconds for one operation
/// @param error half of the interval in which its mean lies with a confidence of 99.9 %
/// @param bytes on the heap, allocated for one operation
record Figure(String name, double nanoseconds, double error, double bytes) {

    private static final String SUFFIX = "Benchmark";
    private static final String ALLOCATED = "gc.alloc.rate.norm";

    static Figure of(RunResult result) {
        var time = result.getPrimaryResult();
        return new Figure(nameOf(result.getParams()), time.getScore(), time.getScoreError(), allocated(result));
    }

    // Older profilers mark their names with a dot.
    @SuppressWarnings("rawtypes") // of JMH's own map
    private static double allocated(RunResult result) {
        return result.getSecondaryResults().entrySet().stream()
                .filter(other -> other.getKey().endsWith(ALLOCATED))
                .mapToDouble(other -> other.getValue().getScore())
                .findFirst()
                .orElse(Double.NaN);
    }

    /// What an operator calls it, and what `--only` is compared with: `Invalidation.olderThanAll rules=TAG_1_000`.
    static String nameOf(BenchmarkParams benchmark) {
        var path = benchmark.getBenchmark();
        int method = path.lastIndexOf('.');
        var subject = path.substring(path.lastIndexOf('.', method - 1) + 1, method);
        var with = benchmark.getParamsKeys().stream()
                .map(key -> " " + key + "=" + benchmark.getParam(key))
                .collect(Collectors.joining());
        return subject.substring(0, subject.length() - SUFFIX.length()) + path.substring(method) + with;
    }

    /// Its line of the table.
    String line() {
        return "| %s | %s | %s | %s |".formatted(name, written(nanoseconds), written(error), whole(bytes));
    }

    private static String written(double value) {
        if (Double.isNaN(value)) return "-";
        return String.format(Locale.ROOT, value < 100 ? "%.1f" : "%,.0f", value);
    }

    private static String whole(double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%,.0f", value);
    }
}

package dev.nearside.load.bench;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.format.OutputFormat;

/// A line for each benchmark that is done, for who waits; what else JMH says is kept, in case it fails.
final class Progress implements OutputFormat {

    private final StringBuilder said = new StringBuilder();
    private int done;

    /// All that JMH said.
    String said() {
        return said.toString();
    }

    @Override
    public void startBenchmark(BenchmarkParams benchmark) {
        println(benchmark.id());
    }

    @Override
    public void endBenchmark(BenchmarkResult result) {
        if (result == null) return; // it failed
        var score = result.getPrimaryResult();
        done++;
        System.err.printf("bench: %2d  %s, %,.1f ns%n", done, Figure.nameOf(result.getParams()), score.getScore());
    }

    @Override
    public void print(String text) {
        said.append(text);
    }

    @Override
    public void println(String text) {
        said.append(text).append('\n');
    }

    @Override
    public void write(int character) {
        said.append((char) character);
    }

    @Override
    public void write(byte[] text) {
        said.append(new String(text, StandardCharsets.UTF_8));
    }

    @Override
    public void iteration(BenchmarkParams benchmark, IterationParams how, int number) {}

    @Override
    public void iterationResult(BenchmarkParams benchmark, IterationParams how, int number, IterationResult result) {}

    @Override
    public void startRun() {}

    @Override
    public void endRun(Collection<RunResult> results) {}

    @Override
    public void verbosePrintln(String text) {}

    @Override
    public void flush() {}

    @Override
    public void close() {}
}

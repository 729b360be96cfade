package dev.nearside.load.bench;

import dev.nearside.command.CommandLines;
import dev.nearside.load.report.Machine;
import dev.nearside.load.report.MarkedBlock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.NoBenchmarksException;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The command line of the benchmarks.
@Command(
        name = "nearside bench",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Measures with JMH what each step of a hit costs, and what the store's work behind it does.",
            "",
            "Each benchmark runs in JVMs of its own, with the edge's collector, on one thread; all of them take a quarter"
                    + " of an hour.",
            ""
        })
public final class BenchMain implements Callable<Integer> {

    private static final Path PAGE = Path.of("docs/benchmarks.md");

    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--home", hidden = true, required = true)
    private Path home = Path.of("");

    @Option(
            names = "--only",
            paramLabel = "REGEX",
            defaultValue = "",
            description = "Those that it is found in, like Eviction or Lookup (default: all).")
    private String only = "";

    @Option(names = "--quick", description = "A look that takes three minutes, with a wider margin of error.")
    private boolean quick;

    @Option(names = "--publish", description = "Writes the table into docs/benchmarks.md; everything is measured.")
    private boolean publish;

    public static void main(String... args) {
        System.exit(CommandLines.of(new BenchMain())
                .setExecutionExceptionHandler((failure, _, _) -> {
                    System.err.println("bench: " + failure.getMessage());
                    return 1;
                })
                .execute(args));
    }

    @Override
    public Integer call() throws IOException {
        if (publish && (quick || !only.isEmpty())) throw wrong("--publish: only with all benchmarks, and not --quick");
        var machine = Machine.here();
        var progress = new Progress();
        try {
            var figures = new Runner(options().build(), progress)
                    .run().stream().map(Figure::of).map(Figure::line).collect(Collectors.joining("\n"));
            var table = """
                    | | ns for one | ± | bytes allocated |
                    |---|--:|--:|--:|
                    %s

                    %s, after the end %.1f. %s.
                    """.formatted(figures, machine, Machine.loadNow(), effort());
            System.out.print(table);
            if (publish) publish(table);
            return 0;
        } catch (NoBenchmarksException _) {
            throw wrong("--only: %s (expected: a part of the name of one)".formatted(only));
        } catch (RunnerException e) {
            System.err.print(progress.said());
            throw new IOException("a benchmark failed; what it said is above", e);
        }
    }

    private ChainedOptionsBuilder options() {
        var options = benchmarks(regex())
                .jvm(Path.of(System.getProperty("java.home"), "bin", "java").toString())
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true);
        return quick
                ? options.forks(1)
                        .warmupIterations(3)
                        .warmupTime(TimeValue.milliseconds(300))
                        .measurementIterations(3)
                        .measurementTime(TimeValue.milliseconds(300))
                : options.forks(2)
                        .warmupIterations(4)
                        .warmupTime(TimeValue.seconds(1))
                        .measurementIterations(5)
                        .measurementTime(TimeValue.seconds(1));
    }

    /// Benchmarks of this package in which an expression is found; how often and how long is still to be said.
    static ChainedOptionsBuilder benchmarks(String regex) {
        return new OptionsBuilder()
                .include("dev\\.nearside\\.load\\.bench\\..*" + regex)
                .mode(Mode.AverageTime)
                .timeUnit(TimeUnit.NANOSECONDS);
    }

    // They are called by their subject: Eviction.hit is EvictionBenchmark.hit.
    private String regex() {
        try {
            Pattern.compile(only);
        } catch (PatternSyntaxException e) {
            throw wrong("--only: %s (expected: a regular expression), %s".formatted(only, e.getDescription()));
        }
        return only.replaceFirst("^([A-Z][A-Za-z]*)\\\\?\\.", "$1Benchmark.");
    }

    private String effort() {
        return quick ? "A quick look: 1 JVM, 3 times 0.3 s" : "Each in 2 JVMs, 5 times 1 s, one thread";
    }

    private void publish(String table) throws IOException {
        var page = home.resolve(PAGE);
        Files.writeString(page, new MarkedBlock("benchmarks", "bench").replace(Files.readString(page), table));
        System.err.println(String.format(Locale.ROOT, "bench: written: %s", PAGE));
    }

    private ParameterException wrong(String problem) {
        if (spec == null) throw new IllegalStateException("picocli has set the spec");
        return new ParameterException(spec.commandLine(), problem);
    }
}

package dev.nearside.load.replay;

import dev.nearside.command.CommandLines;
import dev.nearside.command.Size;
import dev.nearside.edge.store.evict.Goal;
import dev.nearside.load.trace.Synthetic;
import dev.nearside.load.trace.Trace;
import dev.nearside.load.trace.TraceReader;
import dev.nearside.load.trace.Traces;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// The command line of the replay.
@Command(
        name = "nearside replay",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "What a cache of given size would have answered of a trace: with the store's own policy,",
            "with others beside it, and at most.",
            "",
            "A trace has lines of `time key size` in the order of time, or is an access log in Common Log Format.",
            ""
        })
public final class ReplayMain implements Callable<Integer> {

    private static final int FEWEST_REQUESTS = 1_000;
    private static final int MOST_REQUESTS = 100_000_000;

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(
            paramLabel = "TRACE",
            arity = "0..1",
            description = "File to replay; - for the standard input. One that ends in .gz is unpacked.")
    private @Nullable Path file;

    @Option(
            names = "--capacity",
            paramLabel = "SIZE",
            split = ",",
            required = true,
            description = "Sizes of the cache, like 1GB,10GB, or as share of the trace's different bytes, like 1%%.")
    private List<String> capacities = new ArrayList<>();

    @Option(
            names = "--goal",
            paramLabel = "GOAL",
            description = "requests or bytes: what the store's policy is to save (default: both, one after the other).")
    private @Nullable String goal;

    @Option(
            names = "--synthetic",
            paramLabel = "NAME",
            split = ",",
            description = "Instead of a file: a made-up trace, or all; docs/replay.md describes them.")
    private List<String> synthetic = new ArrayList<>();

    @Option(
            names = "--requests",
            paramLabel = "N",
            defaultValue = "1000000",
            description = "Length of a made-up trace (default: ${DEFAULT-VALUE}).")
    private int requests;

    @Option(names = "--seed", paramLabel = "N", description = "Another made-up trace of the same kind.")
    private @Nullable Long seed;

    public static void main(String... args) {
        int exit = CommandLines.of(new ReplayMain())
                .setExecutionExceptionHandler((failure, command, _) -> {
                    command.getErr().println("replay: " + failure.getMessage());
                    return 1;
                })
                .execute(args);
        if (exit != 0) System.exit(exit);
    }

    @Override
    public Integer call() throws IOException {
        var goals = goals();
        for (var capacity : capacities) bytes(capacity, 0);
        if ((file == null) == synthetic.isEmpty()) throw wrong("TRACE or --synthetic NAME is needed, and not both");
        var said = file;
        if (said != null) replay(said.toString().equals("-") ? "standard input" : said.toString(), read(said), goals);
        else for (var each : synthetic()) replay(each.name() + ", synthetic", each.generate(), goals);
        return 0;
    }

    private List<Goal> goals() {
        var said = goal;
        if (said == null) return List.of(Goal.values());
        return switch (said) {
            case "requests" -> List.of(Goal.ORIGIN_REQUESTS);
            case "bytes" -> List.of(Goal.ORIGIN_BYTES);
            default -> throw wrong("--goal: %s (expected: requests or bytes)".formatted(said));
        };
    }

    private List<Synthetic> synthetic() {
        if (requests < FEWEST_REQUESTS || requests > MOST_REQUESTS) {
            throw wrong("--requests: %d (expected: %d to %d)".formatted(requests, FEWEST_REQUESTS, MOST_REQUESTS));
        }
        var all = Traces.all(requests);
        var names = all.stream().map(Synthetic::name).toList();
        for (var name : synthetic) {
            if (!names.contains(name) && !name.equals("all")) {
                throw wrong("--synthetic: %s (expected: all, %s)".formatted(name, String.join(", ", names)));
            }
        }
        return all.stream()
                .filter(each -> synthetic.contains("all") || synthetic.contains(each.name()))
                .map(each -> seed == null ? each : each.withSeed(seed))
                .toList();
    }

    private Trace read(Path from) throws IOException {
        boolean isFile = !from.toString().equals("-");
        if (isFile && !Files.isReadable(from)) throw wrong("TRACE: %s cannot be read".formatted(from));
        var reading = TraceReader.read(from);
        if (reading.trace().length() == 0) {
            throw new IOException(reading.firstUnreadable()
                    .map(line -> "%s: nothing can be read of it, %s".formatted(from, line))
                    .orElse("%s: no request in it".formatted(from)));
        }
        if (reading.passed() > 0)
            out().printf(
                            "%,d %s that no cache answers%n",
                            reading.passed(), reading.passed() == 1 ? "request" : "requests");
        reading.firstUnreadable()
                .ifPresent(line -> out().printf(
                                "%,d %s cannot be read, %s%n",
                                reading.unreadable(), reading.unreadable() == 1 ? "line" : "lines", line));
        return reading.trace();
    }

    private void replay(String name, Trace trace, List<Goal> goals) {
        var out = out();
        out.printf(
                Locale.ROOT,
                "%s: %,d requests, %,d objects, %s%n",
                name,
                trace.length(),
                trace.objects(),
                human(trace.footprint()));
        for (var said : capacities) {
            long capacity = bytes(said, trace.footprint());
            out.printf(Locale.ROOT, "%n%-36s %8s %8s%n", "cache of " + human(capacity), "objects", "bytes");
            show(new Replay(trace, capacity), goals);
        }
        out.println();
        out.flush();
    }

    private void show(Replay replay, List<Goal> goals) {
        var out = out();
        var mine = goals.stream().map(Replay::ours).collect(Collectors.toSet());
        Replay.contenders().forEach((name, policy) -> {
            boolean isOurs = name.equals(Replay.OURS_FOR_REQUESTS) || name.equals(Replay.OURS_FOR_BYTES);
            if (isOurs && !mine.contains(name)) return;
            var result = replay.run(policy);
            row(name, result.ratios());
            result.figures()
                    .ifPresent(decided -> out.printf(
                            Locale.ROOT,
                            "%38s admitted when full %,d, refused %,d, evicted %,d%n",
                            "",
                            decided.admitted(),
                            decided.refused(),
                            decided.evicted()));
            out.flush();
        });
        row("no cache can exceed", replay.bound());
    }

    private void row(String name, Replay.Ratios ratios) {
        out().printf(Locale.ROOT, "  %-34s %8.4f %8.4f%n", name, ratios.objects(), ratios.bytes());
    }

    private long bytes(String said, long footprint) {
        var text = said.strip().toUpperCase(Locale.ROOT);
        if (text.matches("[0-9]{1,2}(\\.[0-9]{1,3})?%")) {
            return Math.round(footprint / 100.0 * Double.parseDouble(text.substring(0, text.length() - 1)));
        }
        long bytes = Size.parse(said).orElse(0);
        if (bytes > 0) return bytes;
        throw wrong("--capacity: %s (expected: %s; or a share like 1%%)".formatted(said, Size.EXPECTED));
    }

    private static String human(long bytes) {
        if (bytes >= 10L << 30) return String.format(Locale.ROOT, "%,d GB", bytes >> 30);
        if (bytes >= 10L << 20) return String.format(Locale.ROOT, "%,d MB", bytes >> 20);
        return String.format(Locale.ROOT, "%,d KB", bytes >> 10);
    }

    private PrintWriter out() {
        return command().getOut();
    }

    private ParameterException wrong(String message) {
        return new ParameterException(command(), message);
    }

    private CommandLine command() {
        if (spec == null) throw new IllegalStateException("picocli has not injected the command");
        return spec.commandLine();
    }
}

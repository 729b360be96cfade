package dev.nearside.load.restart;

import dev.nearside.command.CommandLines;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Fills an edge, ends it in turn as an operator does and by `kill -9` while it stores, takes the origin away, starts
/// the edge again and asks until it hits.
@Command(
        name = "nearside verify --start",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "How long an edge takes from the start of its process to its first hit from disk.")
public final class Restart implements Runnable {

    private static final int SAMPLE = 100;
    private static final int WRITTEN_IN_A_LIFE = 300;

    /// How an edge's life before the one that is measured ended.
    private enum Ending {
        STOPPED,
        KILLED
    }

    /// @param answer the first of any kind
    /// @param hit the first
    /// @param all the last of the sample's objects
    /// @param processor what the process had used of the processors at the first hit
    /// @param known when all that was stored was known again
    /// @param resident memory then, in bytes, without pages of files
    /// @param heap what it holds then after a collection, in bytes
    private record Start(
            Duration answer,
            Duration hit,
            Duration all,
            Duration processor,
            Duration known,
            long resident,
            long heap) {}

    @Option(
            names = "--objects",
            paramLabel = "N",
            defaultValue = "10000",
            description = "Objects of 1000 bytes to store (default: ${DEFAULT-VALUE}).")
    private int objects;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "5",
            description = "Starts that are measured, of each kind (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(
            names = "--cache-disk",
            paramLabel = "SIZE",
            defaultValue = "1GB",
            description = "Large enough for the objects (default: ${DEFAULT-VALUE}).")
    private String disk = "";

    @Option(
            names = "--folder",
            paramLabel = "DIR",
            description =
                    "Where the edge keeps its data; filled once, used again by the next run (default: thrown away).")
    private @Nullable Path kept;

    @Option(names = "--scratch", hidden = true, required = true, description = "The same, for those who do not say.")
    private Path scratch = Path.of("");

    @Parameters(paramLabel = "COMMAND", hidden = true, description = "Starts an edge; its options are added.")
    private List<String> command = List.of();

    private final PrintStream out;
    private final AtomicInteger written = new AtomicInteger();

    private Restart(PrintStream out) {
        this.out = out;
    }

    @SuppressWarnings("SystemOut") // the figures are what this is for
    public static void main(String... args) {
        int exit = CommandLines.of(new Restart(System.out)).execute(args);
        if (exit != 0) System.exit(exit);
    }

    @Override
    public void run() {
        try {
            measure();
        } catch (IOException e) {
            throw new CommandLine.ExecutionException(new CommandLine(this), e.getMessage(), e);
        }
    }

    private void measure() throws IOException {
        var folder = Files.createDirectories(kept == null ? scratch : kept);
        Map<Ending, List<Start>> starts = new EnumMap<>(Ending.class);
        try (var origin = new SmallOrigin()) {
            var setting = new EdgeProcess.Setting(
                    command,
                    configure(folder, origin.port()),
                    folder.resolve("edge"),
                    folder.resolve("edge.log"),
                    disk,
                    freePort(),
                    freePort());
            fill(setting);
            for (int round = 0; round < rounds; round++) {
                for (var ending : Ending.values()) {
                    live(setting, ending);
                    origin.leave();
                    starts.computeIfAbsent(ending, _ -> new ArrayList<>()).add(startAgain(setting));
                    origin.comeBack();
                }
            }
        }
        out.printf(
                Locale.ROOT,
                "start of an edge with %d objects, medians of %d rounds, load %s%n",
                objects,
                rounds,
                Files.readString(Path.of("/proc/loadavg")).split(" ", 2)[0]);
        starts.forEach((ending, measured) -> out.printf(
                Locale.ROOT,
                "  %-8s first answer %.2f s, first hit %.2f s (%.2f s of processor time), each of %d a hit %.2f s,"
                        + " all known %.2f s; %d MB resident, %d MB of heap%n",
                ending.name().toLowerCase(Locale.ROOT),
                median(measured.stream().map(Start::answer).toList()),
                median(measured.stream().map(Start::hit).toList()),
                median(measured.stream().map(Start::processor).toList()),
                SAMPLE,
                median(measured.stream().map(Start::all).toList()),
                median(measured.stream().map(Start::known).toList()),
                measured.stream().mapToLong(Start::resident).max().orElse(0) >> 20,
                measured.stream().mapToLong(Start::heap).max().orElse(0) >> 20));
    }

    private static Path configure(Path folder, int origin) throws IOException {
        return Files.writeString(folder.resolve("nearside.json"), """
                { "distributions": [ {
                    "name": "restart", "enabled": true, "aliases": ["127.0.0.1"],
                    "origins": [ {
                        "id": "site", "domainName": "127.0.0.1", "httpPort": %d, "originProtocolPolicy": "http-only" } ],
                    "defaultCacheBehavior": {
                        "targetOriginId": "site", "viewerProtocolPolicy": "allow-all",
                        "cachePolicyId": "CachingOptimized" }
                } ] }
                """.formatted(origin));
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /// Stores the objects; what is there from an earlier run stays.
    private void fill(EdgeProcess.Setting setting) throws IOException {
        var edge = EdgeProcess.start(setting);
        long limit;
        try {
            edge.awaitReady();
            edge.fetches(object(0));
            limit = (long) edge.metric("nearside_cache_disk_limit_bytes");
        } finally {
            edge.stop();
        }
        long begun = System.nanoTime();
        Copies.store(setting.data().resolve("cache"), limit, objects, Restart::object, SmallOrigin::body);
        out.printf(Locale.ROOT, "%d objects are stored, after %.1f s%n", objects, (System.nanoTime() - begun) / 1e9);
    }

    private static String object(int number) {
        return "/object-%09d".formatted(number);
    }

    /// One of the hundred that are asked for after a start, spread over all.
    private String sample(int number) {
        return object((int) ((long) number * objects / SAMPLE));
    }

    /// A life that stores, and ends.
    private void live(EdgeProcess.Setting setting, Ending ending) throws IOException {
        var edge = EdgeProcess.start(setting);
        edge.awaitReady();
        var prefix = "/written-%d-%d-".formatted(System.currentTimeMillis(), written.incrementAndGet());
        for (int i = 0; i < WRITTEN_IN_A_LIFE; i++) edge.fetches(prefix + i);
        switch (ending) {
            case STOPPED -> edge.stop();
            case KILLED -> edge.kill();
        }
    }

    private Start startAgain(EdgeProcess.Setting setting) throws IOException {
        var edge = EdgeProcess.start(setting);
        try {
            edge.await("an answer", edge::answers);
            var answer = edge.age();
            var asked = new AtomicInteger();
            edge.await("a hit", () -> edge.hits(sample(asked.getAndIncrement() % SAMPLE)));
            var hit = edge.age();
            var processor = edge.processorTime();
            for (int i = 0; i < SAMPLE; i++) {
                var path = sample(i);
                edge.await("a hit of " + path, () -> edge.hits(path));
            }
            var all = edge.age();
            edge.awaitReady();
            return new Start(answer, hit, all, processor, edge.age(), edge.resident(), edge.heap());
        } finally {
            edge.stop();
        }
    }

    /// In seconds.
    static double median(List<Duration> durations) {
        var sorted = durations.stream().sorted().toList();
        int middle = sorted.size() / 2;
        var upper = sorted.get(middle);
        var lower = sorted.size() % 2 == 0 ? sorted.get(middle - 1) : upper;
        return upper.plus(lower).toNanos() / 2e9;
    }
}

package dev.nearside.load.proof;

import dev.nearside.command.CommandLines;
import dev.nearside.load.proof.Findings.Kind;
import dev.nearside.load.report.Machine;
import dev.nearside.load.restart.Copies;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// A control plane and edges that are full of objects: how long after the call of the API some edge still serves what
/// was invalidated, by path, wildcard and tag in turn.
@Command(
        name = "nearside load invalidations",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "How long it takes from an order until no edge serves what it names, with full edges.")
final class InvalidationProof extends Proof {

    private enum Way {
        PATH,
        WILDCARD,
        TAG
    }

    private static final List<Way> WAYS = List.of(Way.values());

    /// A prime, so that objects are taken from everywhere and none twice.
    private static final int STRIDE = 7_919;

    @Option(
            names = "--edges",
            paramLabel = "N",
            defaultValue = "3",
            description = "How many follow the control plane (default: ${DEFAULT-VALUE}).")
    private int edges;

    @Option(
            names = "--objects",
            paramLabel = "N",
            defaultValue = "1000000",
            description = "How many each of them holds (default: ${DEFAULT-VALUE}).")
    private int objects;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "200",
            description = "Orders of each kind that are counted (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(
            names = "--warm-up",
            paramLabel = "N",
            defaultValue = "30",
            description = "Orders of each kind before those (default: ${DEFAULT-VALUE}).")
    private int warmUp;

    @Option(
            names = "--cache-disk",
            paramLabel = "SIZE",
            defaultValue = "5GB",
            description = "Of each edge, large enough for the objects (default: ${DEFAULT-VALUE}).")
    private String disk = "";

    @Option(
            names = "--from",
            hidden = true,
            defaultValue = "0",
            description = "Orders of an earlier run in the same folder; its objects are not taken again.")
    private int from;

    @Option(
            names = "--bound",
            paramLabel = "MILLIS",
            defaultValue = "150",
            description = "For 99 %% of all orders until no edge serves the old (default: ${DEFAULT-VALUE}).")
    private int bound;

    /// One edge and who looks at it.
    private record Watched(Site site, Program edge, Glance glance) {}

    /// What one order took, in nanoseconds since the call.
    ///
    /// @param gone until the last edge had given its first new answer
    /// @param answered until the API had said that all edges had applied it
    private record Took(long gone, long answered) {}

    /// What was seen of one edge.
    ///
    /// @param lastOldAsked when the last question was sent that got the old answer
    /// @param firstNew when the first new answer had arrived
    private record Change(long lastOldAsked, long firstNew) {}

    public static void main(String... arguments) {
        System.exit(CommandLines.of(new InvalidationProof()).execute(arguments));
    }

    @Override
    void prove(Path folder, Findings findings, PrintStream out) throws IOException {
        var watched = new ArrayList<Watched>();
        try (var origin = new VersionedOrigin();
                var control = ControlPlane.start(home(), folder, origin.port(), "--invalidations-per-minute=100000")) {
            var sites = new ArrayList<Site>();
            for (int i = 1; i <= edges; i++) {
                var own = Files.createDirectories(folder.resolve("edge-" + i));
                sites.add(Site.in(home(), own, own.resolve("data"), "64MB", disk));
            }
            fill(control, sites, out);
            origin.change();
            for (int i = 0; i < edges; i++) {
                var edge = sites.get(i).start(control, "edge-" + (i + 1), "");
                watched.add(new Watched(sites.get(i), edge, awaited(edge, sites.get(i))));
            }
            Map<Way, List<Took>> took = new EnumMap<>(Way.class);
            double load = Machine.loadNow();
            try (var eyes = Executors.newVirtualThreadPerTaskExecutor()) {
                int number = from;
                for (int round = 0; round < warmUp + rounds; round++) {
                    for (var way : WAYS) {
                        var one = order(control, watched, way, number++, eyes::submit, findings);
                        if (round >= warmUp)
                            took.computeIfAbsent(way, _ -> new ArrayList<>()).add(one);
                    }
                }
            }
            print(took, load, out, findings);
        } finally {
            for (var each : watched) {
                each.glance().close();
                each.edge().close();
            }
        }
        findings.print(out, Kind.OLD_VERSION, Kind.LATE);
    }

    private static Glance awaited(Program edge, Site site) throws IOException {
        edge.awaitReady();
        return new Glance(site.port());
    }

    /// Each edge stores one object, and its copies are made while it is away.
    private void fill(ControlPlane control, List<Site> sites, PrintStream out) throws IOException {
        var running = new ArrayList<Program>();
        for (int i = 0; i < sites.size(); i++) running.add(sites.get(i).start(control, "edge-" + (i + 1), ""));
        control.publish(sites.size());
        for (int i = 0; i < sites.size(); i++) {
            var edge = running.get(i);
            try (var glance = awaited(edge, sites.get(i))) {
                glance.look(object(0));
            }
            long limit = (long) edge.metric("nearside_cache_disk_limit_bytes");
            edge.close();
            long begun = System.nanoTime();
            Copies.store(
                    sites.get(i).data().resolve("cache"),
                    limit,
                    objects,
                    InvalidationProof::object,
                    path -> VersionedOrigin.body(path, 0));
            out.printf(
                    Locale.ROOT,
                    "edge-%d: %,d objects are stored, after %.1f s%n",
                    i + 1,
                    objects,
                    (System.nanoTime() - begun) / 1e9);
        }
    }

    private static String object(int number) {
        return "/object-%09d".formatted(number);
    }

    private interface Submit {
        Future<Change> submit(Callable<Change> task);
    }

    /// Each order is about ten objects of its own, one of which is looked at.
    private Took order(ControlPlane control, List<Watched> watched, Way way, int number, Submit eyes, Findings findings)
            throws IOException {
        int ten = (int) ((long) number * STRIDE % (objects / 10));
        var path = object(ten * 10 + 3);
        var line = switch (way) {
            case PATH -> path;
            case WILDCARD -> path.substring(0, path.length() - 1) + '*';
            case TAG -> '#' + path;
        };
        var seen = new CountDownLatch(watched.size());
        var changes = new ArrayList<Future<Change>>();
        for (var each : watched) changes.add(eyes.submit(() -> watch(each.glance(), path, seen)));
        try {
            seen.await();
            long called = System.nanoTime();
            control.invalidate(List.of(line), false);
            long answered = System.nanoTime();
            long gone = called;
            for (var each : changes) {
                var change = each.get();
                gone = Math.max(gone, change.firstNew());
                if (change.lastOldAsked() > answered) {
                    findings.add(Kind.OLD_VERSION, "%s, asked for after the answer to %s".formatted(path, line));
                }
            }
            return new Took(gone - called, answered - called);
        } catch (InterruptedException e) {
            throw new IOException(e);
        } catch (ExecutionException e) {
            throw new IOException("%s: %s".formatted(line, e.getCause()), e);
        }
    }

    private static Change watch(Glance glance, String path, CountDownLatch seen) throws IOException {
        long lastOldAsked = 0;
        try {
            var before = glance.look(path);
            if (before.version() != 0 || !before.isHit()) throw new IOException(path + " is not stored: " + before);
        } finally {
            seen.countDown();
        }
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (true) {
            long asked = System.nanoTime();
            if (glance.look(path).version() > 0) return new Change(lastOldAsked, System.nanoTime());
            lastOldAsked = asked;
            if (asked > end) throw new IOException(path + " is served as it was for 30 s");
            LockSupport.parkNanos(500_000);
        }
    }

    private void print(Map<Way, List<Took>> took, double load, PrintStream out, Findings findings) throws IOException {
        out.printf(
                Locale.ROOT,
                "%n%d edges with %,d objects each, %d orders of each kind in turn after %d; load %.1f before, %.1f after%n%n",
                edges,
                objects,
                rounds,
                warmUp,
                load,
                Machine.loadNow());
        out.println("| kind | orders | old is gone: p50 | p99 | max | `wait=all` answers: p50 | p99 | max |");
        out.println("|---|---|---|---|---|---|---|---|");
        var all = new ArrayList<Took>();
        took.forEach((way, some) -> {
            row(way.name().toLowerCase(Locale.ROOT), some, out);
            all.addAll(some);
        });
        row("all", all, out);
        out.println();
        double p99 = millis(all.stream().map(Took::gone).toList(), 0.99);
        if (p99 > bound) findings.add(Kind.LATE, "p99 %.1f ms (expected: at most %d ms)".formatted(p99, bound));
    }

    private static void row(String kind, List<Took> some, PrintStream out) {
        var gone = some.stream().map(Took::gone).toList();
        var answered = some.stream().map(Took::answered).toList();
        out.printf(
                Locale.ROOT,
                "| %s | %d | %.1f ms | %.1f ms | %.1f ms | %.1f ms | %.1f ms | %.1f ms |%n",
                kind,
                some.size(),
                millis(gone, 0.5),
                millis(gone, 0.99),
                millis(gone, 1),
                millis(answered, 0.5),
                millis(answered, 0.99),
                millis(answered, 1));
    }

    /// The smallest that so large a part of them does not exceed.
    static double millis(List<Long> nanos, double part) {
        var sorted = nanos.stream().sorted().toList();
        int index = (int) Math.ceil(part * sorted.size()) - 1;
        return sorted.get(Math.clamp(index, 0, sorted.size() - 1)) / 1e6;
    }
}

package dev.nearside.load.proof;

import dev.nearside.load.proof.Findings.Kind;
import dev.nearside.load.report.Machine;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Traffic of all kinds for a long time, for ten times what the cache holds, while things change and are invalidated.
@Command(
        name = "--soak",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Mixed traffic at ten times the cache's capacity, with invalidations: every byte checked, every figure flat.")
final class SoakProof extends Proof {

    private static final long MEGABYTE = 1 << 20;
    private static final int DISK = 256;
    private static final Duration SAMPLE = Duration.ofSeconds(5);
    private static final int HEAP_EVERY = 6;

    /// A cache, a JVM and their buffers take a while until they are as large as they will be.
    private static final double JUDGED_FROM_MINUTES = 10;

    @Option(
            names = "--minutes",
            paramLabel = "N",
            defaultValue = "20",
            description = "How long the traffic goes on (default: ${DEFAULT-VALUE}).")
    private double minutes;

    @Option(
            names = "--viewers",
            paramLabel = "N",
            defaultValue = "12",
            description = "Who ask at the same time (default: ${DEFAULT-VALUE}).")
    private int viewers;

    @Option(
            names = "--pause",
            defaultValue = "15",
            paramLabel = "MILLIS",
            description = "Of each viewer between two questions, on average (default: ${DEFAULT-VALUE}).")
    private int pause;

    private final Series anonymous = new Series("resident memory, no files (MB)", MEGABYTE, 16 * MEGABYTE);
    private final Series mapped = new Series("resident pages of files (MB)", MEGABYTE, 16 * MEGABYTE);
    private final Series heap = new Series("heap after a collection (MB)", MEGABYTE, 4 * MEGABYTE);
    private final Series direct = new Series("memory of buffers (MB)", MEGABYTE, 8 * MEGABYTE);
    private final Series files = new Series("files of the cache (MB)", MEGABYTE, MEGABYTE);
    private final Series open = new Series("open files", 1, 8);
    private final Series threads = new Series("threads", 1, 4);

    @Override
    void prove(Path folder, Findings findings, PrintStream out) throws IOException {
        var versions = new Versions();
        var things = Traffic.things(10L * DISK * MEGABYTE, 1);
        try (var origin = new ContentOrigin(versions);
                var control = ControlPlane.start(home(), folder, origin.port())) {
            var site = Site.in(home(), folder, folder.resolve("edge"), "32MB", DISK + "MB");
            try (var edge = site.start(control, "-XX:NativeMemoryTracking=summary")) {
                control.publish();
                edge.awaitReady();
                var traffic = new Traffic(site.port(), versions, findings, things);
                var changes = new Changes(control, versions, findings, things);
                traffic.start(viewers, Duration.ofMillis(pause));
                changes.start(Duration.ofMillis(700), 1);
                watch(edge, site, out, traffic, findings);
                changes.stop();
                traffic.stop();
                out.printf(
                        Locale.ROOT,
                        "soak: %.1f minutes, load %s; %,d things of %,d MB, cache %d MB on disk and 32 MB in memory%n",
                        minutes,
                        Machine.loadNow(),
                        things.size(),
                        10L * DISK,
                        DISK);
                out.printf(
                        Locale.ROOT,
                        "  %,d answers, %,d MB of bodies, every byte checked; %.1f %% hits; %,d requests to the origin%n",
                        traffic.answers(),
                        traffic.bytes() / MEGABYTE,
                        100.0 * traffic.hits() / Math.max(1, traffic.answers()),
                        origin.requests());
                out.printf(
                        Locale.ROOT,
                        "  %d invalidations (%s); %d answers were broken off at a slice that had changed meanwhile%n",
                        changes.count(),
                        changes,
                        traffic.changed());
                out.printf(
                        Locale.ROOT,
                        "  evictions %,.0f, damaged %,.0f, write failures %,.0f%n",
                        edge.metric("nearside_store_evictions_total"),
                        edge.metric("nearside_store_damaged_total"),
                        edge.metric("nearside_store_write_failures_total"));
            }
        }
        var all = List.of(anonymous, mapped, heap, direct, files, open, threads);
        out.printf(
                Locale.ROOT,
                "  %-34s %10s %10s %10s %12s %10s%n",
                "means of",
                "2nd quarter",
                "2nd half",
                "most",
                "trend in it",
                "bound");
        for (var series : all) {
            out.println("  " + series);
            if (minutes >= JUDGED_FROM_MINUTES && !series.isFlat()) findings.add(Kind.GROWTH, series.toString());
        }
        findings.print(out, Kind.WRONG_BYTES, Kind.OLD_VERSION, Kind.WRONG_HEAD, Kind.BROKEN_OFF, Kind.GROWTH);
    }

    private void watch(Program edge, Site site, PrintStream out, Traffic traffic, Findings findings)
            throws IOException {
        long begun = System.nanoTime();
        long end = begun + (long) (minutes * 60e9);
        for (int i = 0; System.nanoTime() < end; i++) {
            LockSupport.parkNanos(SAMPLE.toNanos());
            if (!edge.isAlive()) {
                findings.add(Kind.PROCESS, "it ended; its log is " + edge.log());
                return;
            }
            double seconds = (System.nanoTime() - begun) / 1e9;
            var vitals = Vitals.of(edge.pid(), site.data().resolve("cache"));
            anonymous.add(seconds, vitals.anonymous());
            mapped.add(seconds, vitals.mapped());
            files.add(seconds, vitals.files());
            open.add(seconds, vitals.open());
            threads.add(seconds, vitals.threads());
            if (i % HEAP_EVERY != 0) continue;
            heap.add(seconds, Vitals.heap(edge.pid()));
            direct.add(seconds, Vitals.direct(edge.pid()));
            if (i % (2 * HEAP_EVERY) != 0) continue;
            out.printf(
                    Locale.ROOT,
                    "  %5.0f s: %,d answers, resident %s and %s of files, cache %s, %d open files, %d threads%n",
                    seconds,
                    traffic.answers(),
                    Vitals.megabytes(vitals.anonymous()),
                    Vitals.megabytes(vitals.mapped()),
                    Vitals.megabytes(vitals.files()),
                    vitals.open(),
                    vitals.threads());
        }
    }
}

package dev.nearside.load.proof;

import dev.nearside.load.proof.Findings.Kind;
import dev.nearside.load.report.Machine;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// A disk that is full, becomes read-only, or is so from the start: viewers notice nothing.
@Command(
        name = "--disk",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "A disk that is full, becomes read-only, or is so from the start. Needs root and loop devices.")
final class DiskProof extends Proof {

    private static final long DISK = 620L << 20;
    private static final int VIEWERS = 8;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "6",
            description = "Of traffic with each state of the disk (default: ${DEFAULT-VALUE}).")
    private int seconds;

    private final Versions versions = new Versions();
    private final List<Thing> things = Traffic.things(800L << 20, 3);

    @Override
    void prove(Path folder, Findings findings, PrintStream out) throws IOException {
        var missing = SmallDisk.missing();
        if (missing.isPresent()) {
            out.println("disk: SKIPPED, " + missing.get());
            return;
        }
        try (var disk = SmallDisk.make(folder, DISK);
                var origin = new ContentOrigin(versions);
                var control = ControlPlane.start(home(), folder, origin.port())) {
            var site = Site.in(home(), folder, disk.folder().resolve("edge"), "32MB", "256MB");
            out.printf(
                    Locale.ROOT,
                    "disk: %d s of traffic with invalidations in each state, load %s%n",
                    seconds,
                    Machine.loadNow());
            var edge = site.start(control, "");
            try {
                control.publish();
                edge.awaitReady();
                play("a disk as it should be", control, site, edge, findings, out);
                checkReserved(site, findings, out);
                disk.fill();
                play("full", control, site, edge, findings, out);
                edge.kill();
                edge = site.start(control, "");
                edge.awaitReady();
                play("full, after kill -9 and a start", control, site, edge, findings, out);
                disk.makeRoom();
                play("with room again", control, site, edge, findings, out);
                disk.failUntilMounted();
                play("became read-only", control, site, edge, findings, out);
                mustHaveFailed(edge, "became read-only", findings);
                edge.close();
                disk.unmount();
                disk.mountReadOnly();
                edge = site.start(control, "");
                edge.awaitReady();
                play("read-only from the start", control, site, edge, findings, out);
                mustHaveFailed(edge, "read-only from the start", findings);
                if (edge.metric("nearside_store_unusable_shards") < 1) {
                    findings.add(Kind.PROCESS, "no shard is said to be unusable");
                }
                edge.close();
                disk.unmount();
                disk.mount();
                edge = site.start(control, "");
                edge.awaitReady();
                play("mended, after a start", control, site, edge, findings, out);
            } finally {
                edge.close();
            }
        }
        findings.print(
                out, Kind.WRONG_BYTES, Kind.OLD_VERSION, Kind.WRONG_HEAD, Kind.BROKEN_OFF, Kind.LOST, Kind.PROCESS);
    }

    private void play(String state, ControlPlane control, Site site, Program edge, Findings findings, PrintStream out)
            throws IOException {
        double failures = edge.metric("nearside_store_write_failures_total");
        var traffic = new Traffic(site.port(), versions, findings, things);
        var changes = new Changes(control, versions, findings, things);
        traffic.start(VIEWERS, Duration.ofMillis(2));
        changes.start(Duration.ofMillis(300), state.hashCode());
        LockSupport.parkNanos(Duration.ofSeconds(seconds).toNanos());
        changes.stop();
        traffic.stop();
        if (!edge.isAlive()) {
            findings.add(Kind.PROCESS, "%s: it ended, its log is %s".formatted(state, edge.log()));
            throw new IOException("the edge has ended: " + edge.log());
        }
        out.printf(
                Locale.ROOT,
                "  %-34s %,8d answers, %4.1f %% hits, %3d invalidations, %,6.0f changes not taken by the disk%n",
                state,
                traffic.answers(),
                100.0 * traffic.hits() / Math.max(1, traffic.answers()),
                changes.count(),
                edge.metric("nearside_store_write_failures_total") - failures);
        if (traffic.answers() == 0) findings.add(Kind.PROCESS, state + ": nobody was answered");
    }

    /// A write to a page of a mapped file that has no place on a full disk would end the process.
    private static void checkReserved(Site site, Findings findings, PrintStream out) throws IOException {
        try (var files = Files.walk(site.data().resolve("cache"))) {
            for (var file : files.filter(path -> path.endsWith("cells.map")).toList()) {
                long reserved = SmallDisk.reserved(file);
                if (reserved < Files.size(file)) {
                    findings.add(
                            Kind.PROCESS, "%s has holes: %d of %d bytes".formatted(file, reserved, Files.size(file)));
                }
                out.printf(
                        Locale.ROOT,
                        "  %s: %d bytes, %d reserved%n",
                        site.data().relativize(file),
                        Files.size(file),
                        reserved);
            }
        }
    }

    private static void mustHaveFailed(Program edge, String state, Findings findings) throws IOException {
        if (edge.metric("nearside_store_write_failures_total") < 1) {
            findings.add(Kind.PROCESS, state + ": no write failure was counted");
        }
    }
}

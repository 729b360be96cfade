package dev.nearside.load.proof;

import dev.nearside.load.proof.Findings.Kind;
import dev.nearside.load.proof.Viewer.Question;
import dev.nearside.load.report.Machine;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// One object of more than 4 GiB: through an edge that is too small for it, and kept by it in slices.
@Command(
        name = "--large",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "An object of more than 4 GiB from end to end: unstored as a whole, kept in slices, after kill -9.")
final class LargeProof extends Proof {

    private static final long MEGABYTE = 1 << 20;
    private static final long SPARE = 1L << 30;
    private static final long MOST_MORE = 192 * MEGABYTE;

    /// One in so many slices may have to be fetched again.
    private static final int MOST_AGAIN = 10;

    @Option(
            names = "--size",
            paramLabel = "BYTES",
            defaultValue = "4402341478",
            description = "Of the object, in bytes (default: ${DEFAULT-VALUE}).")
    private long size;

    private final Versions versions = new Versions();
    private final AtomicLong most = new AtomicLong();

    @Override
    void prove(Path folder, Findings findings, PrintStream out) throws IOException {
        // It fills two thirds of the cache.
        long disk = size / MEGABYTE * 3 / 2;
        long usable = Files.getFileStore(folder).getUsableSpace();
        if (usable < disk * MEGABYTE + SPARE) {
            out.printf(
                    Locale.ROOT,
                    "large: SKIPPED, %s has %d MB left (needed: %d MB)%n",
                    folder,
                    usable / MEGABYTE,
                    disk + SPARE / MEGABYTE);
            return;
        }
        var thing = Thing.at("/large/film-" + size);
        try (var origin = new ContentOrigin(versions)) {
            var site = Site.in(home(), folder, folder.resolve("edge"), "64MB", disk + "MB");
            out.printf(
                    Locale.ROOT,
                    "large: one object of %,d bytes, cache %d MB on disk and 64 MB in memory, load %s%n",
                    size,
                    disk,
                    Machine.loadNow());
            var edge = site.startAlone(origin.port());
            try {
                edge.awaitReady();
                long before = Vitals.of(edge.pid(), site.data()).anonymous();
                var isOver = new AtomicBoolean();
                long pid = edge.pid();
                var watch = Thread.startVirtualThread(() -> watch(pid, site, isOver));
                step("as a whole, too large to be stored", origin, site, Question.get(thing), findings, out);
                long stored = (long) edge.metric("nearside_cache_disk_bytes");
                if (stored > size / 2) findings.add(Kind.PROCESS, "%d bytes of it are stored".formatted(stored));
                var slow = slowViewer(site, thing, findings);
                step(
                        "by one range, kept in slices",
                        origin,
                        site,
                        Question.get(thing).range(0, size),
                        findings,
                        out);
                join(slow);
                warm("as a whole, from slices on disk", origin, site, Question.get(thing), findings, out);
                warm(
                        "its last 1,000 bytes",
                        origin,
                        site,
                        Question.get(thing).range(size - 1_000, size),
                        findings,
                        out);
                long middle = Math.min(1L << 32, size - 1);
                warm(
                        "1,000 bytes around the 4th GiB",
                        origin,
                        site,
                        Question.get(thing).range(middle - 500, middle + 500),
                        findings,
                        out);
                isOver.set(true);
                join(watch);
                out.printf(
                        Locale.ROOT,
                        "  resident memory, no files: %s at the start, %s at most%n",
                        Vitals.megabytes(before),
                        Vitals.megabytes(most.get()));
                if (most.get() > before + MOST_MORE) {
                    findings.add(Kind.GROWTH, "resident memory: %s".formatted(Vitals.megabytes(most.get())));
                }
                // What it writes down when it was quiet would spare it the recovery.
                touch(site, findings);
                edge.kill();
                edge = site.startAlone(origin.port());
                recover(edge, out);
                warm("as a whole, after kill -9", origin, site, Question.get(thing), findings, out);
            } finally {
                edge.close();
            }
        }
        findings.print(out, Kind.WRONG_BYTES, Kind.WRONG_HEAD, Kind.BROKEN_OFF, Kind.LOST, Kind.GROWTH, Kind.PROCESS);
    }

    private void watch(long pid, Site site, AtomicBoolean isOver) {
        while (!isOver.get()) {
            try {
                most.accumulateAndGet(Vitals.of(pid, site.data()).anonymous(), Math::max);
            } catch (IOException _) {
                return; // it has ended
            }
            LockSupport.parkNanos(200 * 1_000_000);
        }
    }

    private static void join(Thread thread) throws IOException {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    /// Reads some of it, as fast as a film is played.
    private Thread slowViewer(Site site, Thing thing, Findings findings) {
        return Thread.startVirtualThread(() -> {
            try (var viewer = new Viewer(site.port(), versions, findings)) {
                viewer.ask(Question.get(thing)
                        .range(0, Math.min(thing.size(), 100 * MEGABYTE))
                        .pausing(Duration.ofMillis(10)));
            } catch (IOException e) {
                findings.add(Kind.BROKEN_OFF, "a slow viewer: " + e);
            }
        });
    }

    /// @return how many bytes the origin has sent meanwhile
    private long step(
            String what, ContentOrigin origin, Site site, Question question, Findings findings, PrintStream out)
            throws IOException {
        long sent = origin.bytes();
        long begun = System.nanoTime();
        try (var viewer = new Viewer(site.port(), versions, findings)) {
            var answer = viewer.ask(question);
            double seconds = (System.nanoTime() - begun) / 1e9;
            out.printf(
                    Locale.ROOT,
                    "  %-38s %,14d bytes, %8.3f s, %6.0f MB/s, %-6s origin sent %,d%n",
                    what,
                    answer.bytes(),
                    seconds,
                    answer.bytes() / seconds / MEGABYTE,
                    answer.cache().replaceFirst(" .*", ","),
                    origin.bytes() - sent);
        }
        return origin.bytes() - sent;
    }

    private void warm(
            String what, ContentOrigin origin, Site site, Question question, Findings findings, PrintStream out)
            throws IOException {
        long sent = step(what, origin, site, question, findings, out);
        // Slices that come faster than the disk takes them are kept in memory only, for a while.
        if (sent > size / MOST_AGAIN) findings.add(Kind.LOST, "%s: the origin sent %,d bytes".formatted(what, sent));
    }

    /// Leaves every shard in the midst of its work.
    private void touch(Site site, Findings findings) throws IOException {
        try (var viewer = new Viewer(site.port(), versions, findings)) {
            for (int i = 0; i < 200; i++) viewer.ask(Question.get(Thing.numbered(i, 5_000)));
        }
    }

    /// What it had written down is answered at once; the rest is known when its records were read, as its log tells.
    private static void recover(Program edge, PrintStream out) throws IOException {
        edge.awaitReady();
        var log = Files.readAllLines(edge.log());
        var opened = moment(log, "Cache on disk");
        var recovered = moment(log, " recovered ");
        double seconds = Duration.between(opened, recovered).toMillis() / 1e3;
        double stored = edge.metric("nearside_cache_disk_bytes") / (1L << 30);
        out.printf(
                Locale.ROOT,
                "  after kill -9 its %.2f GB were recovered %.2f s after they were opened: %.2f s/GB%n",
                stored,
                seconds,
                seconds / stored);
    }

    /// Of the last line that has these words.
    private static Instant moment(List<String> log, String words) throws IOException {
        for (var line : log.reversed()) {
            if (line.contains(words)) return Instant.parse(line.substring(0, line.indexOf(' ')));
        }
        throw new IOException("the edge's log does not say \"" + words + "\"");
    }
}

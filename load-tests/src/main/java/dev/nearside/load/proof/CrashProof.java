package dev.nearside.load.proof;

import dev.nearside.load.proof.Findings.Kind;
import dev.nearside.load.proof.Viewer.Question;
import dev.nearside.load.report.Machine;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// An edge that is killed at any instant, under traffic, while things change and are invalidated, its files damaged
/// before it comes back.
@Command(
        name = "--crash",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "An edge under traffic and invalidations, killed again and again, its files damaged meanwhile.")
final class CrashProof extends Proof {

    private static final int VIEWERS = 6;
    private static final int STEADY = 60;
    private static final Duration QUIET = Duration.ofMillis(1_700);

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "24",
            description = "Of a start, traffic and a kill (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Chooses what happens when (default: ${DEFAULT-VALUE}).")
    private long seed;

    private final Versions versions = new Versions();
    private final List<Thing> things = Traffic.things(40L << 20, 5);

    /// Never changed and never invalidated.
    private final List<Thing> steady = IntStream.range(0, STEADY)
            .mapToObj(number -> Thing.at(Thing.STEADY + "%d-%d".formatted(number, number * number * 100)))
            .toList();

    private final Map<String, Integer> damages = new TreeMap<>();
    private final List<Long> readyMillis = new ArrayList<>();
    private @Nullable Program running;
    private long checked;
    private long answers;
    private int brokenOff;
    private int settled;
    private int kept;
    private int lostWithDamage;

    @Override
    void prove(Path folder, Findings findings, PrintStream out) throws IOException {
        var random = new Random(seed);
        int aside;
        int invalidations;
        try (var origin = new ContentOrigin(versions);
                var control = ControlPlane.start(home(), folder, origin.port())) {
            var site = Site.in(home(), folder, folder.resolve("edge"), "16MB", "256MB");
            var edge = site.start(control, "");
            running = edge;
            var changes = new Changes(control, versions, findings, things);
            try {
                control.publish();
                changes.mayFail();
                changes.start(Duration.ofMillis(150), seed);
                boolean isDamaged = false;
                boolean isSettled = false;
                for (int round = 0; round < rounds; round++) {
                    if (round > 0) edge = startAgain(control, site, findings, isSettled, isDamaged);
                    edge.awaitReady();
                    askForAll(site, things, findings, false);
                    isSettled = random.nextInt(3) == 0;
                    play(site, findings, random, edge, isSettled);
                    isDamaged = random.nextBoolean();
                    if (isDamaged) {
                        damages.merge(Damage.inflict(site.data().resolve("cache"), random), 1, Integer::sum);
                    }
                }
                edge = startAgain(control, site, findings, isSettled, isDamaged);
                edge.awaitReady();
                askForAll(site, things, findings, false);
            } finally {
                changes.stop();
                if (running != null) running.close();
            }
            invalidations = changes.count();
            aside = aside(site.data().resolve("cache"));
        }
        out.printf(Locale.ROOT, "crash: %d rounds of a whole edge, load %s%n", rounds, Machine.loadNow());
        out.printf(Locale.ROOT, "  files damaged %s%n", damages);
        out.printf(
                Locale.ROOT,
                "  %,d answers under traffic, %,d asked for after a start, every byte checked; %d invalidations%n"
                        + "  %d answers broken off, since a file was damaged or what they were about changed%n",
                answers,
                checked,
                invalidations,
                brokenOff);
        out.printf(
                Locale.ROOT,
                "  after quiet, then kill -9: %d of %d objects are still hits; %d more went with damaged files%n",
                kept,
                settled,
                lostWithDamage);
        out.printf(
                Locale.ROOT,
                "  from the start of the process to ready: median %d ms; last shards set aside %d%n",
                readyMillis.stream()
                        .sorted()
                        .skip(readyMillis.size() / 2)
                        .findFirst()
                        .orElse(0L),
                aside);
        findings.print(
                out, Kind.WRONG_BYTES, Kind.OLD_VERSION, Kind.WRONG_HEAD, Kind.BROKEN_OFF, Kind.LOST, Kind.PROCESS);
    }

    private Program startAgain(ControlPlane control, Site site, Findings findings, boolean isSettled, boolean isDamaged)
            throws IOException {
        long begun = System.nanoTime();
        var edge = site.start(control, "");
        running = edge;
        // Before it is ready, too: it recovers, and has not heard yet what it missed.
        askForAll(site, things, findings, true);
        edge.awaitReady();
        readyMillis.add((System.nanoTime() - begun) / 1_000_000);
        if (!isSettled) return edge;
        int hits = askForAll(site, steady, findings, false);
        if (isDamaged) {
            lostWithDamage += STEADY - hits;
            return edge;
        }
        settled += STEADY;
        kept += hits;
        if (hits < STEADY) findings.add(Kind.LOST, "%d of %d objects without damage".formatted(STEADY - hits, STEADY));
        return edge;
    }

    /// How many were hits.
    ///
    /// @param isStarting whether nobody may be answering yet
    private int askForAll(Site site, List<Thing> all, Findings findings, boolean isStarting) throws IOException {
        int hits = 0;
        try (var viewer = new Viewer(site.port(), versions, findings)) {
            if (isStarting) awaitAnswer(viewer, all.getFirst());
            for (var thing : all) {
                checked++;
                try {
                    if (viewer.ask(Question.get(thing)).isHit()) hits++;
                } catch (Viewer.ChangedException _) {
                    brokenOff++;
                } catch (IOException e) {
                    // A damaged cell in the midst of a body ends the answer: it must not look whole.
                    if (damages.isEmpty()) findings.add(Kind.BROKEN_OFF, thing.path() + ": " + e.getMessage());
                    brokenOff++;
                }
            }
        }
        return hits;
    }

    private static void awaitAnswer(Viewer viewer, Thing thing) throws IOException {
        long end = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        while (true) {
            try {
                viewer.ask(Question.head(thing));
                return;
            } catch (IOException e) {
                if (System.nanoTime() > end) throw e;
                LockSupport.parkNanos(3_000_000);
            }
        }
    }

    private void play(Site site, Findings findings, Random random, Program edge, boolean isSettled) throws IOException {
        var traffic = new Traffic(site.port(), versions, findings, things);
        traffic.start(VIEWERS, Duration.ofMillis(1));
        LockSupport.parkNanos(random.nextLong(200_000_000, 1_500_000_000));
        if (isSettled) {
            traffic.stop();
            // What comes faster than the disk takes it is kept in memory only: that is not what this is about.
            LockSupport.parkNanos(QUIET.toNanos());
            askForAll(site, steady, findings, false);
            LockSupport.parkNanos(QUIET.toNanos());
        } else {
            traffic.mayBreak();
        }
        edge.kill();
        traffic.stop();
        answers += traffic.answers();
    }

    /// The number that the last one of each shard bears.
    private static int aside(Path cache) throws IOException {
        try (var entries = Files.list(cache)) {
            return entries.map(path -> path.getFileName().toString())
                    .filter(name -> name.contains(".damaged-"))
                    .mapToInt(name -> Integer.parseInt(name.substring(name.lastIndexOf('-') + 1)))
                    .sum();
        }
    }
}

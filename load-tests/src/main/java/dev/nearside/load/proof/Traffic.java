package dev.nearside.load.proof;

import dev.nearside.load.proof.Findings.Kind;
import dev.nearside.load.proof.Viewer.Question;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;

/// Viewers of all kinds: most want what is popular, some a part of it, some only its head or whether it has changed,
/// some go away early or read slowly, and some ask for what nobody will ask for again.
final class Traffic {

    private static final double ZIPF = 0.9;
    private static final int SHORT_LIVED = 200;
    private static final long LARGEST = 4L << 20;

    private final int port;
    private final Versions versions;
    private final Findings findings;
    private final List<Thing> things;
    private final double[] upTo;
    private final AtomicLongArray seen;
    private final AtomicBoolean isOver = new AtomicBoolean();
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicLong answers = new AtomicLong();
    private final AtomicLong hits = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong changed = new AtomicLong();
    private volatile boolean mayBreak;

    /// @param things in the order of how much they are wanted
    Traffic(int port, Versions versions, Findings findings, List<Thing> things) {
        this.port = port;
        this.versions = versions;
        this.findings = findings;
        this.things = List.copyOf(things);
        this.seen = new AtomicLongArray(things.size());
        this.upTo = new double[things.size()];
        double sum = 0;
        for (int rank = 0; rank < upTo.length; rank++) {
            sum += 1 / Math.pow(rank + 1, ZIPF);
            upTo[rank] = sum;
        }
    }

    /// Things of all sizes, from none to 4 MiB, with so many bytes in all.
    static List<Thing> things(long total, long seed) {
        var random = new SplittableRandom(seed);
        var things = new ArrayList<Thing>();
        for (long sum = 0; sum < total; ) {
            int number = things.size();
            long size = number % 100 == 0
                    ? 0
                    : number % 40 == 1
                            ? random.nextLong(1 << 20, LARGEST)
                            : (long) (-40_000 * Math.log(1 - random.nextDouble()));
            things.add(Thing.numbered(number, size));
            sum += size;
        }
        return things;
    }

    /// @param pause of each viewer between two questions
    void start(int viewers, Duration pause) {
        for (int i = 0; i < viewers; i++) {
            var random = new Random(i);
            threads.add(Thread.startVirtualThread(() -> view(random, pause)));
        }
    }

    /// From now on connections may fail: the edge is about to be killed.
    void mayBreak() {
        mayBreak = true;
    }

    void stop() throws IOException {
        isOver.set(true);
        try {
            for (var thread : threads) thread.join();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    long answers() {
        return answers.get();
    }

    long hits() {
        return hits.get();
    }

    /// Answers that were broken off because what they were about changed meanwhile.
    long changed() {
        return changed.get();
    }

    /// Of bodies, all of them checked.
    long bytes() {
        return bytes.get();
    }

    private int popular(Random random) {
        int found = Arrays.binarySearch(upTo, random.nextDouble() * upTo[upTo.length - 1]);
        return Math.min(found < 0 ? -found - 1 : found + 1, upTo.length - 1);
    }

    private void view(Random random, Duration pause) {
        try (var viewer = new Viewer(port, versions, findings)) {
            while (!isOver.get()) {
                int number = popular(random);
                var question = question(things.get(number), number, random);
                try {
                    var answer = viewer.ask(question);
                    answers.incrementAndGet();
                    bytes.addAndGet(answer.bytes());
                    if (answer.isHit()) hits.incrementAndGet();
                    if (question.thing().equals(things.get(number))) seen.set(number, answer.version());
                } catch (Viewer.ChangedException _) {
                    changed.incrementAndGet();
                } catch (IOException | RuntimeException e) {
                    if (mayBreak) return;
                    findings.add(Kind.BROKEN_OFF, "%s: %s".formatted(question, e));
                }
                if (!pause.isZero()) LockSupport.parkNanos(random.nextLong(2 * pause.toNanos()));
            }
        }
    }

    private Question question(Thing thing, int number, Random random) {
        var question = Question.get(thing);
        int kind = random.nextInt(100);
        if (kind < 12) {
            long from = random.nextLong(thing.size() + 1);
            return question.range(from, from + 1 + random.nextLong(300_000));
        }
        if (kind < 18) return Question.head(thing);
        if (kind < 26 && seen.get(number) > 0) return question.unless(seen.get(number));
        if (kind < 33) {
            return Question.get(Thing.at("/flood/%x-%d".formatted(random.nextLong(), random.nextInt(20_000))));
        }
        if (kind < 36) return question.leavingAfter(1 + random.nextInt(100_000));
        if (kind < 38) return Question.get(Thing.at(ContentOrigin.SHORT + number % SHORT_LIVED + "-9000"));
        if (kind < 40) return question.pausing(Duration.ofMillis(5));
        return question;
    }
}

package dev.nearside.load.proof;

import dev.nearside.load.proof.Findings.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/// Somebody who changes what the origin has, and invalidates it: by path, folder and tag, hard and softly.
final class Changes {

    private enum Way {
        PATHS,
        FOLDER,
        TAG
    }

    private static final List<Way> WAYS = List.of(Way.values());

    private final ControlPlane control;
    private final Versions versions;
    private final Findings findings;
    private final List<Thing> things;
    private final Map<Way, Integer> counts = new EnumMap<>(Way.class);
    private int soft;
    private volatile boolean isOver;
    private volatile boolean mayFail;
    private Thread thread = new Thread();

    Changes(ControlPlane control, Versions versions, Findings findings, List<Thing> things) {
        this.control = control;
        this.versions = versions;
        this.findings = findings;
        this.things = List.copyOf(things);
    }

    void start(Duration pause, long seed) {
        var random = new Random(seed);
        thread = Thread.startVirtualThread(() -> {
            while (!isOver) {
                try {
                    once(random);
                } catch (IOException e) {
                    if (!mayFail) findings.add(Kind.PROCESS, "an invalidation: " + e.getMessage());
                }
                LockSupport.parkNanos(pause.toNanos());
            }
        });
    }

    /// An invalidation may end without the edge's word: the edge is killed now and then.
    void mayFail() {
        mayFail = true;
    }

    void stop() throws IOException {
        isOver = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    /// Changes, invalidates, waits until the edge has said so, and holds it to it from then on.
    private void once(Random random) throws IOException {
        var way = WAYS.get(random.nextInt(WAYS.size()));
        boolean isSoft = random.nextInt(10) < 4;
        var lines = lines(way, random);
        var changed = new ArrayList<Long>();
        // A soft order may be about what has not changed: then a 304 is the answer.
        boolean isChanged = !isSoft || random.nextBoolean();
        if (isChanged) for (var line : lines) changed.add(versions.change(line));
        control.invalidate(lines, isSoft);
        for (int i = 0; i < changed.size(); i++) versions.confirm(lines.get(i), changed.get(i));
        counts.merge(way, 1, Integer::sum);
        if (isSoft) soft++;
    }

    private List<String> lines(Way way, Random random) {
        var some = things.get(random.nextInt(Math.min(things.size(), 400)));
        return switch (way) {
            case PATHS ->
                random.ints(3, 0, Math.min(things.size(), 2_000))
                        .distinct()
                        .mapToObj(number -> things.get(number).path())
                        .toList();
            case FOLDER -> List.of(some.folder() + '*');
            case TAG -> List.of('#' + some.tag());
        };
    }

    int count() {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }

    @Override
    public String toString() {
        return counts.entrySet().stream()
                        .map(each -> each.getKey().name().toLowerCase(Locale.ROOT) + ' ' + each.getValue())
                        .collect(Collectors.joining(", "))
                + "; " + soft + " of them soft";
    }
}

package dev.nearside.admin.insight;

import dev.nearside.admin.control.Answer.Done;
import dev.nearside.admin.control.Answer.Refused;
import dev.nearside.admin.control.Answer.SignedOut;
import dev.nearside.admin.control.Answer.Unreachable;
import dev.nearside.admin.control.ControlPlane;
import dev.nearside.model.wire.api.Edges;
import dev.nearside.model.wire.api.Metrics;
import dev.nearside.model.wire.api.Metrics.Point;
import dev.nearside.model.wire.api.Snapshots;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one sampler behind every dashboard: asks the control plane once a second, however many people look on.
///
/// It asks with the token of somebody who is looking, since everybody who may sign in may see the metrics; while
/// nobody looks, it asks nothing.
public final class LiveTraffic implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LiveTraffic.class);

    /// How much is asked for again each time: reports of edges arrive late and still change the last points.
    private static final Duration UNSETTLED = Duration.ofSeconds(10);

    /// What somebody wants to see; equal questions share one sample.
    public record Question(Duration window, Duration step, Optional<String> distribution) {}

    /// What the sampler knows now.
    ///
    /// @param points oldest first; the newest may still grow
    /// @param trouble why there is nothing newer, if there is not
    public record Picture(
            int step,
            List<Point> points,
            List<Snapshots.Item> snapshots,
            List<Edges.Item> edges,
            Instant asOf,
            Optional<String> trouble,
            boolean signedOut) {
        public Picture {
            points = List.copyOf(points);
            snapshots = List.copyOf(snapshots);
            edges = List.copyOf(edges);
        }
    }

    /// Ends a watch.
    @FunctionalInterface
    public interface Watching {
        void end();
    }

    private record Watcher(ControlPlane controlPlane, Question question, Consumer<Picture> tell) {}

    private final InstantSource clock;
    private final List<Watcher> watchers = new CopyOnWriteArrayList<>();
    private final Map<Question, Sample> samples = new HashMap<>();
    private final ScheduledExecutorService ticker = Executors.newSingleThreadScheduledExecutor(
            work -> Thread.ofPlatform().daemon().name("live-traffic").unstarted(work));

    private List<Snapshots.Item> snapshots = List.of();
    private List<Edges.Item> edges = List.of();

    public LiveTraffic(InstantSource clock) {
        this.clock = clock;
        var _ = ticker.scheduleAtFixedRate(this::tick, 0, 1, TimeUnit.SECONDS);
    }

    /// From now on `tell` gets a picture each second, on the sampler's thread, until the watch ends.
    public Watching watch(ControlPlane controlPlane, Question question, Consumer<Picture> tell) {
        var watcher = new Watcher(controlPlane, question, tell);
        watchers.add(watcher);
        ticker.execute(this::tick);
        return () -> watchers.remove(watcher);
    }

    @Override
    public void close() {
        ticker.shutdownNow();
    }

    private void tick() {
        try {
            samples.keySet().retainAll(watchers.stream().map(Watcher::question).toList());
            if (watchers.isEmpty()) return;
            beside(watchers.getFirst().controlPlane());
            for (var question :
                    watchers.stream().map(Watcher::question).distinct().toList()) answer(question);
        } catch (RuntimeException bug) {
            LOG.error("the sampler failed, and goes on", bug);
        }
    }

    private void beside(ControlPlane controlPlane) {
        snapshots = controlPlane.snapshots().map(Snapshots::items).orElse(snapshots);
        edges = controlPlane.edges().map(Edges::items).orElse(edges);
    }

    private void answer(Question question) {
        var sample = samples.computeIfAbsent(question, _ -> new Sample(clock.instant()));
        for (var watcher : watchers) {
            if (!watcher.question().equals(question)) continue;
            var now = clock.instant();
            if (!sample.isDue(now, question)) {
                tell(watcher, sample.picture(snapshots, edges, false));
                continue;
            }
            switch (watcher.controlPlane()
                    .metrics(sample.range(now, question), question.step(), question.distribution())) {
                case Done(var metrics) -> sample.add(metrics, now, question);
                case SignedOut() -> {
                    tell(watcher, sample.picture(snapshots, edges, true));
                    continue;
                }
                case Refused(var _, var title, var detail, var _) -> sample.fail(title + ". " + detail);
                case Unreachable(var reason) -> sample.fail(reason);
            }
            tell(watcher, sample.picture(snapshots, edges, false));
        }
    }

    private static void tell(Watcher watcher, Picture picture) {
        try {
            watcher.tell().accept(picture);
        } catch (RuntimeException gone) {
            LOG.warn("a watcher is gone", gone);
        }
    }

    /// The points of one question, kept by the sampler's thread alone.
    private static final class Sample {

        private final List<Point> points = new ArrayList<>();
        private Instant asOf;
        private Optional<Instant> asked = Optional.empty();
        private Optional<String> trouble = Optional.empty();
        private int step = 1;

        Sample(Instant now) {
            asOf = now;
        }

        /// Everybody who shares the question is told, and only the first asks.
        boolean isDue(Instant now, Question question) {
            return trouble.isPresent()
                    || asked.isEmpty()
                    || Duration.between(asked.get(), now)
                                    .compareTo(question.step().minusMillis(200))
                            >= 0;
        }

        Duration range(Instant now, Question question) {
            if (points.isEmpty()) return question.window();
            var missed = Duration.between(asOf, now).plus(UNSETTLED).plus(question.step());
            return missed.compareTo(question.window()) < 0 ? missed : question.window();
        }

        void add(Metrics metrics, Instant now, Question question) {
            asked = Optional.of(now);
            asOf = now;
            trouble = Optional.empty();
            step = Math.max(1, metrics.step());
            if (metrics.points().isEmpty()) return;
            var from = metrics.points().getFirst().at();
            points.removeIf(point -> !point.at().isBefore(from));
            points.addAll(metrics.points());
            var oldest = points.getLast().at().minus(question.window());
            points.removeIf(point -> point.at().isBefore(oldest));
        }

        void fail(String reason) {
            trouble = Optional.of(reason);
        }

        Picture picture(List<Snapshots.Item> snapshots, List<Edges.Item> edges, boolean signedOut) {
            // The newest interval is still being counted; drawn now it would look like a dip.
            var settled = points.isEmpty() ? points : points.subList(0, points.size() - 1);
            return new Picture(step, settled, snapshots, edges, asOf, trouble, signedOut);
        }
    }
}

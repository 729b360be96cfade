package dev.nearside.deploy.traffic;

import dev.nearside.command.CommandLines;
import dev.nearside.deploy.HostAndPort;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Visits the sample site through its edges, gently and for as long as it runs.
@Command(
        name = "traffic",
        mixinStandardHelpOptions = true,
        description = "A gentle traffic generator for the sample site.")
public final class TrafficMain implements Callable<Integer> {

    private static final Logger LOG = LoggerFactory.getLogger(TrafficMain.class);

    /// Slow answers must not pile up: beyond this many at once a visit is skipped.
    private static final int AT_ONCE = 32;

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Option(
            names = "--edge",
            paramLabel = "HOST:PORT",
            required = true,
            converter = HostAndPort.Converter.class,
            description = "an edge to visit; repeat it for several")
    private List<HostAndPort> edges = new ArrayList<>();

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "30",
            description = "requests per second over all edges (default: ${DEFAULT-VALUE})")
    private int rate;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "the same seed makes the same visits (default: ${DEFAULT-VALUE})")
    private long seed;

    private final LongAdder answered = new LongAdder();
    private final LongAdder failed = new LongAdder();

    private TrafficMain() {}

    public static void main(String[] args) {
        System.exit(CommandLines.of(new TrafficMain()).execute(args));
    }

    @Override
    public Integer call() throws InterruptedException {
        if (rate < 1 || rate > 1_000) {
            LOG.error("--rate: {} (expected: 1 to 1000)", rate);
            return 2;
        }
        var stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(stopped::countDown, "stop"));
        LOG.info("visiting {} with {} requests per second", edges, rate);
        try (var clock = Executors.newScheduledThreadPool(1);
                var viewers = Executors.newVirtualThreadPerTaskExecutor();
                var http = HttpClient.newBuilder()
                        .executor(viewers)
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(Duration.ofSeconds(2))
                        .build()) {
            var habits = new Visit.Habits();
            var random = new SplittableRandom(seed);
            var free = new Semaphore(AT_ONCE);
            var _ = clock.scheduleAtFixedRate(
                    () -> {
                        var visit = habits.next(random);
                        var edge = edges.get(random.nextInt(edges.size()));
                        if (free.tryAcquire()) viewers.execute(() -> pay(visit, edge, http, free));
                    },
                    0,
                    1_000_000 / rate,
                    TimeUnit.MICROSECONDS);
            var _ = clock.scheduleAtFixedRate(this::report, 1, 1, TimeUnit.MINUTES);
            stopped.await();
            clock.shutdownNow();
            viewers.shutdownNow();
            http.shutdownNow();
        }
        return 0;
    }

    private void pay(Visit visit, HostAndPort edge, HttpClient http, Semaphore free) {
        try {
            var request =
                    HttpRequest.newBuilder(edge.http().resolve(visit.path())).timeout(PATIENCE);
            visit.fields().forEach(request::header);
            http.send(request.build(), BodyHandlers.discarding());
            answered.increment();
        } catch (IOException _) {
            failed.increment(); // an edge that restarts is part of the show
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            free.release();
        }
    }

    private void report() {
        LOG.info("in the last minute: {} answered, {} not", answered.sumThenReset(), failed.sumThenReset());
    }
}

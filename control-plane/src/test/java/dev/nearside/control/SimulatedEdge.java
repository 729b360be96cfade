package dev.nearside.control;

import dev.nearside.model.wire.Json;
import dev.nearside.model.wire.feed.EdgeReport;
import dev.nearside.model.wire.feed.Enrolled;
import dev.nearside.model.wire.feed.Hello;
import dev.nearside.model.wire.feed.LatencyScale;
import dev.nearside.model.wire.feed.SnapshotMessage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

/// An edge as the control plane sees one: follows the feed, and reports what it says it answered, five times a second.
final class SimulatedEdge implements AutoCloseable {
    private static final long REQUESTS_A_REPORT = 50;

    private final RunningControlPlane api;
    private final Enrolled enrolled;
    private final List<SnapshotMessage> got = new CopyOnWriteArrayList<>();
    private final Map<Long, Integer> errorsPerCent = new ConcurrentHashMap<>();
    private final Thread reader;
    private final Thread reporter;
    private final String runId = UUID.randomUUID().toString();
    private final Instant startTime = Instant.now();

    private volatile String epoch = "";
    private volatile boolean isQuiet;
    private volatile boolean isClosed;
    private long requests;
    private long errors;

    SimulatedEdge(RunningControlPlane api, Enrolled enrolled) {
        this.api = api;
        this.enrolled = enrolled;
        this.reader = Thread.ofVirtual().start(this::follow);
        this.reporter = Thread.ofVirtual().start(this::report);
    }

    /// Answers this many of a hundred requests with a 5xx while it runs a snapshot.
    SimulatedEdge failing(long version, int perCent) {
        errorsPerCent.put(version, perCent);
        return this;
    }

    /// Has no viewers.
    SimulatedEdge quiet() {
        isQuiet = true;
        return this;
    }

    String id() {
        return enrolled.edgeId();
    }

    /// The snapshots it was given, in the order they came.
    List<Long> versions() {
        return got.stream().map(SnapshotMessage::version).toList();
    }

    SnapshotMessage last() {
        return got.getLast();
    }

    long running() {
        return got.isEmpty() ? 0 : last().version();
    }

    private void follow() {
        while (!isClosed) {
            try (var feed = new EventReader(api.feed(enrolled, place()))) {
                while (!isClosed) {
                    var event = feed.next();
                    if (event.name().equals("hello"))
                        epoch = event.read(Hello.class).epoch();
                    if (event.name().equals("snapshot")) {
                        got.add(event.read(SnapshotMessage.class));
                        send();
                    }
                }
            } catch (Exception | AssertionError gone) {
                pause(50);
            }
        }
    }

    private String place() {
        return epoch.isEmpty() ? "" : "%s/0/%d".formatted(epoch, running());
    }

    private void report() {
        while (!isClosed) {
            try {
                if (!epoch.isEmpty()) send();
            } catch (Exception gone) {
                // The control plane is being started again.
            }
            pause(200);
        }
    }

    private synchronized void send() throws Exception {
        long running = running();
        var body = Json.write(new EdgeReport(
                runId,
                startTime,
                Instant.now(),
                "1",
                running,
                null,
                epoch,
                0,
                new EdgeReport.Cache(0, 0, 0, 0, 0, true),
                List.of(new EdgeReport.Counters(
                        "site", requests - errors, 0, 0, 0, 0, 0, errors, 0, 0, 0, 0, 0, 0, 0, 0)),
                null,
                new EdgeReport.Service(errors, latency())));
        api.post(enrolled.credential(), "/edge/v1/reports", body);
        if (isQuiet) return;
        requests += REQUESTS_A_REPORT;
        errors += REQUESTS_A_REPORT * errorsPerCent.getOrDefault(running, 0) / 100;
    }

    private List<Long> latency() {
        var latency = new ArrayList<>(Collections.nCopies(LatencyScale.STEPS, 0L));
        latency.set(4, requests);
        return latency;
    }

    private static void pause(long millis) {
        LockSupport.parkNanos(millis * 1_000_000);
    }

    @Override
    public void close() {
        isClosed = true;
        reader.interrupt();
        reporter.interrupt();
    }
}

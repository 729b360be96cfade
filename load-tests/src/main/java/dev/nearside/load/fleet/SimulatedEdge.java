package dev.nearside.load.fleet;

import java.io.IOException;
import java.time.Instant;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/// Says and hears all that an edge says and hears; "applies" what it is told by remembering its number.
final class SimulatedEdge implements AutoCloseable {

    private final String credential;
    private final int port;
    private final String runId;
    private final String counters;
    private final Semaphore wanted = new Semaphore(0);
    private final Instant startTime = Instant.now();
    private final Thread following;
    private final Thread reporting;

    private volatile String epoch = "";
    private volatile long position;
    private volatile long snapshot;
    /// When that position and that snapshot came, and when the control plane had taken the report of it.
    private volatile long positionAt;

    private volatile long snapshotAt;
    private volatile long positionReportedAt;
    private volatile long snapshotReportedAt;
    private volatile long packedBytes;
    private volatile String trouble = "";

    /// @param counters the JSON of what it has answered
    SimulatedEdge(String name, String credential, int port, String counters) {
        this.credential = credential;
        this.port = port;
        this.runId = "run-of-" + name;
        this.counters = counters;
        this.following = Thread.ofVirtual().name(name).start(() -> run(this::follow));
        this.reporting = Thread.ofVirtual().name(name + "-reports").start(() -> run(this::report));
    }

    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    private void run(Work work) {
        try {
            work.run();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            trouble = e.toString();
        }
    }

    private void follow() throws IOException {
        try (var http = new Http(port)) {
            var events = http.follow(credential, "");
            while (!Thread.currentThread().isInterrupted()) {
                var event = events.next();
                long now = System.nanoTime();
                var place = event.id().split("/", -1);
                if (place.length == 3) {
                    epoch = place[0];
                    if (event.name().equals("snapshot")) {
                        snapshotAt = now;
                        snapshot = Long.parseLong(place[2]);
                    }
                    long reached = Long.parseLong(place[1]);
                    if (reached != position) {
                        positionAt = now;
                        position = reached;
                    }
                }
                packedBytes = events.packedBytes();
                if (!event.name().equals("hello")) wanted.release();
            }
        }
    }

    /// Every second, and at once when something was applied, as a real one does.
    private void report() throws IOException, InterruptedException {
        Thread.sleep(ThreadLocalRandom.current().nextInt(1000));
        try (var http = new Http(port)) {
            while (true) {
                boolean _ = wanted.tryAcquire(1, TimeUnit.SECONDS);
                wanted.drainPermits();
                long ranTo = position;
                long ran = snapshot;
                var answer = http.ask("POST", "/edge/v1/reports", credential, json(ranTo, ran));
                if (answer.status() != 204) throw new IOException(answer.status() + " " + answer.body());
                long now = System.nanoTime();
                if (ranTo == position && positionReportedAt < positionAt) positionReportedAt = now;
                if (ran == snapshot && snapshotReportedAt < snapshotAt) snapshotReportedAt = now;
            }
        }
    }

    private String json(long ranTo, long ran) {
        return """
                {"runId":"%s","startTime":"%s","sentAt":"%s","version":"0.1.0","snapshotVersion":%d,"epoch":"%s",\
                "position":%d,"counters":%s,"cache":{"memoryUsed":200000000,"memoryLimit":268435456,\
                "diskUsed":900000000,"diskLimit":1073741824,"objects":120000,"recovered":true}}""".formatted(runId, startTime, Instant.now(), ran, epoch, ranTo, counters);
    }

    boolean hasReportedPosition(long wantedPosition) {
        return position >= wantedPosition && positionReportedAt >= positionAt;
    }

    boolean hasReportedSnapshot(long wantedSnapshot) {
        return snapshot == wantedSnapshot && snapshotReportedAt >= snapshotAt;
    }

    long positionAt() {
        return positionAt;
    }

    long snapshotAt() {
        return snapshotAt;
    }

    long positionReportedAt() {
        return positionReportedAt;
    }

    long snapshotReportedAt() {
        return snapshotReportedAt;
    }

    long packedBytes() {
        return packedBytes;
    }

    /// Why it gave up; empty while it goes on.
    String trouble() {
        return trouble;
    }

    @Override
    public void close() {
        following.interrupt();
        reporting.interrupt();
    }
}

package dev.nearside.control.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.nearside.control.access.Secrets;
import dev.nearside.control.audit.Authorship;
import dev.nearside.control.http.Event;
import dev.nearside.control.http.EventSink;
import dev.nearside.control.peers.LocalChanges;
import dev.nearside.control.persistence.Database;
import dev.nearside.control.persistence.SqlFleet;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A log that forgets its oldest entries while an edge reads them.
class ForgottenLogTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final long HEAD = 5_000;

    private final List<String> emitted = new CopyOnWriteArrayList<>();
    private volatile long oldest = 1;
    private Database database;
    private Feed feed;
    private String edge = "";

    private final FeedLog log = new FeedLog() {
        @Override
        public Head head() {
            return new Head("epoch", HEAD, oldest, 0);
        }

        @Override
        public List<Order> after(long position, int atMost) {
            return LongStream.rangeClosed(Math.max(position + 1, oldest), HEAD)
                    .limit(atMost)
                    .mapToObj(number -> new Order(number, "I" + number, "E1", List.of("/"), false, NOON))
                    .toList();
        }

        @Override
        public Targets targets() {
            return new Targets(0, Optional.empty());
        }

        @Override
        public Optional<Published> snapshot(long version) {
            return Optional.empty();
        }
    };

    private final EventSink sink = new EventSink() {
        @Override
        public void emit(Event event, Optional<String> id) {
            emitted.add(id.orElseThrow());
        }

        @Override
        public void emit(String name, Optional<String> id, String data) {
            emitted.add(name);
        }

        @Override
        public void heartbeat() {}
    };

    /// No snapshot needs any.
    private static final CertificateFeed NO_CERTIFICATES = new CertificateFeed() {
        @Override
        public void refresh(String epoch) {}

        @Override
        public boolean isMoreThan(Told told, long snapshotVersion) {
            return false;
        }

        @Override
        public Told tell(long snapshotVersion, Told told, boolean isConfidential, EventSink sink) {
            return told;
        }

        @Override
        public Set<String> neededBy(long snapshotVersion) {
            return Set.of();
        }
    };

    @BeforeEach
    void open(@TempDir Path directory) throws Exception {
        database = Database.open(directory, UUID::randomUUID);
        var changes = new LocalChanges();
        var fleet = new Fleet(
                new SqlFleet(database),
                log,
                new Secrets(new SecureRandom()),
                changes,
                new Fleet.Company("self", false, Duration.ofSeconds(15)),
                () -> UUID.randomUUID().toString(),
                () -> NOON);
        var token =
                fleet.invite(Optional.empty(), new Authorship("ann", NOON, "")).token();
        if (fleet.enrol(token, "edge", "1", Map.of()) instanceof Fleet.Entry.Admitted(var enrolled, var _)) {
            edge = enrolled.id();
        }
        feed = new Feed(log, fleet, new Questions(), NO_CERTIFICATES, changes);
    }

    @AfterEach
    void close() {
        feed.close();
        database.close();
    }

    @Test
    void anEdgeIsNotLedOverAGap() throws Exception {
        oldest = 100;
        var stream = Thread.startVirtualThread(() -> feed.stream(edge, Optional.of("epoch/10/0"), true, sink));

        await().until(() -> !stream.isAlive() || emitted.size() > 1);
        feed.close();
        stream.join();

        assertThat(emitted).as("it comes again, and starts afresh").containsExactly("hello");
    }

    @Test
    void anEdgeIsLedToTheHead() throws Exception {
        var stream = Thread.startVirtualThread(() -> feed.stream(edge, Optional.of("epoch/10/0"), true, sink));

        await().until(() -> emitted.contains("caught-up"));
        feed.close();
        stream.join();

        assertThat(emitted).hasSize((int) HEAD - 10 + 2).contains("epoch/11/0", "epoch/5000/0");
    }
}

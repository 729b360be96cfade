package dev.nearside.control.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.nearside.control.Authority;
import dev.nearside.control.fleet.CertificateFeed.Told;
import dev.nearside.control.http.Event;
import dev.nearside.control.http.EventSink;
import dev.nearside.model.check.Checked;
import dev.nearside.model.wire.Json;
import dev.nearside.model.wire.feed.CertificatesMessage;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which certificates a stream is told, when, and when it is not given the keys.
class DeliveryTest {
    private final Map<String, Certificate> kept = new TreeMap<>();
    private final List<CertificatesMessage> told = new ArrayList<>();
    private final Map<Long, Set<String>> needs = Map.of(1L, Set.of("a"), 2L, Set.of("a", "b"), 3L, Set.of());
    private final AtomicReference<Runnable> afterReading = new AtomicReference<>(() -> {});
    private Seals seals;
    private Delivery delivery;

    private final EventSink sink = new EventSink() {
        @Override
        public void emit(Event event, Optional<String> id) {
            throw new AssertionError("events of certificates are of one stream alone");
        }

        @Override
        public void emit(String name, Optional<String> id, String data) {
            assertThat(name).isEqualTo("certificates");
            assertThat(id).isEmpty();
            switch (Json.read(data, CertificatesMessage.class)) {
                case Checked.Valid<CertificatesMessage>(var message) -> told.add(message);
                case Checked.Invalid<CertificatesMessage>(var problems) -> throw new AssertionError(problems);
            }
        }

        @Override
        public void heartbeat() {}
    };

    private final CertificateRepository repository = new CertificateRepository() {
        @Override
        public List<Certificate> all() {
            return List.copyOf(kept.values());
        }

        @Override
        public Optional<Certificate> find(String id) {
            return Optional.ofNullable(kept.get(id));
        }

        @Override
        public Map<String, Long> versions() {
            var read = kept.values().stream().collect(Collectors.toMap(Certificate::id, Certificate::version));
            afterReading.getAndSet(() -> {}).run();
            return read;
        }

        @Override
        public <T> T change(Function<Change, T> work) {
            throw new AssertionError("delivering changes nothing");
        }
    };

    @BeforeEach
    void keep(@TempDir Path folder) throws Exception {
        seals = Seals.open(folder.resolve("key"), true, new SecureRandom());
        keep("a", 1);
        keep("b", 1);
        keep("c", 1);
        delivery = new Delivery(repository, seals, needs::get);
        delivery.refresh("epoch");
    }

    private void keep(String id, long version) throws Exception {
        var issued = Authority.root("Root").issue(id + ".example");
        var sealed = seals.seal(issued.keys().getPrivate().getEncoded(), Certificate.keyIsOf(id, version));
        kept.put(
                id,
                new Certificate(
                        id, "name-" + id, version, issued.pem(), sealed, "admin", Instant.EPOCH, Instant.EPOCH, ""));
    }

    @Test
    void tellsOnceWhatASnapshotNeeds() {
        var after = delivery.tell(1, Told.NOTHING, true, sink);

        assertThat(told).singleElement().satisfies(message -> {
            assertThat(message.items()).extracting(CertificatesMessage.Item::id).containsExactly("a");
            assertThat(message.items().getFirst().privateKey()).startsWith("-----BEGIN PRIVATE KEY-----\n");
            assertThat(message.toString()).doesNotContain("PRIVATE");
        });
        assertThat(delivery.isMoreThan(after, 1)).isFalse();
        assertThat(delivery.tell(1, after, true, sink)).isEqualTo(after);
        assertThat(told).hasSize(1);
        assertThat(delivery.tell(3, Told.NOTHING, true, sink)).isEqualTo(Told.NOTHING);
        assertThat(told).hasSize(1);
    }

    /// Two uploads at the same time, on a database that nobody looks at again by itself.
    @Test
    void whatWasReadFirstIsNotTakenLast() throws Exception {
        var after = delivery.tell(1, Told.NOTHING, true, sink);
        var later = Thread.ofPlatform().unstarted(() -> delivery.refresh("epoch"));
        afterReading.set(() -> {
            kept.put("a", second("a"));
            later.start();
            await().until(() ->
                    Set.of(Thread.State.WAITING, Thread.State.TERMINATED).contains(later.getState()));
        });

        delivery.refresh("epoch");
        later.join();

        assertThat(delivery.isMoreThan(after, 1)).isTrue();
    }

    private Certificate second(String id) {
        var first = Objects.requireNonNull(kept.get(id));
        return new Certificate(
                id, first.name(), 2, first.pem(), first.key(), "admin", Instant.EPOCH, Instant.EPOCH, "");
    }

    @Test
    void tellsAgainWhatWasReplacedAndNoOther() throws Exception {
        var after = delivery.tell(1, Told.NOTHING, true, sink);
        keep("b", 2);
        delivery.refresh("epoch");
        assertThat(delivery.isMoreThan(after, 1)).isFalse();

        keep("a", 2);
        delivery.refresh("epoch");
        assertThat(delivery.isMoreThan(after, 1)).isTrue();
        delivery.tell(1, after, true, sink);
        assertThat(told.getLast().items())
                .singleElement()
                .satisfies(item -> assertThat(item.version()).isEqualTo(2));
    }

    @Test
    void noKeyGoesWhereOthersCanRead() {
        delivery.tell(1, Told.NOTHING, true, sink);
        delivery.tell(2, Told.NOTHING, false, sink);

        assertThat(told.getLast().items()).isEmpty();
        assertThat(told.getLast().withheld())
                .extracting(CertificatesMessage.Withheld::why)
                .containsOnly("the connection to the control plane is neither TLS nor loopback");
        assertThat(told.getLast().withheld()).hasSize(2);
    }

    @Test
    void whatIsNotThereIsSaid() {
        kept.remove("a");
        delivery.refresh("epoch");
        delivery.tell(1, Told.NOTHING, true, sink);

        assertThat(told.getLast().withheld())
                .singleElement()
                .satisfies(
                        withheld -> assertThat(withheld.why()).isEqualTo("the control plane has no such certificate"));
    }

    @Test
    void anotherRowsKeyIsNotGiven() {
        var a = kept.get("a");
        var b = kept.get("b");
        if (a == null || b == null) throw new AssertionError("both were kept");
        kept.put("a", a.sealedAnew(b.key()));
        delivery.tell(1, Told.NOTHING, true, sink);

        assertThat(told.getLast().items()).isEmpty();
        assertThat(told.getLast().withheld())
                .singleElement()
                .satisfies(withheld -> assertThat(withheld.why()).isEqualTo("the control plane cannot open its key"));
    }
}

package dev.nearside.control.certificate;

import dev.nearside.control.fleet.CertificateFeed;
import dev.nearside.control.http.EventSink;
import dev.nearside.model.wire.Json;
import dev.nearside.model.wire.feed.CertificatesMessage;
import dev.nearside.model.wire.feed.CertificatesMessage.Item;
import dev.nearside.model.wire.feed.CertificatesMessage.Withheld;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Gives edges the certificates that their snapshots need, with the keys: over TLS or the loopback interface, or not.
public final class Delivery implements CertificateFeed {
    private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);
    private static final long GONE = 0;
    private static final String IN_THE_CLEAR = "the connection to the control plane is neither TLS nor loopback";

    private final CertificateRepository repository;
    private final Seals seals;
    private final LongFunction<Set<String>> needs;

    private final ReentrantLock reading = new ReentrantLock();
    private final Map<Long, Set<String>> needed = new ConcurrentHashMap<>();
    private final Map<String, Item> opened = new ConcurrentHashMap<>();
    private volatile Map<String, Long> latest = Map.of();
    private String epoch = "";

    /// @param needs the certificates of the snapshot of a number
    public Delivery(CertificateRepository repository, Seals seals, LongFunction<Set<String>> needs) {
        this.repository = repository;
        this.seals = seals;
        this.needs = needs;
    }

    @Override
    public void refresh(String newEpoch) {
        // What was read first must not be taken last.
        reading.lock();
        try {
            if (!newEpoch.equals(epoch)) needed.clear();
            epoch = newEpoch;
            latest = Map.copyOf(repository.versions());
            opened.values().removeIf(item -> latest.getOrDefault(item.id(), GONE) != item.version());
        } finally {
            reading.unlock();
        }
    }

    @Override
    public Set<String> neededBy(long snapshotVersion) {
        return needed.computeIfAbsent(snapshotVersion, needs::apply);
    }

    @Override
    public boolean isMoreThan(Told told, long snapshotVersion) {
        var ids = needed.get(snapshotVersion);
        return ids == null || !wanted(ids).equals(told.versions());
    }

    private Map<String, Long> wanted(Set<String> ids) {
        var now = latest;
        var wanted = new TreeMap<String, Long>();
        for (var id : ids) wanted.put(id, now.getOrDefault(id, GONE));
        return wanted;
    }

    @Override
    public Told tell(long snapshotVersion, Told told, boolean isConfidential, EventSink sink) {
        var wanted = wanted(neededBy(snapshotVersion));
        if (wanted.equals(told.versions())) return told;
        var message = new CertificatesMessage(new ArrayList<>(), new ArrayList<>());
        wanted.forEach((id, version) -> put(id, version, isConfidential, message));
        sink.emit("certificates", Optional.empty(), Json.write(message));
        return new Told(wanted);
    }

    private void put(String id, long version, boolean isConfidential, CertificatesMessage message) {
        var known = opened.get(id);
        if (known != null && known.version() == version && isConfidential) {
            message.items().add(known);
            return;
        }
        var found = repository.find(id);
        if (found.isEmpty()) {
            message.withheld().add(new Withheld(id, id, version, "the control plane has no such certificate"));
            return;
        }
        var certificate = found.get();
        if (!isConfidential) {
            LOG.warn("certificate {} is not given to an edge: {}", certificate.name(), IN_THE_CLEAR);
            message.withheld().add(new Withheld(id, certificate.name(), certificate.version(), IN_THE_CLEAR));
            return;
        }
        var secret = seals.unseal(certificate.key(), certificate.keyIsOf());
        if (secret.isEmpty()) {
            var why = CertificateStore.whyClosed(seals, certificate);
            LOG.error("certificate {} cannot be given to edges: {}", certificate.name(), why);
            message.withheld()
                    .add(new Withheld(
                            id, certificate.name(), certificate.version(), "the control plane cannot open its key"));
            return;
        }
        var item = new Item(
                id,
                certificate.name(),
                certificate.version(),
                certificate.pem(),
                Pem.write("PRIVATE KEY", secret.get()));
        Arrays.fill(secret.get(), (byte) 0);
        opened.put(id, item);
        message.items().add(item);
    }
}

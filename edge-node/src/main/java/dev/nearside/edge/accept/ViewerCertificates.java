package dev.nearside.edge.accept;

import dev.nearside.edge.accept.Certificates.Expiry;
import dev.nearside.model.distribution.Distribution;
import dev.nearside.model.snapshot.Snapshot;
import dev.nearside.model.wire.feed.CertificatesMessage;
import dev.nearside.model.wire.feed.CertificatesMessage.Item;
import dev.nearside.model.wire.feed.EdgeReport.ShownCertificate;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.KeyCertOptions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.net.ssl.KeyManagerFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All certificates that viewers may be shown: those of the control plane for the distributions that name them,
/// and those in files for the rest.
///
/// A certificate that cannot be used changes nothing: what was shown before stays.
public final class ViewerCertificates {

    private static final Logger LOG = LoggerFactory.getLogger(ViewerCertificates.class);

    private final Vertx vertx;
    private final Optional<Certificates> files;
    private final List<Supplier<Future<Void>>> listeners = new CopyOnWriteArrayList<>();
    private volatile Future<Void> settled = Future.succeededFuture();

    private Map<String, Delivered> delivered = Map.of();
    private Map<String, String> problems = Map.of();
    /// Certificates by alias, as the snapshot says.
    private Map<String, String> aliases = Map.of();
    /// Told since the last snapshot, perhaps for the next one.
    private final Set<String> ahead = new HashSet<>();

    /// @param files for names that no delivered certificate is for
    public ViewerCertificates(Vertx vertx, Optional<Certificates> files) {
        this.vertx = vertx;
        this.files = files;
    }

    /// Has something done whenever other certificates are to be shown.
    ///
    /// @param listener whose future completes when they are
    public void listen(Supplier<Future<Void>> listener) {
        listeners.add(listener);
    }

    /// Completed when handshakes go by all that was said until now.
    public Future<Void> settled() {
        return settled;
    }

    /// What to show from now on.
    public synchronized KeyCertOptions options() {
        var byAlias = new HashMap<String, KeyManagerFactory>();
        aliases.forEach((alias, id) -> {
            var shown = delivered.get(id);
            if (shown != null) byAlias.put(alias, shown.keys());
        });
        return new Showing(byAlias, files.map(Certificates::options));
    }

    /// Looks at the files again; blocks.
    public void reload() {
        if (files.isPresent() && files.get().reload().isPresent()) tell();
    }

    /// Goes by the aliases of another snapshot, and forgets the certificates that it does not name.
    ///
    /// @return whether some were forgotten
    public boolean follow(Snapshot snapshot) {
        boolean forgot;
        synchronized (this) {
            var named = new HashMap<String, String>();
            for (var distribution : snapshot.distributions()) {
                if (!distribution.enabled()) continue;
                distribution
                        .certificate()
                        .ifPresent(id -> distribution.aliases().forEach(alias -> named.put(alias.value(), id.value())));
            }
            aliases = Map.copyOf(named);
            var needed = new HashSet<>(aliases.values());
            needed.addAll(ahead);
            ahead.clear();
            var left = new TreeMap<>(delivered);
            forgot = left.keySet().retainAll(needed);
            delivered = left;
            var open = new TreeMap<>(problems);
            open.keySet().retainAll(needed);
            problems = open;
        }
        warnOfPlainHttp(snapshot);
        tell();
        return forgot;
    }

    private void warnOfPlainHttp(Snapshot snapshot) {
        if (files.isPresent()) return;
        var plain = snapshot.distributions().stream()
                .filter(Distribution::enabled)
                .filter(distribution -> distribution.certificate().isEmpty())
                .map(Distribution::name)
                .sorted()
                .collect(Collectors.joining(", "));
        if (!plain.isEmpty()) LOG.warn("Answered over plain HTTP only, for want of a certificate: {}", plain);
    }

    /// Takes what the control plane has said; blocks.
    public void take(CertificatesMessage message) {
        synchronized (this) {
            var next = new TreeMap<String, Delivered>();
            var wrong = new TreeMap<String, String>();
            // Of what is not spoken of any more, the snapshot that still runs needs what it names.
            delivered.forEach((id, each) -> {
                if (aliases.containsValue(id)) next.put(id, each);
            });
            for (var item : message.items()) {
                var before = Optional.ofNullable(delivered.get(item.id()));
                try {
                    boolean isSame =
                            before.map(Delivered::item).map(item::equals).orElse(false);
                    next.put(item.id(), isSame ? before.get() : Delivered.of(vertx, item));
                    if (!isSame) LOG.info("Showing certificate {}, version {}", item.name(), item.version());
                } catch (Delivered.UnusableException e) {
                    before.ifPresent(each -> next.put(item.id(), each));
                    wrong.put(item.id(), refused(item.name(), item.version(), e.why(), before));
                }
            }
            for (var withheld : message.withheld()) {
                var before = Optional.ofNullable(delivered.get(withheld.id()));
                before.ifPresent(each -> next.put(withheld.id(), each));
                wrong.put(withheld.id(), refused(withheld.name(), withheld.version(), withheld.why(), before));
            }
            ahead.addAll(next.keySet());
            delivered = next;
            problems = wrong;
        }
        tell();
    }

    private static String refused(String name, long version, String why, Optional<Delivered> before) {
        LOG.error(
                "Certificate {}, version {}, cannot be shown: {}; {}",
                name,
                version,
                why,
                before.map(each -> "version " + each.item().version() + " stays")
                        .orElse("there is none"));
        return why;
    }

    /// What the control plane has given, to be kept for the next start.
    public synchronized CertificatesMessage kept() {
        return new CertificatesMessage(
                delivered.values().stream().map(Delivered::item).toList(), List.of());
    }

    /// What became of each certificate that the control plane has spoken of.
    public synchronized List<ShownCertificate> report() {
        var all = new TreeMap<String, ShownCertificate>();
        delivered.forEach(
                (id, each) -> all.put(id, new ShownCertificate(id, each.item().version(), problems.get(id))));
        problems.forEach((id, why) -> all.putIfAbsent(id, new ShownCertificate(id, 0, why)));
        return List.copyOf(all.values());
    }

    /// When each certificate ends: those in files by file, the others by name.
    public synchronized List<Expiry> expiries() {
        var all = new ArrayList<>(files.map(Certificates::expiries).orElse(List.of()));
        delivered.values().forEach(each -> all.add(new Expiry(name(each.item()), each.notAfter())));
        return all;
    }

    private static String name(Item item) {
        return item.name();
    }

    private void tell() {
        settled = Future.join(listeners.stream().map(Supplier::get).toList()).mapEmpty();
    }
}

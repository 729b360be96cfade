package dev.nearside.edge.sync;

import dev.nearside.edge.route.RoutingTable;
import dev.nearside.model.snapshot.Snapshot;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The snapshot that new requests are answered under. A request asks once and keeps what it was given.
public final class CurrentSnapshot {

    private final AtomicReference<@Nullable Published> current = new AtomicReference<>();
    private final List<Consumer<Snapshot>> listeners = new CopyOnWriteArrayList<>();

    /// A snapshot, ready to route by.
    public record Published(Snapshot snapshot, RoutingTable routes) {}

    /// Empty until the first snapshot has come.
    public Optional<Published> get() {
        return Optional.ofNullable(current.get());
    }

    /// 0 until the first snapshot has come.
    public long version() {
        return get().map(published -> published.snapshot().version().number()).orElse(0L);
    }

    /// Whether it is this very snapshot: a control plane that was made anew counts its snapshots from 1 again.
    boolean runs(long version, String hash) {
        return get().map(Published::snapshot)
                .filter(running ->
                        running.version().number() == version && running.hash().equals(hash))
                .isPresent();
    }

    /// Whether this is what new requests are routed by.
    public boolean runs(RoutingTable routes) {
        var now = current.get();
        return now != null && now.routes() == routes;
    }

    public void swap(Snapshot snapshot) {
        current.set(new Published(snapshot, RoutingTable.of(snapshot)));
        listeners.forEach(listener -> listener.accept(snapshot));
    }

    /// Tells of the snapshot that there is, and of each that follows.
    public void listen(Consumer<Snapshot> listener) {
        listeners.add(listener);
        get().map(Published::snapshot).ifPresent(listener);
    }
}

package dev.nearside.load.compare;

import java.util.Locale;
import java.util.Optional;

/// Who is measured: three caches, the edge, and the edge's stack with nothing in it.
enum Peer {
    NGINX("nginx", Optional.of("nginx-light")),
    VARNISH("Varnish", Optional.of("varnish")),
    TRAFFIC_SERVER("Traffic Server", Optional.of("trafficserver")),
    NEARSIDE("Nearside", Optional.empty()),
    BARE("bare handler", Optional.empty());

    private final String title;
    private final Optional<String> debianPackage;

    Peer(String title, Optional<String> debianPackage) {
        this.title = title;
        this.debianPackage = debianPackage;
    }

    /// What an operator calls it: `traffic-server`.
    String option() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    String title() {
        return title;
    }

    Optional<String> debianPackage() {
        return debianPackage;
    }

    /// Whether it keeps what an origin said; the bare handler has no origin.
    boolean isCache() {
        return this != BARE;
    }
}

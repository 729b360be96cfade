package dev.nearside.edge;

import dev.nearside.edge.accept.Certificates;
import dev.nearside.edge.accept.TrustedProxies;
import dev.nearside.edge.log.LogFormat;
import dev.nearside.edge.origin.OriginAddresses;
import dev.nearside.edge.store.StoreSettings;
import dev.nearside.edge.store.evict.Goal;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// How one edge node is set up.
///
/// @param data where the node keeps what outlives it
/// @param via what the node is called in `Via`; its name if empty
record EdgeSettings(
        Source source,
        Path data,
        Optional<String> via,
        Viewers viewers,
        Cache cache,
        Origins origins,
        Operators operators) {

    /// What of this concerns the store.
    StoreSettings store() {
        return StoreSettings.of(data.resolve("cache"), cache.memory(), cache.disk(), cache.goal());
    }

    /// How viewers are received, and what is known of them.
    ///
    /// @param secure where they are answered over TLS; nowhere if empty
    /// @param forHead how long a request's head may take to arrive
    /// @param toFinish how long what is under way may go on when the node stops
    /// @param trustedProxies whose word on the viewer behind them is believed
    /// @param geography where viewers' addresses are looked up
    record Viewers(
            Address listen,
            Optional<Secure> secure,
            Duration forHead,
            Duration toFinish,
            TrustedProxies trustedProxies,
            Geography geography) {}

    /// @param memory bytes of bodies kept in memory
    /// @param disk bytes of bodies kept on disk
    /// @param goal what the cache saves when it is full
    record Cache(long memory, long disk, Goal goal) {}

    /// Whom the node connects to for what it has not.
    ///
    /// @param openedRanges addresses beyond the usual ones that origins may have
    /// @param authorities a file of PEM certificates that vouch for origins, beside those the Java runtime knows
    record Origins(Set<OriginAddresses.Range> openedRanges, Optional<Path> authorities) {
        Origins {
            openedRanges = Set.copyOf(openedRanges);
        }
    }

    /// What operators are told.
    ///
    /// @param management where health and metrics are served; nowhere if empty
    /// @param accessLog format of the access log; none is written if empty
    record Operators(Optional<Address> management, Optional<LogFormat> accessLog) {}

    /// Databases in MaxMind's format; without one nothing is known of an address.
    ///
    /// @param places a City or Country database
    /// @param networks an ASN database
    record Geography(Optional<Path> places, Optional<Path> networks) {}

    /// Where viewers are answered over TLS, by HTTP/2 and HTTP/1.1.
    ///
    /// @param certificates at least one; the first is shown to who names no host
    /// @param lookAgain how often the files are looked at for changes
    record Secure(Address listen, List<Certificates.Pair> certificates, Duration lookAgain) {
        Secure {
            certificates = List.copyOf(certificates);
        }
    }

    /// Where the configuration comes from.
    sealed interface Source {

        /// A node that runs alone.
        record Alone(Path file, String name) implements Source {}

        /// A node that follows a control plane.
        ///
        /// @param labels that it enrols with
        record Following(
                List<URI> controlPlanes,
                String name,
                Optional<Path> enrolmentTokenFile,
                Map<String, String> labels,
                Credentials credentials)
                implements Source {

            Following(List<URI> controlPlanes, String name, Optional<Path> enrolmentTokenFile) {
                this(controlPlanes, name, enrolmentTokenFile, Map.of(), Credentials.NONE);
            }
        }
    }

    /// What is shown and believed where a control plane is reached over TLS.
    ///
    /// @param authorities a file of PEM certificates that vouch for control planes, beside nobody else
    /// @param own what the edge shows of itself
    record Credentials(Optional<Path> authorities, Optional<Certificates.Pair> own) {
        static final Credentials NONE = new Credentials(Optional.empty(), Optional.empty());
    }

    /// @param port 0 for any free one
    record Address(String host, int port) {

        /// From `HOST:PORT`; an IPv6 address stands in brackets. Empty if it is none.
        static Optional<Address> parse(String said) {
            int colon = said.lastIndexOf(':');
            var host = said.substring(0, Math.max(0, colon));
            if (host.startsWith("[") && host.endsWith("]")) host = host.substring(1, host.length() - 1);
            else if (host.indexOf(':') >= 0) return Optional.empty();
            var port = said.substring(colon + 1);
            if (host.isEmpty() || !port.matches("[0-9]{1,5}") || Integer.parseInt(port) > 65_535) {
                return Optional.empty();
            }
            return Optional.of(new Address(host, Integer.parseInt(port)));
        }
    }

    /// What viewers and origins read in `Via`: one word (RFC 9110, section 7.6.3).
    String pseudonym() {
        return via.orElseGet(() -> nodeName().replaceAll("[^A-Za-z0-9._-]", "-"));
    }

    String nodeName() {
        return switch (source) {
            case Source.Alone(var _, var name) -> name;
            case Source.Following following -> following.name();
        };
    }
}

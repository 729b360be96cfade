package dev.nearside.edge;

import dev.nearside.edge.log.LogFormat;
import dev.nearside.edge.origin.OriginAddresses;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// How one edge node is set up.
///
/// @param management where health and metrics are served; nowhere if empty
/// @param cacheMemory bytes of bodies kept in memory
/// @param cacheDisk bytes of bodies kept on disk
/// @param openedRanges addresses beyond the usual ones that origins may have
/// @param accessLog format of the access log; none is written if empty
/// @param geography where viewers' addresses are looked up
record EdgeSettings(
        Source source,
        Address listen,
        Optional<Address> management,
        Path data,
        long cacheMemory,
        long cacheDisk,
        Set<OriginAddresses.Range> openedRanges,
        Optional<LogFormat> accessLog,
        Geography geography) {

    /// Databases in MaxMind's format; without one nothing is known of an address.
    ///
    /// @param places a City or Country database
    /// @param networks an ASN database
    record Geography(Optional<Path> places, Optional<Path> networks) {
        static final Geography NONE = new Geography(Optional.empty(), Optional.empty());
    }

    /// Where the configuration comes from.
    sealed interface Source {

        /// A node that runs alone.
        record Alone(Path file) implements Source {}

        /// A node that follows a control plane.
        record Following(List<URI> controlPlanes, String name, Optional<Path> enrolmentTokenFile) implements Source {}
    }

    /// @param port 0 for any free one
    record Address(String host, int port) {}

    String nodeName() {
        return switch (source) {
            case Source.Alone _ -> "edge";
            case Source.Following(var _, var name, var _) -> name;
        };
    }
}

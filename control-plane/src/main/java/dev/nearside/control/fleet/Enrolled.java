package dev.nearside.control.fleet;

import java.time.Instant;
import java.util.Optional;

/// An edge that belongs to the fleet.
///
/// @param enrolledPosition where the log stood when it enrolled; it can hold nothing older
/// @param report its last report, as JSON
public record Enrolled(
        String id,
        String name,
        String softwareVersion,
        Instant enrolledAt,
        long enrolledPosition,
        Instant lastSeen,
        Optional<String> report,
        Optional<String> connectedTo,
        Standing standing) {}

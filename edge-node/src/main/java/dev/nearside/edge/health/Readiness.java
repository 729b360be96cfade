package dev.nearside.edge.health;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/// Whether the node should get viewers.
///
/// @param waitingFor why not; empty if it should
/// @param snapshotVersion which snapshot it runs; 0 for none
public record Readiness(Optional<String> waitingFor, long snapshotVersion) {

    /// How long a start waits for the control plane. A node that starts without it answers rightly, since it
    /// revalidates what it stored before: it must not be kept from viewers for as long as the control plane is
    /// away.
    static final Duration FOR_CONTROL_PLANE = Duration.ofSeconds(10);

    /// What a node of this state is waiting for, if anything.
    ///
    /// @param caughtUp whether the node knows of every invalidation up to now, or needs none
    /// @param running since its process began to store
    public static Readiness of(
            boolean leaving,
            OptionalLong snapshot,
            boolean drained,
            boolean recovered,
            boolean caughtUp,
            Duration running) {
        Optional<String> waitingFor;
        if (leaving) waitingFor = Optional.of("stopping");
        else if (snapshot.isEmpty()) waitingFor = Optional.of("waiting for the first snapshot");
        else if (drained) waitingFor = Optional.of("drained by an operator");
        else if (!recovered) waitingFor = Optional.of("recovering the cache");
        else if (!caughtUp && running.compareTo(FOR_CONTROL_PLANE) < 0) {
            waitingFor = Optional.of("catching up with the control plane's log");
        } else waitingFor = Optional.empty();
        return new Readiness(waitingFor, snapshot.orElse(0));
    }
}

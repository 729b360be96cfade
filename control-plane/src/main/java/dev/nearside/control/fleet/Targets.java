package dev.nearside.control.fleet;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Which snapshot each edge is to run: the same one everywhere, but for the canaries of a rollout.
///
/// @param settled what every edge runs that is not a canary; 0 before the first snapshot
public record Targets(long settled, Optional<Trial> trial) {

    /// A snapshot that only canaries run.
    public record Trial(long version, Canaries canaries) {}

    public long of(String edgeId, Map<String, String> labels) {
        return trial.filter(now -> now.canaries().has(edgeId, labels))
                .map(Trial::version)
                .orElse(settled);
    }

    /// The newest snapshot that is out, be it on trial.
    public long newest() {
        return trial.map(Trial::version).orElse(settled);
    }

    /// Every snapshot that some edge may have to run.
    public Set<Long> live() {
        return trial.map(now -> Set.of(settled, now.version())).orElse(Set.of(settled));
    }
}

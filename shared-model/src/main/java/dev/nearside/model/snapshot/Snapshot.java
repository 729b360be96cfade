package dev.nearside.model.snapshot;

import dev.nearside.model.distribution.Distribution;
import dev.nearside.model.policy.Policies;
import java.util.List;

/// One numbered, immutable version of all configuration, in which every reference leads somewhere.
///
/// @param hash SHA-256 of the canonical JSON of its content, in hexadecimal
/// @param policies at least all that the distributions refer to
public record Snapshot(SnapshotVersion version, String hash, List<Distribution> distributions, Policies policies) {
    public Snapshot {
        distributions = List.copyOf(distributions);
    }
}

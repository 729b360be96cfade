package dev.nearside.model.wire;

import dev.nearside.model.distribution.Distribution;
import dev.nearside.model.policy.Policies;
import java.util.List;

/// A configuration document that was read: every reference leads to one of the policies.
///
/// @param policies the document's own and all managed ones
public record Configuration(List<Distribution> distributions, Policies policies) {
    public Configuration {
        distributions = List.copyOf(distributions);
    }
}

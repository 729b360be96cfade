package dev.nearside.model.behavior;

import dev.nearside.model.policy.ForwardedValues;
import dev.nearside.model.policy.PolicyId;
import dev.nearside.model.policy.TtlBounds;
import java.util.Optional;

/// What a behavior tells cached objects apart by, how long they live, and what their origin gets to see.
public sealed interface Caching {

    /// As policies say (CF§2, §5).
    record ByPolicy(PolicyId cache, Optional<PolicyId> originRequest) implements Caching {}

    /// As the behavior itself says, in the form from before there were policies (CF§2.7).
    record Legacy(ForwardedValues forwarded, TtlBounds ttl) implements Caching {}
}

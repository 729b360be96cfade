package dev.nearside.model.behavior;

import dev.nearside.model.origin.OriginId;
import dev.nearside.model.policy.PolicyId;
import java.util.Optional;

/// How requests for some paths of a distribution are answered (CF§1.5).
///
/// @param cachesOptions whether answers to OPTIONS are cached beside those to GET and HEAD
public record Behavior(
        PathPattern pattern,
        OriginId target,
        ViewerProtocolPolicy viewerProtocolPolicy,
        AllowedMethods allowedMethods,
        boolean cachesOptions,
        PolicyId cachePolicy,
        Optional<PolicyId> originRequestPolicy,
        Optional<PolicyId> responseHeadersPolicy) {}

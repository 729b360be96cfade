package dev.nearside.model.behavior;

import dev.nearside.model.origin.OriginId;
import dev.nearside.model.policy.PolicyId;
import java.util.Optional;

/// How requests for some paths of a distribution are answered (CF§1.5).
///
/// @param target an origin, or a group of origins
/// @param cachesOptions whether answers to OPTIONS are cached beside those to GET and HEAD
/// @param compress whether what an origin sent uncompressed may be compressed here (CF§8)
public record Behavior(
        PathPattern pattern,
        OriginId target,
        ViewerProtocolPolicy viewerProtocolPolicy,
        AllowedMethods allowedMethods,
        boolean cachesOptions,
        boolean compress,
        Caching caching,
        Optional<PolicyId> responseHeadersPolicy) {}

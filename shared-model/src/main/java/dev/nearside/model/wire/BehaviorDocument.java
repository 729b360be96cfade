package dev.nearside.model.wire;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A cache behavior as an operator writes it (CF§1.5).
///
/// @param pathPattern absent in the default behavior
/// @param cachePolicyId id or name of a cache policy; likewise the two others
public record BehaviorDocument(
        @Nullable String pathPattern,
        @Nullable String targetOriginId,
        @Nullable String viewerProtocolPolicy,
        @Nullable List<String> allowedMethods,
        @Nullable List<String> cachedMethods,
        @Nullable String cachePolicyId,
        @Nullable String originRequestPolicyId,
        @Nullable String responseHeadersPolicyId) {

    /// The same behavior with other references to policies.
    public BehaviorDocument withPolicies(
            @Nullable String cache, @Nullable String originRequest, @Nullable String responseHeaders) {
        return new BehaviorDocument(
                pathPattern,
                targetOriginId,
                viewerProtocolPolicy,
                allowedMethods,
                cachedMethods,
                cache,
                originRequest,
                responseHeaders);
    }
}

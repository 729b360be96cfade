package dev.nearside.model.wire;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A cache behavior as an operator writes it (CF§1.5).
///
/// @param pathPattern absent in the default behavior
/// @param cachePolicyId id or name of a cache policy; likewise the two others
/// @param forwardedValues in place of a cache policy (CF§2.7), with the three TTLs, in seconds, beside it
public record BehaviorDocument(
        @Nullable String pathPattern,
        @Nullable String targetOriginId,
        @Nullable String viewerProtocolPolicy,
        @Nullable List<String> allowedMethods,
        @Nullable List<String> cachedMethods,
        @Nullable Boolean compress,
        @Nullable String cachePolicyId,
        @Nullable String originRequestPolicyId,
        @Nullable String responseHeadersPolicyId,
        @Nullable ForwardedValues forwardedValues,
        @Nullable Long minTTL,
        @Nullable Long defaultTTL,
        @Nullable Long maxTTL) {

    public record ForwardedValues(
            @Nullable Boolean queryString,
            @Nullable List<String> queryStringCacheKeys,
            @Nullable List<String> headers,
            @Nullable Cookies cookies) {}

    public record Cookies(
            @Nullable String forward, @Nullable List<String> whitelistedNames) {}

    /// The same behavior with other references to policies.
    public BehaviorDocument withPolicies(
            @Nullable String cache, @Nullable String originRequest, @Nullable String responseHeaders) {
        return new BehaviorDocument(
                pathPattern,
                targetOriginId,
                viewerProtocolPolicy,
                allowedMethods,
                cachedMethods,
                compress,
                cache,
                originRequest,
                responseHeaders,
                forwardedValues,
                minTTL,
                defaultTTL,
                maxTTL);
    }
}

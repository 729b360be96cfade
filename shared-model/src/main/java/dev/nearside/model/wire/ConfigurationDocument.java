package dev.nearside.model.wire;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Distributions and the policies they use, as one document: what a standalone edge reads, what the API imports,
/// what a snapshot carries.
public record ConfigurationDocument(
        @Nullable List<DistributionDocument> distributions,
        @Nullable List<CachePolicyDocument> cachePolicies,
        @Nullable List<OriginRequestPolicyDocument> originRequestPolicies,
        @Nullable List<ResponseHeadersPolicyDocument> responseHeadersPolicies) {}

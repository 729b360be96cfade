package dev.nearside.model.wire;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A distribution as an operator writes it (CF§1.2). Absent properties take CloudFront's defaults.
///
/// @param id given by the control plane; in a file it defaults to the name
public record DistributionDocument(
        @Nullable String id,
        @Nullable String name,
        @Nullable String comment,
        @Nullable Boolean enabled,
        @Nullable List<String> aliases,
        @Nullable String defaultRootObject,
        @Nullable List<OriginDocument> origins,
        @Nullable List<OriginGroup> originGroups,
        @Nullable BehaviorDocument defaultCacheBehavior,
        @Nullable List<BehaviorDocument> cacheBehaviors,
        @Nullable List<CustomErrorResponse> customErrorResponses,
        @Nullable Restrictions restrictions,
        @Nullable CacheTagConfig cacheTagConfig,
        @Nullable ViewerCertificate viewerCertificate) {

    /// Two origins (CF§1.4).
    public record OriginGroup(
            @Nullable String id,
            @Nullable FailoverCriteria failoverCriteria,
            @Nullable List<Member> members) {}

    public record FailoverCriteria(@Nullable List<Integer> statusCodes) {}

    public record Member(@Nullable String originId) {}

    /// What viewers get in place of an error (CF§1.7); the time in seconds.
    public record CustomErrorResponse(
            @Nullable Integer errorCode,
            @Nullable String responsePagePath,
            @Nullable Integer responseCode,
            @Nullable Integer errorCachingMinTTL) {}

    public record Restrictions(@Nullable GeoRestriction geoRestriction) {}

    /// Which countries are answered (CF§1.9).
    public record GeoRestriction(
            @Nullable String restrictionType, @Nullable List<String> items) {}

    /// Which field of an origin's answer names its tags (CF§11.2).
    public record CacheTagConfig(@Nullable String headerName) {}

    /// What viewers who come by TLS are shown (CF§1.2); written with the certificate's id or its name.
    public record ViewerCertificate(@Nullable String certificateId) {}

    /// The same distribution under an id.
    public DistributionDocument withId(String newId) {
        return new DistributionDocument(
                newId,
                name,
                comment,
                enabled,
                aliases,
                defaultRootObject,
                origins,
                originGroups,
                defaultCacheBehavior,
                cacheBehaviors,
                customErrorResponses,
                restrictions,
                cacheTagConfig,
                viewerCertificate);
    }

    /// The same distribution with another certificate.
    public DistributionDocument withCertificate(@Nullable ViewerCertificate other) {
        return new DistributionDocument(
                id,
                name,
                comment,
                enabled,
                aliases,
                defaultRootObject,
                origins,
                originGroups,
                defaultCacheBehavior,
                cacheBehaviors,
                customErrorResponses,
                restrictions,
                cacheTagConfig,
                other);
    }
}

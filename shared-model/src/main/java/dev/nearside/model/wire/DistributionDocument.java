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
        @Nullable BehaviorDocument defaultCacheBehavior,
        @Nullable List<BehaviorDocument> cacheBehaviors) {

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
                defaultCacheBehavior,
                cacheBehaviors);
    }
}

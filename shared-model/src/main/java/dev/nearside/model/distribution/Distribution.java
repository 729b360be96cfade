package dev.nearside.model.distribution;

import dev.nearside.model.behavior.Behavior;
import dev.nearside.model.origin.Origin;
import dev.nearside.model.origin.OriginGroup;
import java.util.List;
import java.util.Optional;

/// One published site (CF§1.2): the names it answers to, the behaviors tried in order, the origins they ask.
///
/// @param defaultRootObject what a request for `/` is answered with, without a leading slash; empty for none
/// @param customErrors at most one for each status
/// @param tagHeader which field of an origin's answer names its tags (CF§11.2); empty to ignore tags
/// @param certificate shown to viewers who come by TLS; without one they come by plain HTTP only
/// @param behaviors tried in order, first match wins; the default behavior is not among them
/// @param defaultBehavior answers what no other behavior matches
public record Distribution(
        DistributionId id,
        String name,
        String comment,
        boolean enabled,
        List<HostName> aliases,
        Optional<String> defaultRootObject,
        List<Origin> origins,
        List<OriginGroup> originGroups,
        List<CustomError> customErrors,
        GeoRestriction geoRestriction,
        Optional<String> tagHeader,
        Optional<CertificateId> certificate,
        List<Behavior> behaviors,
        Behavior defaultBehavior) {
    public Distribution {
        aliases = List.copyOf(aliases);
        origins = List.copyOf(origins);
        originGroups = List.copyOf(originGroups);
        customErrors = List.copyOf(customErrors);
        behaviors = List.copyOf(behaviors);
    }
}

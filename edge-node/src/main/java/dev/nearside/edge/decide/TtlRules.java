package dev.nearside.edge.decide;

import dev.nearside.model.policy.CachePolicy;
import dev.nearside.model.policy.TtlBounds;
import java.time.Duration;

/// How long responses may live under a cache policy.
///
/// @param overridesOrigin whether a minimum above zero, and the error minimum, hold against `no-store` and
///     `private` as well: so with CloudFront's own policies
/// @param errorMinimum how long an error lives whose lifetime the origin left open (CF§3.4)
public record TtlRules(TtlBounds bounds, boolean overridesOrigin, Duration errorMinimum) {

    private static final Duration ERROR_MINIMUM = Duration.ofSeconds(10);

    public static TtlRules of(CachePolicy policy) {
        return new TtlRules(policy.ttl(), policy.reuse().overridesOrigin(), ERROR_MINIMUM);
    }

    public boolean disableCaching() {
        return bounds.disableCaching();
    }

    boolean hasMinimum() {
        return !bounds.min().isZero();
    }
}

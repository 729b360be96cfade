package dev.nearside.edge.decide;

import dev.nearside.model.distribution.CustomError;
import dev.nearside.model.distribution.Distribution;
import dev.nearside.model.policy.CachePolicy;
import dev.nearside.model.policy.Reuse;
import dev.nearside.model.policy.TtlBounds;
import java.time.Duration;
import java.util.List;

/// How long responses may live under a cache policy, and in a distribution.
///
/// @param errors says how long errors live whose lifetime the origin left open (CF§3.4)
public record TtlRules(TtlBounds bounds, Reuse reuse, List<CustomError> errors) {

    public TtlRules {
        errors = List.copyOf(errors);
    }

    public static TtlRules of(CachePolicy policy, Distribution distribution) {
        return new TtlRules(policy.ttl(), policy.reuse(), distribution.customErrors());
    }

    public boolean disableCaching() {
        return bounds.disableCaching();
    }

    /// How long an error of this status lives if the origin does not say, and how long a failing origin is left
    /// alone.
    public Duration errorMinimum(int status) {
        for (var error : errors) if (error.status() == status) return error.minTtl();
        return CustomError.DEFAULT_MIN_TTL;
    }

    boolean hasMinimum() {
        return !bounds.min().isZero();
    }
}

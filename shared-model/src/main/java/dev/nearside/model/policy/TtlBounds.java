package dev.nearside.model.policy;

import java.time.Duration;

/// How far an operator lets an origin decide how long its responses live (CF§3.1).
///
/// @param whenSilent lifetime where the origin says nothing: CloudFront's Default TTL
public record TtlBounds(Duration min, Duration whenSilent, Duration max) {

    public TtlBounds {
        if (min.isNegative() || min.compareTo(whenSilent) > 0 || whenSilent.compareTo(max) > 0) {
            throw new IllegalArgumentException(
                    "ttl: %s, %s, %s (expected: 0 <= min <= when-silent <= max)".formatted(min, whenSilent, max));
        }
    }

    /// All three zero: nothing is cached and nothing is collapsed.
    public boolean disableCaching() {
        return max.isZero();
    }
}

package dev.nearside.load.profile;

import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.rampUsersPerSec;

import io.gatling.javaapi.core.OpenInjectionStep;
import java.time.Duration;
import java.util.List;

/// A day in short: viewers come slowly at first, then steadily.
public record Arrivals(double perSecond, Duration steady) {

    private static final Duration RAMP = Duration.ofSeconds(5);

    public Arrivals {
        if (perSecond <= 0)
            throw new IllegalArgumentException("users: %s (expected: more than 0)".formatted(perSecond));
        if (steady.isNegative() || steady.isZero()) {
            throw new IllegalArgumentException("seconds: %s (expected: more than 0)".formatted(steady.toSeconds()));
        }
    }

    public List<OpenInjectionStep> steps() {
        return List.of(
                rampUsersPerSec(Math.min(1, perSecond)).to(perSecond).during(RAMP),
                constantUsersPerSec(perSecond).during(steady));
    }
}

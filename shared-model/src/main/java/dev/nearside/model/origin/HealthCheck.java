package dev.nearside.model.origin;

import java.time.Duration;

/// How each edge finds out by itself whether an origin is well. CloudFront has nothing like it.
///
/// @param path asked with GET; any status below 400 is well
/// @param interval between two questions, 1 to 300 seconds
/// @param timeout for the whole answer, 1 to 60 seconds
/// @param unhealthyThreshold failures in a row that make it ill, 1 to 10
/// @param healthyThreshold successes in a row that make it well again, 1 to 10
public record HealthCheck(
        String path, Duration interval, Duration timeout, int unhealthyThreshold, int healthyThreshold) {}

package dev.nearside.model.wire;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// An origin as an operator writes it (CF§1.3); times in seconds.
public record OriginDocument(
        @Nullable String id,
        @Nullable String domainName,
        @Nullable String originPath,
        @Nullable List<CustomHeader> customHeaders,
        @Nullable String originProtocolPolicy,
        @Nullable Integer httpPort,
        @Nullable Integer httpsPort,
        @Nullable Integer connectionAttempts,
        @Nullable Integer connectionTimeout,
        @Nullable Integer originReadTimeout,
        @Nullable Integer originKeepaliveTimeout,
        @Nullable Integer responseCompletionTimeout,
        @Nullable HealthCheck healthCheck) {

    public record CustomHeader(
            @Nullable String name, @Nullable String value) {}

    /// Times in seconds.
    public record HealthCheck(
            @Nullable String path,
            @Nullable Integer interval,
            @Nullable Integer timeout,
            @Nullable Integer unhealthyThreshold,
            @Nullable Integer healthyThreshold) {}
}

package dev.nearside.model.wire;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A response headers policy as an operator writes it (CF§6).
public record ResponseHeadersPolicyDocument(
        @Nullable String id,
        @Nullable String name,
        @Nullable String comment,
        @Nullable CorsConfig corsConfig,
        @Nullable SecurityHeadersConfig securityHeadersConfig,
        @Nullable List<CustomHeader> customHeadersConfig,
        @Nullable List<String> removeHeadersConfig,
        @Nullable ServerTimingHeadersConfig serverTimingHeadersConfig) {

    /// How often viewers are told how the edge came by an answer (CF§6.5).
    ///
    /// @param samplingRate percent, 0 to 100
    public record ServerTimingHeadersConfig(
            @Nullable Boolean enabled, @Nullable Double samplingRate) {}

    public record CorsConfig(
            @Nullable List<String> accessControlAllowOrigins,
            @Nullable List<String> accessControlAllowHeaders,
            @Nullable List<String> accessControlAllowMethods,
            @Nullable Boolean accessControlAllowCredentials,
            @Nullable List<String> accessControlExposeHeaders,
            @Nullable Long accessControlMaxAgeSec,
            @Nullable Boolean originOverride) {}

    public record SecurityHeadersConfig(
            @Nullable ContentSecurityPolicy contentSecurityPolicy,
            @Nullable ContentTypeOptions contentTypeOptions,
            @Nullable FrameOptions frameOptions,
            @Nullable ReferrerPolicy referrerPolicy,
            @Nullable StrictTransportSecurity strictTransportSecurity,
            @Nullable XssProtection xssProtection) {}

    public record ContentSecurityPolicy(
            @Nullable Boolean override, @Nullable String contentSecurityPolicy) {}

    public record ContentTypeOptions(@Nullable Boolean override) {}

    public record FrameOptions(
            @Nullable Boolean override, @Nullable String frameOption) {}

    public record ReferrerPolicy(
            @Nullable Boolean override, @Nullable String referrerPolicy) {}

    public record StrictTransportSecurity(
            @Nullable Boolean override,
            @Nullable Long accessControlMaxAgeSec,
            @Nullable Boolean includeSubdomains,
            @Nullable Boolean preload) {}

    public record XssProtection(
            @Nullable Boolean override,
            @Nullable Boolean protection,
            @Nullable Boolean modeBlock,
            @Nullable String reportUri) {}

    public record CustomHeader(
            @Nullable String header,
            @Nullable String value,
            @Nullable Boolean override) {}

    /// The same policy under an id.
    public ResponseHeadersPolicyDocument withId(String newId) {
        return new ResponseHeadersPolicyDocument(
                newId,
                name,
                comment,
                corsConfig,
                securityHeadersConfig,
                customHeadersConfig,
                removeHeadersConfig,
                serverTimingHeadersConfig);
    }
}

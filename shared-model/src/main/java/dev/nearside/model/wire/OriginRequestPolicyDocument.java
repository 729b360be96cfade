package dev.nearside.model.wire;

import org.jspecify.annotations.Nullable;

/// An origin request policy as an operator writes it (CF§5.1).
public record OriginRequestPolicyDocument(
        @Nullable String id,
        @Nullable String name,
        @Nullable String comment,
        @Nullable HeadersConfig headersConfig,
        @Nullable CookiesConfig cookiesConfig,
        @Nullable QueryStringsConfig queryStringsConfig) {

    /// The same policy under an id.
    public OriginRequestPolicyDocument withId(String newId) {
        return new OriginRequestPolicyDocument(newId, name, comment, headersConfig, cookiesConfig, queryStringsConfig);
    }
}

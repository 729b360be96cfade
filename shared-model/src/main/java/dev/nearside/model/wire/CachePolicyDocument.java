package dev.nearside.model.wire;

import org.jspecify.annotations.Nullable;

/// A cache policy as an operator writes it (CF§2); times in seconds.
///
/// @param minTTLOverridesOrigin whether a minTTL above zero holds against `no-store`, `no-cache` and `private`; absent
///     means no, in CloudFront's own policies yes
/// @param heuristicFreshness whether a response with `Last-Modified` and no lifetime lives for a tenth of its age
/// @param replaySetCookie whether `Set-Cookie` is stored and sent to every viewer
public record CachePolicyDocument(
        @Nullable String id,
        @Nullable String name,
        @Nullable String comment,
        @Nullable Long minTTL,
        @Nullable Long defaultTTL,
        @Nullable Long maxTTL,
        @Nullable Boolean enableAcceptEncodingGzip,
        @Nullable Boolean enableAcceptEncodingBrotli,
        @Nullable HeadersConfig headersConfig,
        @Nullable CookiesConfig cookiesConfig,
        @Nullable QueryStringsConfig queryStringsConfig,
        @Nullable Boolean minTTLOverridesOrigin,
        @Nullable Boolean heuristicFreshness,
        @Nullable Boolean replaySetCookie) {

    /// The same policy under an id.
    public CachePolicyDocument withId(String newId) {
        return new CachePolicyDocument(
                newId,
                name,
                comment,
                minTTL,
                defaultTTL,
                maxTTL,
                enableAcceptEncodingGzip,
                enableAcceptEncodingBrotli,
                headersConfig,
                cookiesConfig,
                queryStringsConfig,
                minTTLOverridesOrigin,
                heuristicFreshness,
                replaySetCookie);
    }
}

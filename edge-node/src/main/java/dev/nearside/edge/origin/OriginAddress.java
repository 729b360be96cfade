package dev.nearside.edge.origin;

import dev.nearside.model.origin.Origin;

/// Where an origin is reached.
///
/// @param scheme `http` or `https`
public record OriginAddress(String scheme, String host, int port) {

    public static OriginAddress of(Origin origin, String viewerScheme) {
        boolean secure = switch (origin.protocolPolicy()) {
            case HTTP_ONLY -> false;
            case HTTPS_ONLY -> true;
            case MATCH_VIEWER -> viewerScheme.equals("https");
        };
        return new OriginAddress(
                secure ? "https" : "http", origin.domainName(), secure ? origin.httpsPort() : origin.httpPort());
    }

    public boolean isSecure() {
        return scheme.equals("https");
    }

    /// As the value of a `Host` header: the port only where it is not the scheme's own.
    public String authority() {
        return port == (isSecure() ? 443 : 80) ? host : host + ":" + port;
    }
}

package dev.nearside.model.origin;

/// Which protocol an origin is asked over (CF§1.3).
public enum OriginProtocolPolicy {
    HTTP_ONLY,
    HTTPS_ONLY,
    MATCH_VIEWER
}

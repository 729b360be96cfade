package dev.nearside.model.behavior;

/// What happens to a viewer who comes over plain HTTP (CF§1.5).
public enum ViewerProtocolPolicy {
    ALLOW_ALL,
    REDIRECT_TO_HTTPS,
    HTTPS_ONLY
}

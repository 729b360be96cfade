package dev.nearside.model.wire;

import java.util.Set;

/// Which headers an operator may name where (CF§1.3, §2.4, §5.1, §6.4); names in lower case.
final class HeaderRules {

    private static final Set<String> NEVER_IN_KEY = Set.of(
            "cache-control",
            "connection",
            "content-length",
            "cookie",
            "max-forwards",
            "pragma",
            "proxy-authenticate",
            "proxy-authorization",
            "proxy-connection",
            "request-range",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "x-amz-cf-id",
            "x-forwarded-proto",
            "x-real-ip",
            "range",
            "cloudfront-viewer-address",
            "cloudfront-viewer-asn",
            "cloudfront-viewer-ja3-fingerprint",
            "cloudfront-viewer-ja4-fingerprint",
            "cloudfront-viewer-tls");

    /// What may stand behind `cloudfront-` (CF§7): another name would never have a value.
    private static final Set<String> FACTS = Set.of(
            "error-args",
            "error-uri",
            "forwarded-proto",
            "is-android-viewer",
            "is-desktop-viewer",
            "is-ios-viewer",
            "is-mobile-viewer",
            "is-smarttv-viewer",
            "is-tablet-viewer",
            "viewer-address",
            "viewer-asn",
            "viewer-city",
            "viewer-country",
            "viewer-country-name",
            "viewer-country-region",
            "viewer-country-region-name",
            "viewer-header-count",
            "viewer-header-order",
            "viewer-http-version",
            "viewer-ja3-fingerprint",
            "viewer-ja4-fingerprint",
            "viewer-latitude",
            "viewer-longitude",
            "viewer-metro-code",
            "viewer-postal-code",
            "viewer-time-zone",
            "viewer-tls");

    private static final String FACT = "cloudfront-";

    private static final Set<String> NEVER_FROM_OPERATOR = Set.of(
            "cache-control",
            "connection",
            "content-length",
            "cookie",
            "host",
            "if-match",
            "if-modified-since",
            "if-none-match",
            "if-range",
            "if-unmodified-since",
            "max-forwards",
            "pragma",
            "proxy-authenticate",
            "proxy-authorization",
            "proxy-connection",
            "range",
            "request-range",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "via",
            "x-real-ip");

    private static final Set<String> NEVER_REMOVED = Set.of(
            "connection",
            "content-encoding",
            "content-length",
            "expect",
            "host",
            "keep-alive",
            "proxy-authenticate",
            "proxy-authorization",
            "proxy-connection",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "via",
            "warning",
            "x-accel-buffering",
            "x-accel-charset",
            "x-accel-limit-rate",
            "x-accel-redirect",
            "x-forwarded-proto",
            "x-real-ip");

    private static final Set<String> FRAMING =
            Set.of("connection", "content-length", "keep-alive", "transfer-encoding");

    private HeaderRules() {}

    static boolean mayBeInKey(String name) {
        return !NEVER_IN_KEY.contains(name) && !name.startsWith("x-edge-") && isKnown(name);
    }

    /// Whether a header is none of those that tell of a viewer, or one that exists.
    static boolean isKnown(String name) {
        return !name.startsWith(FACT) || FACTS.contains(name.substring(FACT.length()));
    }

    static boolean mayBeSentToOrigin(String name) {
        return !NEVER_FROM_OPERATOR.contains(name) && !name.startsWith("x-amz-") && !name.startsWith("x-edge-");
    }

    static boolean mayBeRemoved(String name) {
        return !NEVER_REMOVED.contains(name) && !name.startsWith("x-amz-cf-") && !name.startsWith("x-edge-");
    }

    static boolean mayBeAdded(String name) {
        return !FRAMING.contains(name);
    }

    /// A header name is a token (RFC 9110, section 5.6.2).
    static boolean isToken(String name) {
        return !name.isEmpty() && name.length() <= 256 && name.chars().allMatch(HeaderRules::inToken);
    }

    /// A header value has no line breaks and no other control characters (RFC 9110, section 5.5).
    static boolean isValue(String value) {
        return value.length() <= 1783
                && value.chars().allMatch(c -> c == '\t' || c >= ' ' && c < 127 || c >= 128 && c <= 255);
    }

    private static boolean inToken(int c) {
        return c >= 'a' && c <= 'z'
                || c >= 'A' && c <= 'Z'
                || c >= '0' && c <= '9'
                || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
    }
}

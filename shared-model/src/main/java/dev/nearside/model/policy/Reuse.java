package dev.nearside.model.policy;

/// Where a cache policy reuses responses more freely than Nearside does by itself.
///
/// @param overridesOrigin whether a minimum above zero, and the error minimum, hold against `no-store`, `no-cache` and
///     `private` as well (CF§3.1, §3.4): so with CloudFront's own policies
/// @param heuristicFreshness whether a response that says nothing but `Last-Modified` lives for a tenth of its age
///     then (RFC 9111, section 4.2.2)
/// @param replaysSetCookie whether `Set-Cookie` is stored, and sent to every viewer of the object (CF§3.6)
public record Reuse(boolean overridesOrigin, boolean heuristicFreshness, boolean replaysSetCookie) {

    public static final Reuse CAREFUL = new Reuse(false, false, false);

    /// Of CloudFront's own policies.
    public static final Reuse MANAGED = new Reuse(true, false, false);
}

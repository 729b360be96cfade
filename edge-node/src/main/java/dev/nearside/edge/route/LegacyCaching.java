package dev.nearside.edge.route;

import dev.nearside.model.behavior.Caching;
import dev.nearside.model.policy.CachePolicy;
import dev.nearside.model.policy.HeaderSelection;
import dev.nearside.model.policy.NameSelection;
import dev.nearside.model.policy.OriginRequestPolicy;
import dev.nearside.model.policy.PolicyId;
import dev.nearside.model.policy.Reuse;
import dev.nearside.model.policy.TtlBounds;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/// The two policies that a behavior without any amounts to (CF§2.7).
final class LegacyCaching {

    private static final PolicyId ID = new PolicyId("legacy");
    private static final TtlBounds DISABLED = new TtlBounds(Duration.ZERO, Duration.ZERO, Duration.ZERO);

    /// Unlisted headers that stay here (CF§5.3, column "legacy").
    private static final Set<String> KEPT_BACK = Set.of(
            "accept",
            "accept-charset",
            "accept-encoding",
            "accept-language",
            "authorization",
            "connection",
            "cookie",
            "expect",
            "host",
            "proxy-authenticate",
            "proxy-authorization",
            "proxy-connection",
            "referer",
            "te",
            "trailer",
            "upgrade",
            "user-agent",
            "x-http-method-override",
            "x-real-ip");

    /// And those that frameworks take for the truth about a request: no key tells them apart, so that one viewer's
    /// would end up in another one's page. CloudFront forwards them.
    private static final Set<String> OVERRIDES = Set.of(
            "forwarded",
            "x-host",
            "x-http-host-override",
            "x-http-method",
            "x-method-override",
            "x-original-host",
            "x-original-url",
            "x-rewrite-url");

    private LegacyCaching() {}

    /// Whether a header goes to the origin that the behavior does not list.
    static boolean forwards(String lowerCaseName) {
        return !KEPT_BACK.contains(lowerCaseName)
                && !OVERRIDES.contains(lowerCaseName)
                && !lowerCaseName.startsWith("x-edge-")
                && (!lowerCaseName.startsWith("x-forwarded-") || lowerCaseName.equals("x-forwarded-for"));
    }

    static CachePolicy cachePolicy(Caching.Legacy legacy) {
        var forwarded = legacy.forwarded();
        if (forwarded.forwardsAllHeaders()) {
            var nothing = new NameSelection.None();
            return new CachePolicy(
                    ID, "legacy", false, DISABLED, List.of(), nothing, nothing, false, false, Reuse.CAREFUL);
        }
        return new CachePolicy(
                ID,
                "legacy",
                false,
                legacy.ttl(),
                forwarded.headers(),
                forwarded.cookies(),
                queryInKey(forwarded.queryString(), forwarded.queryStringKeys()),
                !forwarded.headers().contains("accept-encoding"), // listed, it is a header like any other
                false,
                Reuse.MANAGED);
    }

    static OriginRequestPolicy originRequestPolicy(Caching.Legacy legacy) {
        var forwarded = legacy.forwarded();
        return new OriginRequestPolicy(
                ID,
                "legacy",
                forwarded.forwardsAllHeaders() ? new HeaderSelection.AllViewer() : new HeaderSelection.None(),
                forwarded.cookies(),
                forwarded.queryString() ? new NameSelection.All() : new NameSelection.None());
    }

    private static NameSelection queryInKey(boolean forwarded, Set<String> keys) {
        if (!forwarded) return new NameSelection.None();
        return keys.isEmpty() ? new NameSelection.All() : new NameSelection.Only(keys);
    }
}

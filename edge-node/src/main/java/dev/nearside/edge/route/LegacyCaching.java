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

    private LegacyCaching() {}

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
                true,
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

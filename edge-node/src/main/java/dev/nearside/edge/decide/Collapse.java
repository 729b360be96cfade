package dev.nearside.edge.decide;

import java.time.Instant;

/// Whether a request may share the answer that another one is bringing (CF§10.3).
public final class Collapse {

    private Collapse() {}

    /// Asked when the head is known. The caller has made sure that both mean the same variant of one key.
    ///
    /// @param verdict on the head that the leader got
    public static boolean mayJoin(Asked leader, Asked follower, Storability verdict, TtlRules ttl, Instant now) {
        boolean sameAnswer = follower.method().equals(leader.method())
                || (leader.method().equals("GET") && follower.method().equals("HEAD"));
        if (!sameAnswer || !follower.methodCacheable() || follower.ambiguous()) return false;
        return switch (verdict) {
            case Storability.NotStorable _ -> false;
            case Storability.Storable(var head) ->
                Freshness.evaluate(head, ttl, now).isFresh()
                        && (!follower.authorized()
                                || Storability.mayShareAuthorized(head.told().cacheControl()));
        };
    }
}

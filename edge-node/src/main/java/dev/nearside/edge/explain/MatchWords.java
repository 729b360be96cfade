package dev.nearside.edge.explain;

import dev.nearside.edge.route.Routed.Route;
import dev.nearside.model.behavior.PathPattern;
import dev.nearside.model.policy.ResponseHeadersPolicy;
import dev.nearside.model.wire.api.Explanation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Which behavior answers a request, and which ones do not.
public final class MatchWords {

    private MatchWords() {}

    public static Explanation.Match of(Route route) {
        var distribution = route.distribution();
        var path = route.path();
        return new Explanation.Match(
                distribution.id().value(),
                distribution.name(),
                path.normal(),
                path.ambiguous(),
                isDefault(route) ? "*" : route.behavior().pattern().value(),
                tried(route),
                route.cachePolicy().name(),
                route.originRequestPolicy().map(policy -> policy.name()).orElse(null),
                route.responseHeadersPolicy().map(ResponseHeadersPolicy::name).orElse(null));
    }

    private static boolean isDefault(Route route) {
        return route.behavior().equals(route.distribution().defaultBehavior());
    }

    private static List<Explanation.Tried> tried(Route route) {
        var path = route.path().normal();
        var tried = new ArrayList<Explanation.Tried>();
        for (var behavior : route.distribution().behaviors()) {
            var pattern = behavior.pattern();
            if (pattern.matches(path)) {
                tried.add(new Explanation.Tried(pattern.value(), true, path + " matches"));
                return tried;
            }
            tried.add(new Explanation.Tried(pattern.value(), false, whyNot(pattern, path)));
        }
        tried.add(new Explanation.Tried("*", true, "the default behavior answers whatever no other one matches"));
        return tried;
    }

    private static String whyNot(PathPattern pattern, String path) {
        var otherCase = new PathPattern(pattern.value().toLowerCase(Locale.ROOT));
        return otherCase.matches(path.toLowerCase(Locale.ROOT))
                ? path + " differs in case, which counts"
                : path + " does not match";
    }
}

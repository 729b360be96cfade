package dev.nearside.edge.explain;

import dev.nearside.edge.origin.ForwardedRequest;
import dev.nearside.edge.origin.OriginAddress;
import dev.nearside.edge.route.Routed.Route;
import dev.nearside.model.origin.Origin;
import dev.nearside.model.wire.api.Explanation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// What an origin would be sent, and which one.
public final class OriginWords {

    private OriginWords() {}

    public static Explanation.ToOrigin of(Route route, ForwardedRequest sent) {
        var fixed = new HashSet<String>();
        for (var header : route.origin().customHeaders()) {
            fixed.add(header.name().toLowerCase(Locale.ROOT));
        }
        var headers = sent.headers().fields().stream()
                .map(field -> new Explanation.Header(
                        field.name(),
                        fixed.contains(field.name().toLowerCase(Locale.ROOT))
                                ? "(fixed for this origin, hidden)"
                                : Masked.value(field.name(), field.value())))
                .toList();
        return new Explanation.ToOrigin(sent.method() + " " + sent.target(), headers, origins(route));
    }

    private static List<Explanation.Asked> origins(Route route) {
        var asked = new ArrayList<Explanation.Asked>();
        var failover = route.failover();
        asked.add(asked(route, route.origin(), failover.isPresent() ? "first of the group" : "the behavior's target"));
        failover.ifPresent(second -> {
            var statuses =
                    second.statuses().stream().sorted().map(String::valueOf).collect(Collectors.joining(", "));
            asked.add(asked(
                    route,
                    second.secondary(),
                    route.cachesMethod()
                            ? "second of the group, after " + statuses
                            : "second of the group, and not asked: only methods that are cached fail over"));
        });
        return asked;
    }

    private static Explanation.Asked asked(Route route, Origin origin, String because) {
        var address = OriginAddress.of(origin, route.request().scheme());
        return new Explanation.Asked(
                origin.id().value(), "%s://%s:%d".formatted(address.scheme(), address.host(), address.port()), because);
    }
}

package dev.nearside.edge.route;

import dev.nearside.edge.http.PathForms;
import dev.nearside.edge.http.ViewerRequest;
import dev.nearside.edge.route.Routed.Failover;
import dev.nearside.edge.route.Routed.Redirected;
import dev.nearside.edge.route.Routed.Refused;
import dev.nearside.edge.route.Routed.Route;
import dev.nearside.edge.route.Routed.Why;
import dev.nearside.model.behavior.AllowedMethods;
import dev.nearside.model.behavior.Behavior;
import dev.nearside.model.behavior.Caching;
import dev.nearside.model.behavior.PathPattern;
import dev.nearside.model.behavior.ViewerProtocolPolicy;
import dev.nearside.model.distribution.Distribution;
import dev.nearside.model.distribution.GeoRestriction;
import dev.nearside.model.origin.Origin;
import dev.nearside.model.origin.OriginId;
import dev.nearside.model.policy.CachePolicy;
import dev.nearside.model.policy.OriginRequestPolicy;
import dev.nearside.model.policy.Policies;
import dev.nearside.model.policy.ResponseHeadersPolicy;
import dev.nearside.model.policy.Wildcard;
import dev.nearside.model.snapshot.Snapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A snapshot made ready to route requests: hosts in maps, behaviors with their policies in order.
public final class RoutingTable {

    /// Longest URL that is answered, in characters (CF§10.4).
    public static final int MAX_URL = 8192;

    /// Routes nothing: what an edge has before its first snapshot.
    public static final RoutingTable EMPTY = new RoutingTable(Map.of(), Map.of());

    private final Map<String, Site> hosts;
    /// By what their matches end with, the leading dot included.
    private final Map<String, Site> wildcards;

    /// One distribution, ready.
    private record Site(Distribution distribution, List<Way> ways) {
        Way way(String normalPath) {
            for (var way : ways) if (Wildcard.matches(way.pattern, normalPath)) return way;
            return ways.getLast();
        }
    }

    /// One behavior with all that it refers to.
    ///
    /// @param pattern from the root
    private record Way(
            String pattern,
            Behavior behavior,
            CachePolicy cachePolicy,
            Optional<OriginRequestPolicy> originRequestPolicy,
            Optional<ResponseHeadersPolicy> responseHeadersPolicy,
            Origin origin,
            Optional<Failover> failover,
            Selectors selectors) {}

    private RoutingTable(Map<String, Site> hosts, Map<String, Site> wildcards) {
        this.hosts = hosts;
        this.wildcards = wildcards;
    }

    /// A table for a snapshot whose references all lead somewhere.
    public static RoutingTable of(Snapshot snapshot) {
        var hosts = new HashMap<String, Site>();
        var wildcards = new HashMap<String, Site>();
        for (var distribution : snapshot.distributions()) {
            var site = site(distribution, snapshot.policies());
            for (var alias : distribution.aliases()) {
                if (alias.isWildcard()) wildcards.putIfAbsent(alias.suffix(), site);
                else hosts.putIfAbsent(alias.value(), site);
            }
        }
        return new RoutingTable(Map.copyOf(hosts), Map.copyOf(wildcards));
    }

    /// The distribution that a host is a name of, enabled or not.
    public Optional<Distribution> distribution(String host) {
        return Optional.ofNullable(site(host)).map(Site::distribution);
    }

    /// Whether any behavior wants to know what device a viewer has.
    public boolean tellsDevices() {
        return Stream.concat(hosts.values().stream(), wildcards.values().stream())
                .flatMap(site -> site.ways().stream())
                .anyMatch(way -> way.selectors().tellsDevice());
    }

    /// Routes a request whose viewer's country does not matter or is unknown.
    public Routed route(ViewerRequest request) {
        return route(request, Optional::empty);
    }

    /// Routes a request.
    ///
    /// @param country of the viewer, empty if it is unknown; asked for only where a distribution is restricted
    public Routed route(ViewerRequest request, Supplier<Optional<String>> country) {
        if (length(request) > MAX_URL) return new Refused(Why.URL_TOO_LONG);
        var forms = PathForms.of(request.rawPath());
        if (forms.isEmpty() || hasControl(request.rawQuery())) return new Refused(Why.BAD_PATH);
        var site = site(request.host());
        if (site == null) return new Refused(Why.UNKNOWN_HOST);
        var distribution = site.distribution();
        if (!distribution.enabled()) return new Refused(Why.DISTRIBUTION_DISABLED);
        if (!isOpenTo(country, distribution.geoRestriction())) return new Refused(Why.GEO_BLOCKED);

        var root = distribution.defaultRootObject();
        if (root.isPresent() && request.rawPath().equals("/")) {
            var path = "/" + root.get();
            return follow(site, request, request.at(path), PathForms.of(path).orElse(forms.get()));
        }
        return follow(site, request, request, forms.get());
    }

    /// A viewer of an unknown country is answered (CF§1.9).
    private static boolean isOpenTo(Supplier<Optional<String>> country, GeoRestriction restriction) {
        return restriction instanceof GeoRestriction.None
                || country.get().map(restriction::allows).orElse(true);
    }

    private static Routed follow(Site site, ViewerRequest asked, ViewerRequest request, PathForms path) {
        var way = site.way(path.normal());
        var behavior = way.behavior();
        if (request.scheme().equals("http") && behavior.viewerProtocolPolicy() != ViewerProtocolPolicy.ALLOW_ALL) {
            return secured(behavior.viewerProtocolPolicy(), asked);
        }
        if (!behavior.allowedMethods().allows(request.method())) return new Refused(Why.METHOD_NOT_ALLOWED);
        if (request.isGetOrHead() && request.hasBody()) return new Refused(Why.BODY_NOT_ALLOWED);

        boolean wavering =
                path.cut().isPresent() && !way.equals(site.way(path.cut().get()));
        return new Route(
                site.distribution(),
                behavior,
                way.cachePolicy(),
                way.originRequestPolicy(),
                way.responseHeadersPolicy(),
                way.origin(),
                way.failover(),
                request,
                wavering ? new PathForms(path.raw(), path.normal(), true, path.cut()) : path,
                way.selectors());
    }

    /// The answer to clear text where it is not allowed. The location has no port: viewers reach HTTPS at its usual
    /// one.
    private static Routed secured(ViewerProtocolPolicy policy, ViewerRequest request) {
        if (!AllowedMethods.ALL.allows(request.method())) return new Refused(Why.METHOD_NOT_ALLOWED);
        if (policy == ViewerProtocolPolicy.HTTPS_ONLY) return new Refused(Why.HTTPS_ONLY);
        if (!request.isGetOrHead() && request.httpVersion().equals("1.0")) return new Refused(Why.HTTPS_ONLY);
        var query = request.rawQuery().map(text -> "?" + text).orElse("");
        return new Redirected(
                request.isGetOrHead() ? 301 : 307, "https://" + request.host() + request.rawPath() + query);
    }

    /// An exact name wins, then the longest wildcard.
    private @Nullable Site site(String host) {
        var exact = hosts.get(host);
        if (exact != null || wildcards.isEmpty()) return exact;
        for (int dot = host.indexOf('.'); dot >= 0; dot = host.indexOf('.', dot + 1)) {
            var site = wildcards.get(host.substring(dot));
            if (site != null) return site;
        }
        return null;
    }

    private static int length(ViewerRequest request) {
        return request.rawPath().length()
                + request.rawQuery().map(query -> query.length() + 1).orElse(0);
    }

    private static boolean hasControl(Optional<String> query) {
        if (query.isEmpty()) return false;
        var text = query.get();
        for (int i = 0; i < text.length(); i++) if (text.charAt(i) < ' ' || text.charAt(i) == 127) return true;
        return false;
    }

    private static Site site(Distribution distribution, Policies policies) {
        var targets = targets(distribution);
        var ways = new ArrayList<Way>();
        for (var behavior : distribution.behaviors()) ways.add(way(behavior, behavior.pattern(), targets, policies));
        ways.add(way(distribution.defaultBehavior(), PathPattern.ALL, targets, policies));
        return new Site(distribution, List.copyOf(ways));
    }

    /// What a behavior may be aimed at.
    private record Target(Origin origin, Optional<Failover> failover) {}

    private static Map<OriginId, Target> targets(Distribution distribution) {
        var origins = new HashMap<OriginId, Origin>();
        for (var origin : distribution.origins()) origins.put(origin.id(), origin);
        var targets = new HashMap<OriginId, Target>();
        origins.forEach((id, origin) -> targets.put(id, new Target(origin, Optional.empty())));
        for (var group : distribution.originGroups()) {
            var primary = Optional.ofNullable(origins.get(group.primary())).orElseThrow();
            var secondary = Optional.ofNullable(origins.get(group.secondary())).orElseThrow();
            targets.put(group.id(), new Target(primary, Optional.of(new Failover(secondary, group.statuses()))));
        }
        return targets;
    }

    private static Way way(Behavior behavior, PathPattern pattern, Map<OriginId, Target> targets, Policies policies) {
        return switch (behavior.caching()) {
            case Caching.ByPolicy(var cache, var originRequest) -> {
                var key = policies.cache(cache.value()).orElseThrow();
                var sent = originRequest.map(
                        id -> policies.originRequest(id.value()).orElseThrow());
                yield way(behavior, pattern, targets, policies, key, sent, Selectors.of(key, sent));
            }
            case Caching.Legacy legacy -> {
                var key = LegacyCaching.cachePolicy(legacy);
                var sent = LegacyCaching.originRequestPolicy(legacy);
                yield way(behavior, pattern, targets, policies, key, Optional.of(sent), Selectors.ofLegacy(key, sent));
            }
        };
    }

    private static Way way(
            Behavior behavior,
            PathPattern pattern,
            Map<OriginId, Target> targets,
            Policies policies,
            CachePolicy cachePolicy,
            Optional<OriginRequestPolicy> originRequestPolicy,
            Selectors selectors) {
        var responseHeadersPolicy = behavior.responseHeadersPolicy()
                .map(id -> policies.responseHeaders(id.value()).orElseThrow());
        var target = Optional.ofNullable(targets.get(behavior.target())).orElseThrow();
        return new Way(
                pattern.fromRoot(),
                behavior,
                cachePolicy,
                originRequestPolicy,
                responseHeadersPolicy,
                target.origin(),
                target.failover(),
                selectors);
    }
}

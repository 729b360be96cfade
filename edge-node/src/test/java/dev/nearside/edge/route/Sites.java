package dev.nearside.edge.route;

import dev.nearside.edge.http.Headers;
import dev.nearside.edge.http.ViewerRequest;
import dev.nearside.edge.route.Routed.Route;
import dev.nearside.model.behavior.AllowedMethods;
import dev.nearside.model.behavior.Behavior;
import dev.nearside.model.behavior.Caching;
import dev.nearside.model.behavior.PathPattern;
import dev.nearside.model.behavior.ViewerProtocolPolicy;
import dev.nearside.model.distribution.Distribution;
import dev.nearside.model.distribution.DistributionId;
import dev.nearside.model.distribution.GeoRestriction;
import dev.nearside.model.distribution.HostName;
import dev.nearside.model.origin.Origin;
import dev.nearside.model.origin.OriginId;
import dev.nearside.model.origin.OriginProtocolPolicy;
import dev.nearside.model.origin.Timeouts;
import dev.nearside.model.policy.CachePolicy;
import dev.nearside.model.policy.HeaderSelection;
import dev.nearside.model.policy.NameSelection;
import dev.nearside.model.policy.OriginRequestPolicy;
import dev.nearside.model.policy.Policies;
import dev.nearside.model.policy.PolicyId;
import dev.nearside.model.policy.Reuse;
import dev.nearside.model.policy.TtlBounds;
import dev.nearside.model.snapshot.Snapshot;
import dev.nearside.model.snapshot.SnapshotVersion;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Distributions, policies and requests for tests, written short.
public final class Sites {

    public static final Origin ORIGIN = new Origin(
            new OriginId("site"),
            "origin.example",
            "",
            List.of(),
            OriginProtocolPolicy.HTTP_ONLY,
            80,
            443,
            Timeouts.DEFAULT,
            Optional.empty());

    private Sites() {}

    /// A behavior of the policies `key` and, if there is one, `sent`.
    public static Behavior behavior(
            String pattern, ViewerProtocolPolicy protocol, AllowedMethods methods, boolean options) {
        return new Behavior(
                new PathPattern(pattern),
                ORIGIN.id(),
                protocol,
                methods,
                options,
                false,
                new Caching.ByPolicy(new PolicyId("key"), Optional.of(new PolicyId("sent"))),
                Optional.empty());
    }

    public static Behavior behavior(String pattern) {
        return behavior(pattern, ViewerProtocolPolicy.ALLOW_ALL, AllowedMethods.ALL, true);
    }

    public static Distribution distribution(String id, boolean enabled, String aliases, Behavior... behaviors) {
        return new Distribution(
                new DistributionId(id),
                id,
                "",
                enabled,
                Arrays.stream(aliases.split(" ", -1)).map(HostName::new).toList(),
                Optional.of("index.html"),
                List.of(ORIGIN),
                List.of(),
                List.of(),
                new GeoRestriction.None(),
                Optional.empty(),
                Optional.empty(),
                List.of(behaviors),
                behavior("*"));
    }

    public static RoutingTable table(CachePolicy key, OriginRequestPolicy sent, Distribution... distributions) {
        return RoutingTable.of(new Snapshot(
                new SnapshotVersion(1),
                "",
                List.of(distributions),
                new Policies(List.of(key), List.of(sent), List.of())));
    }

    public static final CachePolicy KEY_OF_PATH =
            key("", new NameSelection.None(), new NameSelection.None(), false, false);
    public static final OriginRequestPolicy SENDS_NOTHING =
            sent(new HeaderSelection.None(), new NameSelection.None(), new NameSelection.None());

    public static CachePolicy key(
            String headers, NameSelection cookies, NameSelection query, boolean gzip, boolean brotli) {
        return new CachePolicy(
                new PolicyId("key"),
                "key",
                false,
                new TtlBounds(Duration.ZERO, Duration.ofMinutes(1), Duration.ofHours(1)),
                headers.isEmpty() ? List.of() : List.of(headers.split(" ", -1)),
                cookies,
                query,
                gzip,
                brotli,
                Reuse.CAREFUL);
    }

    public static OriginRequestPolicy sent(HeaderSelection headers, NameSelection cookies, NameSelection query) {
        return new OriginRequestPolicy(new PolicyId("sent"), "sent", headers, cookies, query);
    }

    /// A selection written `none`, `all`, `a b` or `-a b` for all but those.
    public static NameSelection names(String written) {
        return switch (written) {
            case "none" -> new NameSelection.None();
            case "all" -> new NameSelection.All();
            default ->
                written.startsWith("-")
                        ? new NameSelection.AllExcept(
                                Set.of(written.substring(1).split(" ", -1)))
                        : new NameSelection.Only(Set.of(written.split(" ", -1)));
        };
    }

    /// Written `GET http://host/path?query`, with headers as alternating names and values.
    public static ViewerRequest request(String line, String... headers) {
        int space = line.indexOf(' ');
        int scheme = line.indexOf("://");
        int slash = line.indexOf('/', scheme + 3);
        int mark = line.indexOf('?', slash);
        var authority = line.substring(scheme + 3, slash);
        int port = authority.indexOf(':');
        return new ViewerRequest(
                line.substring(0, space),
                line.substring(space + 1, scheme),
                port < 0 ? authority : authority.substring(0, port),
                mark < 0 ? line.substring(slash) : line.substring(slash, mark),
                mark < 0 ? Optional.empty() : Optional.of(line.substring(mark + 1)),
                Headers.of(headers),
                "1.1",
                "192.0.2.7",
                4711,
                "req-1");
    }

    /// The same request, said in another version of HTTP/1.
    public static ViewerRequest ofVersion(String version, ViewerRequest asked) {
        return new ViewerRequest(
                asked.method(),
                asked.scheme(),
                asked.host(),
                asked.rawPath(),
                asked.rawQuery(),
                asked.headers(),
                version,
                asked.clientAddress(),
                asked.clientPort(),
                asked.id());
    }

    /// What became of a request: `METHOD_NOT_ALLOWED 403`, `301 https://…`, or a distribution and a pattern.
    static String written(Routed routed) {
        return switch (routed) {
            case Routed.Refused refused -> refused.why() + " " + refused.status();
            case Routed.Redirected(var status, var location) -> status + " " + location;
            case Route route ->
                route.distribution().id() + " " + route.behavior().pattern().value();
        };
    }

    /// The route of a request that is not refused, to a distribution `d` that answers `a.example`.
    public static Route route(CachePolicy key, OriginRequestPolicy sent, ViewerRequest request) {
        var routed = table(key, sent, distribution("d", true, "a.example")).route(request);
        if (routed instanceof Route route) return route;
        throw new IllegalArgumentException(routed + " (expected: a route)");
    }
}

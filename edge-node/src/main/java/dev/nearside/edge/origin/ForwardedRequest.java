package dev.nearside.edge.origin;

import dev.nearside.edge.http.Cookies;
import dev.nearside.edge.http.Headers;
import dev.nearside.edge.http.Headers.Field;
import dev.nearside.edge.http.HopByHop;
import dev.nearside.edge.http.QueryString;
import dev.nearside.edge.http.SurrogateControl;
import dev.nearside.edge.http.Validators;
import dev.nearside.edge.key.Selection;
import dev.nearside.edge.route.Routed.Route;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Exactly what an origin is sent (CF§5): what a policy selects, what every request carries, nothing else.
///
/// @param target path and query, as in a request line
/// @param headers `Host` among them; `Content-Length` only if the viewer sent a body of that length
public record ForwardedRequest(String method, String target, Headers headers) {

    /// Written by us, or never passed on, whatever a policy says.
    private static final Set<String> OURS = Set.of(
            "host",
            "cookie",
            "accept-encoding",
            "user-agent",
            "via",
            "x-forwarded-for",
            "cdn-loop",
            "surrogate-capability",
            "x-nearside-id",
            "x-amz-cf-id",
            "expect",
            "request-range");

    /// What only a proxy could say of the viewer; a viewer may not say it of itself.
    private static final Set<String> PROXY_WORDS =
            Set.of("x-forwarded-proto", "x-forwarded-host", "x-forwarded-port", "x-real-ip", "forwarded");

    /// What some frameworks take for another method or another path. Nobody may have such an answer stored for others.
    private static final Set<String> OVERRIDES =
            Set.of("x-http-method-override", "x-http-method", "x-method-override", "x-original-url", "x-rewrite-url");

    /// Without a body these say so (RFC 9110, section 8.6).
    private static final Set<String> MEANT_FOR_BODIES = Set.of("POST", "PUT", "PATCH");

    private static final Set<String> CONDITIONS =
            Set.of("if-match", "if-none-match", "if-modified-since", "if-unmodified-since", "if-range", "range");

    /// A request for the whole object, which the cache may keep: conditions and ranges are answered here.
    public static ForwardedRequest fetch(Route route, Selection selection, Hop hop) {
        return of(route, selection, hop, false, Validators.NONE);
    }

    /// The same, to be answered with 304 if what is stored is still good.
    public static ForwardedRequest revalidate(Route route, Selection selection, Hop hop, Validators stored) {
        return of(route, selection, hop, false, stored);
    }

    /// A request that the cache has no part in: the viewer's own conditions and range go along.
    public static ForwardedRequest pass(Route route, Selection selection, Hop hop) {
        return of(route, selection, hop, true, Validators.NONE);
    }

    /// The same request with one more header of ours.
    ForwardedRequest with(String name, String value) {
        return new ForwardedRequest(method, target, headers.with(name, value));
    }

    /// The name in `Host`, without port and brackets.
    Optional<String> hostName() {
        return headers.first("Host").map(ForwardedRequest::withoutPort);
    }

    private static String withoutPort(String authority) {
        if (authority.startsWith("[")) return authority.substring(1, Math.max(1, authority.indexOf(']')));
        int colon = authority.indexOf(':');
        return colon < 0 ? authority : authority.substring(0, colon);
    }

    private static ForwardedRequest of(
            Route route, Selection selection, Hop hop, boolean conditions, Validators stored) {
        var request = route.request();
        var viewer = request.headers();
        var selectors = route.selectors();
        var fixed = fixedNames(route);
        var sent = new ArrayList<Field>(viewer.fields().size() + 8);

        add(sent, fixed, "Host", host(route));
        addViewerFields(sent, fixed, route, conditions);
        if (!request.hasBody() && MEANT_FOR_BODIES.contains(request.method())) {
            add(sent, fixed, "Content-Length", "0");
        }
        var coding = selectors.codings()
                ? selection.coding().sent()
                : viewer.joined("Accept-Encoding").filter(_ -> selectors.sendsHeader("accept-encoding"));
        coding.ifPresent(value -> add(sent, fixed, "Accept-Encoding", value));
        if (selectors.sendsCookies()) {
            Cookies.of(viewer)
                    .select(selectors::sendsCookie)
                    .written()
                    .ifPresent(value -> add(sent, fixed, "Cookie", value));
        }
        add(
                sent,
                fixed,
                "User-Agent",
                viewer.first("User-Agent")
                        .filter(_ -> selectors.sendsHeader("user-agent"))
                        .orElse("nearside"));
        add(sent, fixed, "Via", appended(viewer.joined("Via"), hop.via(request.httpVersion())));
        add(sent, fixed, "X-Forwarded-For", request.forwardedFor());
        add(
                sent,
                fixed,
                CdnLoop.NAME,
                CdnLoop.appended(
                        viewer.joined(CdnLoop.NAME), route.distribution().id()));
        add(sent, fixed, "X-Nearside-Id", request.id());
        if (!conditions) add(sent, fixed, "Surrogate-Capability", SurrogateControl.CAPABILITY);
        for (var header : route.origin().customHeaders()) sent.add(new Field(header.name(), header.value()));
        stored.etag().ifPresent(tag -> sent.add(new Field("If-None-Match", tag)));
        stored.lastModified().ifPresent(date -> sent.add(new Field("If-Modified-Since", date)));
        return new ForwardedRequest(request.method(), target(route), new Headers(sent));
    }

    private static void addViewerFields(List<Field> sent, Set<String> fixed, Route route, boolean conditions) {
        var viewer = route.request().headers();
        var hopByHop = HopByHop.names(viewer);
        boolean body = route.request().hasBody();
        for (var field : viewer.fields()) {
            var name = field.name().toLowerCase(Locale.ROOT);
            if (OURS.contains(name) || hopByHop.contains(name) || fixed.contains(name)) continue;
            if (name.startsWith("x-edge-")) continue;
            if (PROXY_WORDS.contains(name)) continue;
            if (!conditions && OVERRIDES.contains(name) && route.selectors().isOutsideKey(name)) continue;
            boolean goes = switch (name) {
                case "authorization" -> sendsAuthorization(route);
                case "content-type",
                        "content-length",
                        "content-encoding",
                        "content-language",
                        "content-disposition",
                        "content-md5",
                        "content-digest" -> body;
                default ->
                    CONDITIONS.contains(name) ? conditions : route.selectors().sendsHeader(name);
            };
            if (goes) sent.add(field);
        }
    }

    /// Requests that are never cached keep it; others only where a policy wants it (CF§3.6).
    private static boolean sendsAuthorization(Route route) {
        return !route.cachesMethod() || route.selectors().sendsHeader("authorization");
    }

    private static String host(Route route) {
        var request = route.request();
        if (!route.selectors().sendsHeader("host")) {
            return OriginAddress.of(route.origin(), request.scheme()).authority();
        }
        return request.authority();
    }

    private static String target(Route route) {
        var path = route.origin().path() + route.request().rawPath();
        var query = route.request().rawQuery();
        if (!route.selectors().sendsWholeQuery()) {
            query = QueryString.select(query, route.selectors()::sendsParameter);
        }
        return query.map(text -> path + "?" + text).orElse(path);
    }

    /// Lower-case names of the headers that the operator fixed for this origin.
    private static Set<String> fixedNames(Route route) {
        var headers = route.origin().customHeaders();
        if (headers.isEmpty()) return Set.of();
        var names = new HashSet<String>();
        for (var header : headers) names.add(header.name().toLowerCase(Locale.ROOT));
        return names;
    }

    private static void add(List<Field> sent, Set<String> fixed, String name, String value) {
        if (fixed.isEmpty() || !fixed.contains(name.toLowerCase(Locale.ROOT))) sent.add(new Field(name, value));
    }

    private static String appended(Optional<String> said, String entry) {
        return said.filter(text -> !text.isBlank())
                .map(text -> text + ", " + entry)
                .orElse(entry);
    }
}

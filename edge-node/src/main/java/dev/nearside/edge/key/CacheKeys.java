package dev.nearside.edge.key;

import dev.nearside.edge.http.Headers;
import dev.nearside.edge.http.LogPosition;
import dev.nearside.edge.http.Sliced;
import dev.nearside.edge.http.StoredResponse;
import dev.nearside.edge.http.Variants;
import dev.nearside.edge.http.ViewerRequest;
import dev.nearside.edge.key.CacheKey.Target;
import dev.nearside.edge.route.Routed.Route;
import dev.nearside.edge.route.Selectors;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/// Makes keys. Each part is written with its kind and its length, so that no two requests run into one
/// another; the selection's own shape is a part, so that no two policies do.
///
/// Two viewers who share a key share a body: a part forgotten here hands one viewer's page to another.
public final class CacheKeys {

    private CacheKeys() {}

    public static CacheKey of(Route route) {
        return of(route, Selection.of(route));
    }

    public static CacheKey of(Route route, Selection selection) {
        var request = route.request();
        var parts = new Parts();
        parts.add('d', route.distribution().id().value());
        if (request.is("OPTIONS")) parts.add('m', "OPTIONS");
        parts.add('s', route.selectors().shape());
        if (route.selectors().sendsHeader("host")) port(request).ifPresent(port -> parts.add('o', port));
        parts.add('p', request.rawPath());
        selection.query().ifPresent(query -> parts.add('q', query));
        selection.coding().keyed().ifPresent(coding -> parts.add('e', coding));
        for (var header : selection.headers()) parts.add('h', header.name(), 'v', header.value());
        selection.cookies().ifPresent(cookies -> parts.add('c', cookies));
        return CacheKey.taking(parts.bytes(), target(route, selection));
    }

    /// What an origin that sees `Host` may write into its answers; any port will do to reach us, so a viewer could
    /// choose it for all others.
    public static Optional<String> port(ViewerRequest request) {
        var authority = request.authority();
        int host = request.host().length();
        return authority.length() > host ? Optional.of(authority.substring(host)) : Optional.empty();
    }

    /// The key of one variant (RFC 9111, section 4.1).
    ///
    /// @param sent the request's headers as they go to the origin: what it cannot see cannot make a difference
    public static CacheKey variant(CacheKey primary, Variants variants, Headers sent) {
        var parts = new Parts();
        for (var name : variants.on())
            parts.add('x', name, 'y', sent.joined(name).map(value -> SelectingField.normalised(name, value)));
        return joined(primary, parts);
    }

    private static CacheKey joined(CacheKey primary, Parts parts) {
        var first = primary.bytes();
        var second = parts.bytes();
        var bytes = ByteBuffer.allocate(first.length + second.length)
                .put(first)
                .put(second)
                .array();
        return CacheKey.taking(bytes, primary.target());
    }

    /// The key of one slice: of one version, so that slices of two are never taken for one body.
    ///
    /// @param under the key, or the variant's, that the head lies under
    public static CacheKey slice(CacheKey under, Sliced.Version version, long index) {
        var parts = new Parts();
        parts.add('V', version.validator().text());
        parts.add('T', Long.toString(version.total()));
        parts.add('I', Long.toString(index));
        return joined(under, parts);
    }

    /// The variants that a response to this key adds to those already known; empty if the key alone tells
    /// such responses apart.
    public static Optional<Variants> variants(
            Optional<Variants> known, StoredResponse response, Selectors selectors, LogPosition position) {
        var on = new TreeSet<>(outsideKey(response, selectors));
        if (on.isEmpty()) return Optional.empty();
        known.ifPresent(variants -> on.addAll(variants.on()));
        return Optional.of(new Variants(List.copyOf(on), position));
    }

    /// Whether a response found under a key, or under a variant on these names, may be meant for the request:
    /// a policy may since send the origin headers that nobody told apart when it was stored.
    public static boolean covers(StoredResponse response, List<String> on, Selectors selectors) {
        return response.told().vary().isEmpty() || on.containsAll(outsideKey(response, selectors));
    }

    private static List<String> outsideKey(StoredResponse response, Selectors selectors) {
        var names = new ArrayList<String>(1);
        for (var name : response.told().vary()) if (selectors.isOutsideKey(name)) names.add(name);
        return names;
    }

    private static Target target(Route route, Selection selection) {
        var path = route.path();
        var id = route.distribution().id().value();
        if (selection.query().isEmpty()) return new Target(id, path.raw(), path.normal());
        var query = "?" + selection.query().get();
        return new Target(id, path.raw() + query, path.normal() + query);
    }

    /// Bytes in the making.
    private static final class Parts {
        private ByteBuffer buffer = ByteBuffer.allocate(512);

        void add(char kind, String text) {
            var bytes = text.getBytes(StandardCharsets.UTF_8);
            int needed = buffer.position() + 5 + bytes.length;
            if (needed > buffer.capacity()) {
                buffer = ByteBuffer.allocate(Math.max(needed, 2 * buffer.capacity()))
                        .put(buffer.flip());
            }
            buffer.put((byte) kind).putInt(bytes.length).put(bytes);
        }

        /// A name, and its value if there is one.
        void add(char kind, String name, char valueKind, Optional<String> value) {
            add(kind, name);
            if (value.isPresent()) add(valueKind, value.get());
        }

        byte[] bytes() {
            var bytes = new byte[buffer.position()];
            buffer.flip().get(bytes);
            return bytes;
        }
    }
}

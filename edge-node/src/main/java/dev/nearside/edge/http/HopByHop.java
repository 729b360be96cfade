package dev.nearside.edge.http;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/// Fields that speak about one connection and end with it (RFC 9110, section 7.6.1).
public final class HopByHop {

    private static final Set<String> NAMES = Set.of(
            "connection",
            "keep-alive",
            "proxy-authenticate",
            "proxy-authentication-info",
            "proxy-authorization",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "http2-settings");

    private HopByHop() {}

    /// The headers without those fields, and without those that `Connection` names.
    public static Headers strip(Headers headers) {
        var names = names(headers);
        return headers.withoutAny(names);
    }

    /// Lower-case names of all such fields of these headers.
    public static Set<String> names(Headers headers) {
        Set<String> named = null;
        for (var field : headers.fields()) {
            if (!field.is("Connection")) continue;
            for (var token : field.value().split(",", -1)) {
                var lower = token.strip().toLowerCase(Locale.ROOT);
                if (lower.isEmpty() || NAMES.contains(lower)) continue;
                if (named == null) named = new HashSet<>(NAMES);
                named.add(lower);
            }
        }
        return named == null ? NAMES : named;
    }
}

package dev.nearside.edge.explain;

import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Values of headers as they may be shown: whoever may ask for an explanation need not know the viewers' secrets, or
/// those that an operator shares with an origin.
final class Masked {

    private static final Set<String> CREDENTIALS = Set.of("authorization", "proxy-authorization");

    private Masked() {}

    /// Cookies keep their names.
    static String value(String header, String value) {
        var name = header.toLowerCase(Locale.ROOT);
        if (CREDENTIALS.contains(name)) return "(hidden)";
        return name.equals("cookie") ? cookies(value) : value;
    }

    static String cookies(String value) {
        return Stream.of(value.split(";", -1))
                .map(String::strip)
                .filter(cookie -> !cookie.isEmpty())
                .map(cookie -> cookie.indexOf('=') < 0 ? "…" : cookie.substring(0, cookie.indexOf('=')) + "=…")
                .collect(Collectors.joining("; "));
    }
}

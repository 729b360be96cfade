package dev.nearside.edge.http;

import java.util.Optional;
import java.util.function.Predicate;

/// The query of a URL, split at `&` only; names and values are never decoded (CF§2.3).
public final class QueryString {

    private QueryString() {}

    /// The parameters whose names are kept, in the viewer's order, repetitions included; empty if none is left.
    public static Optional<String> select(Optional<String> raw, Predicate<String> kept) {
        if (raw.isEmpty()) return raw;
        var query = raw.get();
        var selected = new StringBuilder(query.length());
        boolean any = false;
        int at = 0;
        while (at <= query.length()) {
            int and = query.indexOf('&', at);
            int end = and < 0 ? query.length() : and;
            if (end > at) {
                int equals = query.indexOf('=', at);
                var name = query.substring(at, equals < 0 || equals > end ? end : equals);
                if (kept.test(name)) {
                    if (any) selected.append('&');
                    selected.append(query, at, end);
                    any = true;
                }
            }
            at = end + 1;
        }
        return any ? Optional.of(selected.toString()) : Optional.empty();
    }
}

package dev.nearside.edge.http;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// The cookies of a request, sorted by name (CF§2.3).
///
/// Names that begin with `$` are dropped; so is a `Cookie` line that is not a list of `name=value`.
public record Cookies(List<Cookie> list) {

    public static final Cookies NONE = new Cookies(List.of());

    /// One cookie; name and value compared as they are.
    public record Cookie(String name, String value) {}

    public Cookies {
        list = List.copyOf(list);
    }

    public static Cookies of(Headers request) {
        var found = new ArrayList<Cookie>();
        for (var field : request.fields()) if (field.is("Cookie")) addLine(field.value(), found);
        if (found.isEmpty()) return NONE;
        found.sort(Comparator.comparing(Cookie::name)); // stable: equal names keep their order
        return new Cookies(found);
    }

    private static void addLine(String line, List<Cookie> found) {
        var cookies = new ArrayList<Cookie>();
        int at = 0;
        while (at < line.length()) {
            int semicolon = line.indexOf(';', at);
            int end = semicolon < 0 ? line.length() : semicolon;
            var pair = line.substring(at, end).strip();
            at = end + 1;
            if (pair.isEmpty()) continue;
            int equals = pair.indexOf('=');
            if (equals <= 0) return;
            var name = pair.substring(0, equals);
            if (!name.startsWith("$")) cookies.add(new Cookie(name, pair.substring(equals + 1)));
        }
        found.addAll(cookies);
    }

    public Cookies select(Predicate<String> kept) {
        return new Cookies(
                list.stream().filter(cookie -> kept.test(cookie.name())).toList());
    }

    /// As the value of a `Cookie` header; empty if there is no cookie.
    public Optional<String> written() {
        if (list.isEmpty()) return Optional.empty();
        var text = new StringBuilder();
        for (var cookie : list) {
            if (!text.isEmpty()) text.append("; ");
            text.append(cookie.name()).append('=').append(cookie.value());
        }
        return Optional.of(text.toString());
    }
}

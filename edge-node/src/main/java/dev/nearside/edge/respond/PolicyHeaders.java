package dev.nearside.edge.respond;

import dev.nearside.edge.http.Headers;
import dev.nearside.edge.http.Headers.Field;
import dev.nearside.edge.http.ViewerRequest;
import dev.nearside.model.policy.ResponseHeadersPolicy;
import dev.nearside.model.policy.ResponseHeadersPolicy.Cors;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Applies a response headers policy: first remove, then add (CF§6).
final class PolicyHeaders {

    private static final String ALL_METHODS = "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT";

    private PolicyHeaders() {}

    /// Changes the fields in place.
    static void apply(ResponseHeadersPolicy policy, ViewerRequest request, List<Field> fields) {
        if (!policy.remove().isEmpty()) {
            fields.removeIf(field -> policy.remove().contains(field.name().toLowerCase(Locale.ROOT)));
        }
        policy.cors().ifPresent(cors -> cors(cors, request, fields));
        for (var header : policy.security()) add(header, fields);
        for (var header : policy.custom()) add(header, fields);
    }

    private static void add(ResponseHeadersPolicy.Header header, List<Field> fields) {
        if (header.override()) fields.removeIf(field -> field.is(header.name()));
        else if (has(fields, header.name())) return;
        fields.add(new Field(header.name(), header.value()));
    }

    private static void cors(Cors cors, ViewerRequest request, List<Field> fields) {
        boolean any = cors.allowOrigins().contains("*");
        // What a browser may see depends on who asks: caches behind us must know, also where the answer is no, and
        // where nobody has asked yet.
        if (!any) vary(fields);
        var origin = request.headers().first("Origin");
        if (origin.isEmpty()) return;
        if (!any && !isAllowed(cors, origin.get())) return;
        if (cors.override()) fields.removeIf(PolicyHeaders::isCors);
        else if (hasCors(fields)) return;

        put(fields, "Access-Control-Allow-Origin", any ? "*" : origin.get());
        if (cors.allowCredentials()) put(fields, "Access-Control-Allow-Credentials", "true");
        if (!cors.exposeHeaders().isEmpty()) {
            put(fields, "Access-Control-Expose-Headers", String.join(", ", cors.exposeHeaders()));
        }
        if (!request.is("OPTIONS") || !request.headers().has("Access-Control-Request-Method")) return;
        if (!cors.allowMethods().isEmpty()) {
            put(
                    fields,
                    "Access-Control-Allow-Methods",
                    cors.allowMethods().contains("ALL")
                            ? ALL_METHODS
                            : String.join(
                                    ", ", cors.allowMethods().stream().sorted().toList()));
        }
        allowHeaders(cors, request.headers()).ifPresent(names -> put(fields, "Access-Control-Allow-Headers", names));
        cors.maxAgeSeconds().ifPresent(seconds -> put(fields, "Access-Control-Max-Age", Long.toString(seconds)));
    }

    private static boolean isAllowed(Cors cors, String origin) {
        for (var pattern : cors.allowOrigins()) if (AllowedOrigin.matches(pattern, origin)) return true;
        return false;
    }

    /// A name with a wildcard inside allows those of the asked names that it matches. A lone `*` is the browser's to
    /// understand; it never means `Authorization`, which has to be named beside it.
    private static Optional<String> allowHeaders(Cors cors, Headers request) {
        var names = new ArrayList<String>();
        for (var allowed : cors.allowHeaders()) {
            int star = allowed.indexOf('*');
            if (star < 0 || allowed.length() == 1) {
                names.add(allowed);
                continue;
            }
            for (var asked :
                    request.joined("Access-Control-Request-Headers").orElse("").split(",", -1)) {
                var name = asked.strip();
                if (!name.isEmpty() && matches(allowed, star, name)) names.add(name);
            }
        }
        return names.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", names));
    }

    private static boolean matches(String pattern, int star, String name) {
        int tail = pattern.length() - star - 1;
        return name.length() >= pattern.length() - 1
                && name.regionMatches(true, 0, pattern, 0, star)
                && name.regionMatches(true, name.length() - tail, pattern, star + 1, tail);
    }

    private static void vary(List<Field> fields) {
        for (var field : fields) {
            if (field.is("Vary")) {
                for (var name : field.value().split(",", -1)) {
                    if (name.strip().equalsIgnoreCase("Origin") || name.strip().equals("*")) return;
                }
            }
        }
        fields.add(new Field("Vary", "Origin"));
    }

    private static void put(List<Field> fields, String name, String value) {
        fields.add(new Field(name, value));
    }

    private static boolean hasCors(List<Field> fields) {
        for (var field : fields) if (isCors(field)) return true;
        return false;
    }

    private static boolean isCors(Field field) {
        return field.name().regionMatches(true, 0, "Access-Control-", 0, 15);
    }

    private static boolean has(List<Field> fields, String name) {
        for (var field : fields) if (field.is(name)) return true;
        return false;
    }
}

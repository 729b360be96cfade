package dev.nearside.edge.http;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// What an answer refers to, if it lies on the host that was asked (RFC 9111, section 4.4).
public final class SameHost {

    /// What would make it a request with a body, as the one that made the change was.
    private static final Set<String> OF_A_BODY = Set.of("content-length", "transfer-encoding");

    private SameHost() {}

    /// The request that a viewer would make for a reference (RFC 3986, section 5.2); empty if it leads elsewhere, or
    /// nowhere.
    public static Optional<ViewerRequest> of(ViewerRequest request, String reference) {
        var text = upTo(reference.strip(), '#');
        var path = text;
        if (isAbsolute(text) || text.startsWith("//")) {
            int start = text.indexOf("//");
            if (start < 0) return Optional.empty();
            int end = firstOf(text, start + 2);
            if (!host(text.substring(start + 2, end)).equals(request.host())) return Optional.empty();
            path = text.substring(end);
        } else if (text.isEmpty() || text.startsWith("?")) {
            path = request.rawPath() + text;
        } else if (!text.startsWith("/")) {
            path = request.rawPath().substring(0, request.rawPath().lastIndexOf('/') + 1) + text;
        }
        int mark = path.indexOf('?');
        var bare = mark < 0 ? path : path.substring(0, mark);
        var query = mark < 0 ? Optional.<String>empty() : Optional.of(path.substring(mark + 1));
        return Optional.of(new ViewerRequest(
                "GET",
                request.scheme(),
                request.host(),
                withoutDots(bare.isEmpty() ? "/" : bare),
                query,
                request.headers().withoutAny(OF_A_BODY),
                request.httpVersion(),
                request.clientAddress(),
                request.clientPort(),
                request.id()));
    }

    /// Whether it begins with a scheme.
    private static boolean isAbsolute(String text) {
        int colon = text.indexOf(':');
        return colon > 0 && colon < firstOf(text, 0);
    }

    private static int firstOf(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '/' || c == '?') return i;
        }
        return text.length();
    }

    private static String host(String authority) {
        var named = authority.substring(authority.lastIndexOf('@') + 1).toLowerCase(Locale.ROOT);
        int colon = named.lastIndexOf(':');
        return colon > named.lastIndexOf(']') ? named.substring(0, colon) : named;
    }

    /// As a viewer resolves it (RFC 3986, section 5.2.4).
    private static String withoutDots(String path) {
        if (!path.contains("/.")) return path;
        var kept = new StringBuilder(path.length());
        int start = 1;
        while (start <= path.length()) {
            int slash = path.indexOf('/', start);
            int end = slash < 0 ? path.length() : slash;
            var segment = path.substring(start, end);
            boolean last = slash < 0;
            if (segment.equals("..")) kept.setLength(Math.max(0, kept.lastIndexOf("/")));
            else if (!segment.equals(".")) kept.append('/').append(segment);
            if (last && (segment.equals(".") || segment.equals(".."))) kept.append('/');
            start = end + 1;
        }
        return kept.isEmpty() ? "/" : kept.toString();
    }

    private static String upTo(String text, char end) {
        int at = text.indexOf(end);
        return at < 0 ? text : text.substring(0, at);
    }
}

package dev.nearside.edge.origin;

import dev.nearside.edge.http.Headers;
import dev.nearside.edge.route.Routed.Route;

/// Whether a viewer asks to talk to an origin in WebSocket frames (RFC 6455, CF§10.5).
public final class WebSocketRequest {

    private WebSocketRequest() {}

    /// The viewer asks, and its policy lets the origin see what it must see to agree. Else the request is one like any
    /// other, and `Upgrade` ends here.
    public static boolean is(Route route) {
        var request = route.request();
        var headers = request.headers();
        return request.is("GET")
                && request.httpVersion().equals("1.1")
                && names(headers, "Upgrade", "websocket")
                && names(headers, "Connection", "upgrade")
                && forwards(route, "Sec-WebSocket-Key", "sec-websocket-key")
                && forwards(route, "Sec-WebSocket-Version", "sec-websocket-version");
    }

    private static boolean forwards(Route route, String name, String lowerCaseName) {
        return route.request().headers().has(name) && route.selectors().sendsHeader(lowerCaseName);
    }

    private static boolean names(Headers headers, String field, String word) {
        var said = headers.joined(field);
        if (said.isEmpty()) return false;
        for (var part : said.get().split(",", -1)) if (part.strip().equalsIgnoreCase(word)) return true;
        return false;
    }
}

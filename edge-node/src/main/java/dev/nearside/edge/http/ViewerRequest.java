package dev.nearside.edge.http;

import java.util.Locale;
import java.util.Optional;

/// What a viewer asked for, well formed and free of any transport.
///
/// @param method as sent; methods are case-sensitive
/// @param scheme `http` or `https`
/// @param host in lower case, without the port
/// @param rawPath exactly as sent, without the query; begins with `/`
/// @param rawQuery exactly as sent, without the `?`; empty if there is no `?`
/// @param httpVersion `1.0`, `1.1`, `2.0`
/// @param clientAddress of the peer, or of whom a trusted proxy speaks for, as text
/// @param id of the request, for the log, the viewer and the origin
public record ViewerRequest(
        String method,
        String scheme,
        String host,
        String rawPath,
        Optional<String> rawQuery,
        Headers headers,
        String httpVersion,
        String clientAddress,
        int clientPort,
        String id) {

    public boolean is(String other) {
        return method.equals(other);
    }

    /// The host with the port that the viewer named, in lower case.
    public String authority() {
        return headers.first("Host")
                .map(named -> named.toLowerCase(Locale.ROOT))
                .orElse(host);
    }

    /// What an origin is told in `X-Forwarded-For`: the addresses along the way, the peer's last. The door leaves that
    /// header on a request only where a trusted proxy sent it.
    public String forwardedFor() {
        return headers.first("X-Forwarded-For").orElse(clientAddress);
    }

    public boolean isGetOrHead() {
        return is("GET") || is("HEAD");
    }

    /// Whether the framing announces a body that is not empty.
    public boolean hasBody() {
        return headers.has("Transfer-Encoding")
                || headers.first("Content-Length")
                        .filter(length -> !length.equals("0"))
                        .isPresent();
    }

    /// The same request with these headers.
    public ViewerRequest with(Headers other) {
        return new ViewerRequest(
                method, scheme, host, rawPath, rawQuery, other, httpVersion, clientAddress, clientPort, id);
    }

    /// The same request for another path.
    public ViewerRequest at(String path) {
        return new ViewerRequest(
                method, scheme, host, path, rawQuery, headers, httpVersion, clientAddress, clientPort, id);
    }

    /// The same request in other hands.
    public ViewerRequest from(String address, int port, String otherId) {
        return new ViewerRequest(method, scheme, host, rawPath, rawQuery, headers, httpVersion, address, port, otherId);
    }

    /// A request with the same field lines and method, for something else and from somebody else.
    public ViewerRequest asking(String path, Optional<String> query, String address, int port) {
        return new ViewerRequest(method, scheme, host, path, query, headers, httpVersion, address, port, id);
    }
}

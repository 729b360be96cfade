package dev.nearside.edge.accept;

import io.netty.util.AttributeKey;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.Optional;

/// How a viewer's connection is encrypted.
///
/// @param protocol as `TLSv1.3`
/// @param cipher by the name that IANA has registered
public record ViewerTls(String protocol, String cipher) {

    private static final AttributeKey<Boolean> ASKED = AttributeKey.valueOf(ViewerTls.class, "asked");

    /// Empty in clear text.
    public static Optional<ViewerTls> of(HttpConnection connection) {
        if (!connection.isSsl()) return Optional.empty();
        var session = connection.sslSession();
        return session == null
                ? Optional.empty()
                : Optional.of(new ViewerTls(session.getProtocol(), session.getCipherSuite()));
    }

    /// As `CloudFront-Viewer-TLS` tells it (CF§7): `version:cipher:handshake`.
    ///
    /// The first request of a connection that asks has `fullHandshake`, those after it `connectionReused`; the
    /// transport does not say whether a session was resumed.
    String told(HttpServerRequest transport) {
        return protocol + ":" + cipher + ":" + (isReused(transport) ? "connectionReused" : "fullHandshake");
    }

    private static boolean isReused(HttpServerRequest transport) {
        return transport.connection() instanceof ConnectionBase connection
                && connection.channel().attr(ASKED).getAndSet(true) != null;
    }
}

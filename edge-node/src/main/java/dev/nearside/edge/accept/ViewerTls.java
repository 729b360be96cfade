package dev.nearside.edge.accept;

import io.netty.util.AttributeKey;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.Optional;

/// How a viewer's connection is encrypted, as `CloudFront-Viewer-TLS` tells it (CF§7): `version:cipher:handshake`.
///
/// The handshake is `fullHandshake` for the first request of a connection that asks, `connectionReused` for those after
/// it; the transport does not say whether a session was resumed.
final class ViewerTls {

    private static final AttributeKey<Boolean> ASKED = AttributeKey.valueOf(ViewerTls.class, "asked");

    private ViewerTls() {}

    static Optional<String> of(HttpServerRequest transport) {
        var session = transport.sslSession();
        if (session == null) return Optional.empty();
        return Optional.of(session.getProtocol() + ":" + session.getCipherSuite() + ":"
                + (isReused(transport) ? "connectionReused" : "fullHandshake"));
    }

    private static boolean isReused(HttpServerRequest transport) {
        return transport.connection() instanceof ConnectionBase connection
                && connection.channel().attr(ASKED).getAndSet(true) != null;
    }
}

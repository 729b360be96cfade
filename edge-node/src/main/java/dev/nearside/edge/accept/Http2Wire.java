package dev.nearside.edge.accept;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AttributeKey;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;

/// One viewer's HTTP/2 connection below the requests: refuses what the transport passes over, and remembers whether a
/// body follows the head that is being read,
/// which the transport tells only after the request has been served.
public final class Http2Wire {

    private static final AttributeKey<Boolean> BODY_FOLLOWS = AttributeKey.valueOf(Http2Wire.class, "bodyFollows");

    private Http2Wire() {}

    /// Watches a new connection; other protocols are left alone.
    public static void guard(HttpConnection connection) {
        if (!(connection instanceof ConnectionBase base)) return;
        var handler = base.channel().pipeline().get(Http2ConnectionHandler.class);
        if (handler == null) return;
        handler.decoder().frameListener(new Heads(handler.decoder().frameListener()));
    }

    /// Whether the head that is being served on this connection is followed by a body. Asked for while it is served.
    static boolean bodyFollows(HttpConnection connection) {
        return connection instanceof ConnectionBase base
                && Boolean.TRUE.equals(base.channel().attr(BODY_FOLLOWS).get());
    }

    private static final class Heads extends Http2FrameListenerDecorator {

        Heads(Http2FrameListener listener) {
            super(listener);
        }

        /// What an extended CONNECT would name was never offered (RFC 8441, section 3).
        private static void read(ChannelHandlerContext context, int stream, Http2Headers headers, boolean ends)
                throws Http2Exception {
            if (headers.contains(":protocol")) {
                throw Http2Exception.streamError(stream, Http2Error.PROTOCOL_ERROR, "extended CONNECT was not offered");
            }
            context.channel().attr(BODY_FOLLOWS).set(!ends);
        }

        @Override
        public void onHeadersRead(
                ChannelHandlerContext context, int stream, Http2Headers headers, int padding, boolean ends)
                throws Http2Exception {
            read(context, stream, headers, ends);
            super.onHeadersRead(context, stream, headers, padding, ends);
        }

        @Override
        public void onHeadersRead(
                ChannelHandlerContext context,
                int stream,
                Http2Headers headers,
                int dependency,
                short weight,
                boolean exclusive,
                int padding,
                boolean ends)
                throws Http2Exception {
            read(context, stream, headers, ends);
            super.onHeadersRead(context, stream, headers, dependency, weight, exclusive, padding, ends);
        }
    }
}

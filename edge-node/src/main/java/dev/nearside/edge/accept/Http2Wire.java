package dev.nearside.edge.accept;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AttributeKey;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// One viewer's HTTP/2 connection below the requests: refuses what the transport passes over, and remembers whether a
/// body follows the head that is being read, which the transport tells only after the request has been served.
public final class Http2Wire {

    private static final AttributeKey<Boolean> BODY_FOLLOWS = AttributeKey.valueOf(Http2Wire.class, "bodyFollows");

    private static final AttributeKey<DecoderResult> MARK = AttributeKey.valueOf(Http2Wire.class, "mark");

    private static final Duration FOR_LAST_WORDS = Duration.ofSeconds(2);

    private Http2Wire() {}

    /// Watches a new connection; other protocols are left alone.
    ///
    /// @param leaving whether the node is about to stop
    /// @param shortcut is asked before a request is served, and may answer by itself
    public static void guard(HttpConnection connection, BooleanSupplier leaving, StreamShortcut shortcut) {
        if (!(connection instanceof ConnectionBase base)) return;
        var handler = base.channel().pipeline().get(Http2ConnectionHandler.class);
        if (handler == null) return;
        handler.decoder()
                .frameListener(new Heads(handler.decoder().frameListener(), handler.encoder(), leaving, shortcut));
        base.channel().pipeline().addFirst(new Leaving(leaving));
    }

    /// Whether the head that is being served on this connection is followed by a body. Asked for while it is served.
    static boolean bodyFollows(HttpConnection connection) {
        return connection instanceof ConnectionBase base
                && Boolean.TRUE.equals(base.channel().attr(BODY_FOLLOWS).get());
    }

    /// How the shortcut has marked the head that is being served on this connection. Asked for while it is served.
    static @Nullable DecoderResult mark(HttpConnection connection) {
        return connection instanceof ConnectionBase base
                ? base.channel().attr(MARK).get()
                : null;
    }

    /// Ends a connection of a node that stops so that its last answer arrives: a socket that is closed while frames of
    /// the viewer lie unread resets the connection, and what was on its way is lost.
    private static final class Leaving extends ChannelDuplexHandler {

        private final BooleanSupplier leaving;
        private boolean ending;

        Leaving(BooleanSupplier leaving) {
            this.leaving = leaving;
        }

        @Override
        public void close(ChannelHandlerContext context, ChannelPromise promise) {
            var channel = context.channel();
            boolean gently = leaving.getAsBoolean() && !ending && channel.isActive();
            if (!gently || !(channel instanceof DuplexChannel duplex)) {
                var _ = context.close(promise);
                return;
            }
            ending = true;
            channel.closeFuture().addListener(_ -> promise.trySuccess());
            var _ = duplex.shutdownOutput();
            channel.config().setAutoRead(true);
            Runnable end = () -> {
                var _ = context.close();
            };
            var last = context.executor().schedule(end, FOR_LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS);
            channel.closeFuture().addListener(_ -> last.cancel(false));
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (ending) ReferenceCountUtil.release(message);
            else context.fireChannelRead(message);
        }
    }

    private static final class Heads extends Http2FrameListenerDecorator {

        private final Http2ConnectionEncoder encoder;
        private final BooleanSupplier leaving;
        private final StreamShortcut shortcut;
        private final ByteBuf fields = Unpooled.buffer(512, KnownHeads.LONGEST);
        private int newest;

        Heads(
                Http2FrameListener listener,
                Http2ConnectionEncoder encoder,
                BooleanSupplier leaving,
                StreamShortcut shortcut) {
            super(listener);
            this.encoder = encoder;
            this.leaving = leaving;
            this.shortcut = shortcut;
        }

        /// What an extended CONNECT would name was never offered (RFC 8441, section 3).
        ///
        /// @return whether the request has its answer
        private boolean read(ChannelHandlerContext context, int stream, Http2Headers headers, boolean ends)
                throws Http2Exception {
            if (headers.contains(":protocol")) {
                throw Http2Exception.streamError(stream, Http2Error.PROTOCOL_ERROR, "extended CONNECT was not offered");
            }
            boolean known = isFirst(stream) && ends && !leaving.getAsBoolean() && gather(headers);
            if (known && shortcut.answer(fields, context, encoder, stream)) return true;
            context.channel().attr(BODY_FOLLOWS).set(!ends);
            context.channel().attr(MARK).set(known ? shortcut.mark(fields) : null);
            return false;
        }

        /// What comes behind a body has no answer of its own; new streams have ever higher numbers (RFC 9113, section
        /// 5.1.1).
        private boolean isFirst(int stream) {
            if (stream <= newest) return false;
            newest = stream;
            return true;
        }

        /// Writes all fields down, each behind its lengths; false if they are too many to be known.
        private boolean gather(Http2Headers headers) {
            fields.clear();
            for (var field : headers) {
                var name = field.getKey();
                var value = field.getValue();
                if (fields.maxWritableBytes() < 4 + name.length() + value.length()) return false;
                fields.writeShort(name.length()).writeShort(value.length());
                fields.writeCharSequence(name, StandardCharsets.ISO_8859_1);
                fields.writeCharSequence(value, StandardCharsets.ISO_8859_1);
            }
            return true;
        }

        @Override
        public void onHeadersRead(
                ChannelHandlerContext context, int stream, Http2Headers headers, int padding, boolean ends)
                throws Http2Exception {
            if (read(context, stream, headers, ends)) return;
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
            if (read(context, stream, headers, ends)) return;
            super.onHeadersRead(context, stream, headers, dependency, weight, exclusive, padding, ends);
        }
    }
}
